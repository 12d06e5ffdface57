import { TaskPriority } from '../tasks/task-priority.ts';
import type { Random } from './random.ts';

/** A list or a label to be made. */
export interface NameAndColor {
  readonly name: string;
  readonly color: string | null;
}

/** A list of a made-up account; the times are days before now. */
export interface MadeUpList extends NameAndColor {
  readonly made: number;
  /** When it was put aside; null while it is in use. */
  readonly archived: number | null;
}

/** Days before now when a made-up account is made, and what it starts with. */
export const accountDays = 182;

const home = { name: 'Home', color: '#2f8f6b', made: accountDays, archived: null };
const work = { name: 'Work', color: '#2f6fde', made: accountDays, archived: null };
const groceries = { name: 'Groceries', color: '#e08a1e', made: accountDays, archived: null };
const reading = { name: 'Reading', color: '#8a6fb0', made: accountDays, archived: null };

/** In their order. */
export const demoLists: readonly MadeUpList[] = [
  home,
  work,
  groceries,
  { name: 'Trip to Lisbon', color: '#d64545', made: 35, archived: null },
  reading,
  { name: 'Kitchen renovation', color: null, made: accountDays, archived: 30 },
];

export const bulkLists: readonly MadeUpList[] = [
  home,
  work,
  groceries,
  reading,
  { name: 'Travel', color: '#d64545', made: accountDays, archived: null },
];

export const demoLabels: readonly NameAndColor[] = [
  { name: 'urgent', color: '#d64545' },
  { name: 'errands', color: '#e08a1e' },
  { name: 'phone', color: '#2f8f6b' },
  { name: 'waiting', color: '#8a6fb0' },
  { name: 'deep work', color: '#2f6fde' },
  { name: 'online', color: '#5aa9c7' },
  { name: 'money', color: '#b8962e' },
  { name: 'together', color: '#c2578f' },
  { name: 'quick', color: '#6b7a4c' },
  { name: 'someday', color: null },
];

export const bulkLabels: readonly NameAndColor[] = demoLabels.slice(0, 5);

// Which label a title calls for.
const callsFor: readonly (readonly [label: string, title: RegExp])[] = [
  ['errands', /^(Buy|Pick up|Return|Take|Birthday present|Bicycle|Photo for)/],
  ['phone', /^(Call|Phone|打电话|Позвонить|اتصل)/],
  ['waiting', /^(Remind|Ask|Answer|Hear from)/],
  ['deep work', /^(Write|Draft|Review|Decide|Measure|Look into)/],
  ['online', /^(Book|Find|Order|Renew|Reserve)/],
  ['money', /\b(invoice|bill|Tax|budget|Pay|offers?)\b/],
  ['together', /^(Dinner|Cook|One-to-one|Pair|Lend)/],
  ['quick', /^(Water|Tell|Fix the lamp)/],
  ['someday', /^(Sort|Repot|Try)/],
];

/** The names of the labels that somebody would mark a task of this title with, if they thought of it. */
export function labelsFor(random: Random, title: string, priority: TaskPriority): string[] {
  const isThoughtOf = random() < 0.6;
  if (!isThoughtOf) return [];
  const labels = callsFor.filter(([, pattern]) => pattern.test(title)).map(([label]) => label);
  return priority === TaskPriority.URGENT ? ['urgent', ...labels] : labels;
}
