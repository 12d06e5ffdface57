/** The maximum length of a text, counted like the API does. */
export interface TextLimit {
  /** The beginning of a sentence about it. */
  readonly subject: string;
  readonly most: number;
  readonly unit: 'character' | 'byte';
  /** Whether white space at both ends does not count. */
  readonly isTrimmed: boolean;
}

export const limits = {
  title: { subject: 'The title is', most: 500, unit: 'character', isTrimmed: true },
  description: { subject: 'The notes are', most: 20_000, unit: 'character', isTrimmed: false },
  listName: { subject: 'The name is', most: 200, unit: 'character', isTrimmed: true },
  labelName: { subject: 'The name is', most: 100, unit: 'character', isTrimmed: true },
  search: { subject: 'The search is', most: 200, unit: 'character', isTrimmed: false },
  email: { subject: 'The address is', most: 254, unit: 'character', isTrimmed: true },
  password: { subject: 'The password is', most: 72, unit: 'byte', isTrimmed: false },
} as const satisfies Record<string, TextLimit>;

/** A sentence about how much too long a text is; null if it is not. */
export function lengthProblem(text: string, { subject, most, unit, isTrimmed }: TextLimit): string | null {
  const counted = isTrimmed ? text.trim() : text;
  const excess = (unit === 'byte' ? countBytes(counted) : countCharacters(counted)) - most;
  if (excess <= 0) return null;
  const [over, limit] = [excess, most].map((count) => count.toLocaleString('en'));
  const sentence = `${subject} too long: ${over} ${unit}${excess === 1 ? '' : 's'} over the limit of ${limit}.`;
  return unit === 'byte' ? `${sentence} In bytes, é is 2 and 😀 is 4.` : sentence;
}

/** Counts code points: JavaScript counts many emoji as two. */
const countCharacters = (text: string): number => Array.from(text).length;

const countBytes = (text: string): number => new TextEncoder().encode(text).length;
