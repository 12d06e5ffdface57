/** The choices for a text: matching labels, best first, and the name of a new one. */
export interface LabelChoices<T> {
  readonly matches: readonly T[];
  /** null: there is no text, or a label already has this name. */
  readonly newName: string | null;
}

export function labelChoices<T extends { readonly name: string }>(
  labels: readonly T[],
  typed: string,
): LabelChoices<T> {
  const wanted = keyOf(typed);
  if (wanted === '') return { matches: labels, newName: null };
  const rank = ({ name }: T) => {
    const key = keyOf(name);
    if (key === wanted) return 0;
    return key.startsWith(wanted) ? 1 : 2;
  };
  const matches = labels.filter(({ name }) => keyOf(name).includes(wanted)).toSorted((a, b) => rank(a) - rank(b));
  const isTaken = matches.some((label) => rank(label) === 0);
  return { matches, newName: isTaken ? null : typed.trim() };
}

/** Compares names like the API. */
const keyOf = (name: string): string =>
  name.trim().normalize('NFC').toLowerCase().replaceAll('ς', 'σ').normalize('NFC');
