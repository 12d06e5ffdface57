import { TaskPriority } from '../../tasks/task-priority.ts';
import type { Random } from './random.ts';
import sample from './sample-accounts.json' with { type: 'json' };

/** A list or a label to be made. */
export interface NameAndColor {
  readonly name: string;
  readonly color: string | null;
}

/** A list of a sample account; the times are days before now. */
export interface SampleList extends NameAndColor {
  readonly made: number;
  /** When it was archived; null while it is in use. */
  readonly archived: number | null;
}

/** Days before now when a sample account is made, and what it starts with. */
export const accountDays = 182;

/** In their order. */
export const demoLists: readonly SampleList[] = sample.demoLists;
export const bulkLists: readonly SampleList[] = sample.bulkLists;
export const demoLabels: readonly NameAndColor[] = sample.labels;
export const bulkLabels = demoLabels.slice(0, 5);

// The titles that call for a label.
const patterns = sample.labels.map((label) => ({ name: label.name, titles: new RegExp(label.for ?? '(?!)') }));

/** The names of the labels that somebody would mark a task of this title with, if they thought of it. */
export function labelsFor(random: Random, title: string, priority: TaskPriority): string[] {
  const isThoughtOf = random() < 0.6;
  if (!isThoughtOf) return [];
  const labels = patterns.filter(({ titles }) => titles.test(title)).map(({ name }) => name);
  return priority === TaskPriority.URGENT ? ['urgent', ...labels] : labels;
}
