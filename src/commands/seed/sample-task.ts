import { TaskPriority } from '../../tasks/task-priority.ts';
import { pick, type Random } from './random.ts';
import { labelsFor } from './sample-lists.ts';
import { stepText, taskText } from './sample-texts.ts';

/** A sample task with a history that the API could have produced. Times are milliseconds since 1970. */
export interface SampleTask {
  readonly title: string;
  readonly description: string;
  readonly priority: TaskPriority;
  /** The name of its list; the inbox if null, or if the account has no such list. */
  readonly list: string | null;
  readonly parent: SampleTask | null;
  /** Names. */
  readonly labels: readonly string[];
  readonly due: { readonly date: string; readonly time: string | null } | null;
  readonly version: number;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly completedAt: number | null;
  readonly deletedAt: number | null;
}

/** When tasks of a kind are created, in days before now, and how likely a new one is already completed. */
export interface Era {
  readonly from: number;
  readonly to: number;
  readonly done: number;
}

type Text = Pick<SampleTask, 'title' | 'description'>;
type PlacedText = Pick<SampleTask, 'title' | 'description' | 'list'>;

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/** Days before `now` in which sample tasks are created. */
const historyDays = 180;

const usual: Era = { from: historyDays, to: 0, done: 0.35 };

const { NONE, LOW, MEDIUM, HIGH, URGENT } = TaskPriority;
// Distributed as people use them: mostly none, hardly ever the highest.
const priorities = [NONE, NONE, NONE, NONE, LOW, LOW, MEDIUM, MEDIUM, MEDIUM, HIGH, HIGH, URGENT];

/** @param now the latest time in the task's history */
export function sampleTask(random: Random, now: number, parts = 0): SampleTask {
  const text = taskText(random);
  // One in five stays in the inbox.
  const list = random() < 0.2 ? null : text.list;
  return sampleTop(random, now, { ...text, list }, usual, parts);
}

/** A top-level task. @param parts subtasks that are added, one per minute, before anything else happens to it */
export function sampleTop(random: Random, now: number, text: PlacedText, era: Era, parts: number): SampleTask {
  const priority = pick(random, priorities);
  const writing = (parts + 1) * minute;
  const createdAt = someTimeBefore(random, now - writing, era);
  const settledAt = parts === 0 ? createdAt : createdAt + writing;
  // Old tasks are mostly completed: nine of ten usual tasks after two months.
  const completedAt = perhaps(random, era.done + Math.min(0.55, (now - createdAt) / (100 * day)), settledAt, now);
  const editedAt = perhaps(random, 0.4, settledAt, now);
  const lastChange = Math.max(createdAt, completedAt ?? 0, editedAt ?? 0);
  const deletedAt = perhaps(random, 0.06, Math.max(lastChange, settledAt), now);
  const labels = labelsFor(random, text.title, priority);
  const history = historyOf(createdAt, completedAt, editedAt, deletedAt);
  const due = sampleDue(random, completedAt ?? now);
  return { ...text, parent: null, priority, labels, due, ...history };
}

/** A subtask, in the list of its parent and with it in the trash. Subtasks of completed tasks are mostly completed. */
export function samplePart(random: Random, now: number, parent: SampleTask, text: Text, createdAt: number): SampleTask {
  const { list, deletedAt } = parent;
  const until = deletedAt ?? now;
  const doneBy = Math.max(createdAt + 1, Math.min(parent.completedAt ?? until, until));
  const isDone = random() < (parent.completedAt === null ? 0.35 : 0.95);
  const doneAt = createdAt + 1 + Math.floor((doneBy - createdAt - 1) * random());
  const history = historyOf(createdAt, isDone ? doneAt : null, null, deletedAt);
  // Usually, only the parent has a priority.
  const priority = random() < 0.8 ? NONE : pick(random, priorities);
  return { ...text, list, parent, priority, labels: labelsFor(random, text.title, priority), due: null, ...history };
}

/** Two of five tasks have a due date: up to a week before `around`, up to three weeks after it; a third with a time. */
function sampleDue(random: Random, around: number): SampleTask['due'] {
  const [hasDue, hasTime] = [random() < 0.4, random() < 0.33];
  const date = new Date(around + Math.floor(28 * random() - 7) * day).toISOString().slice(0, 10);
  const halfHours = 16 + Math.floor(24 * random());
  const time = `${String(Math.floor(halfHours / 2)).padStart(2, '0')}:${halfHours % 2 === 0 ? '00' : '30'}:00`;
  return hasDue ? { date, time: hasTime ? time : null } : null;
}

/** Parts that could be those of any task. */
export function sampleSteps(random: Random, now: number, parent: SampleTask, count: number): SampleTask[] {
  return Array.from({ length: count }, (_, index) =>
    samplePart(random, now, parent, stepText(random), writtenAt(parent, index)),
  );
}

/** When the nth subtask (from 0) of a task was added. */
export function writtenAt(top: SampleTask, nth: number): number {
  return top.createdAt + (nth + 1) * minute;
}

type Time = number | null;

function historyOf(createdAt: number, completedAt: Time, editedAt: Time, deletedAt: Time) {
  const changes = [completedAt, editedAt, deletedAt].filter((time) => time !== null);
  const updatedAt = Math.max(createdAt, ...changes);
  return { createdAt, completedAt, deletedAt, updatedAt, version: 1 + changes.length };
}

/**
 * With this probability a time between `from` and `now`, usually soon after `from`. Always draws the same number of random
 * numbers, so that the following tasks do not depend on the time of day.
 */
function perhaps(random: Random, probability: number, from: number, now: number): number | null {
  const happens = random() < probability;
  const wait = Math.floor(30 * day * random() ** 4 + hour * random()) + 1;
  return happens ? Math.min(from + wait, now) : null;
}

/** More often towards the end of the era, and never at night. */
function someTimeBefore(random: Random, now: number, { from, to }: Era): number {
  const daysAgo = to + Math.floor((from - to) * random() ** 1.7);
  const midnight = Math.floor(now / day) * day - daysAgo * day;
  const time = midnight + Math.floor(7 * hour + random() * 15 * hour);
  return time < now ? time : time - day;
}
