import { TaskPriority } from '../../tasks/task-priority.ts';
import type { Random } from './random.ts';
import sample from './sample-accounts.json' with { type: 'json' };

/** A list or a label to be created. */
export interface NameAndColor {
  readonly name: string;
  readonly color: string | null;
}

/** A list of a sample account. Times are days before now. */
export interface SampleList extends NameAndColor {
  readonly made: number;
  /** null: not archived. */
  readonly archived: number | null;
}

/** The age of a sample account and its labels, in days. */
export const accountDays = 182;

/** In order of position. */
export const demoLists: readonly SampleList[] = sample.demoLists;
export const bulkLists: readonly SampleList[] = sample.bulkLists;
export const demoLabels: readonly NameAndColor[] = sample.labels;
export const bulkLabels = demoLabels.slice(0, 5);

// By label, the titles of tasks that suit it.
const patterns = sample.labels.map((label) => ({ name: label.name, titles: new RegExp(label.for ?? '(?!)') }));

/** The names of labels that suit a task; like people, it gives labels only to some tasks. */
export function labelsFor(random: Random, title: string, priority: TaskPriority): string[] {
  const isLabelled = random() < 0.6;
  if (!isLabelled) return [];
  const labels = patterns.filter(({ titles }) => titles.test(title)).map(({ name }) => name);
  return priority === TaskPriority.URGENT ? ['urgent', ...labels] : labels;
}
