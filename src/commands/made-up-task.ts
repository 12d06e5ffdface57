import { TaskPriority } from '../tasks/task.entity.ts';
import { pick, type Random } from './random.ts';
import { type TaskText, taskText } from './task-texts.ts';

/** A task that nobody wrote, with a history that the API could have produced. Times are milliseconds since 1970. */
export interface MadeUpTask extends TaskText {
  readonly priority: TaskPriority;
  readonly version: number;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly completedAt: number | null;
  readonly deletedAt: number | null;
}

const hour = 3_600_000;
const day = 24 * hour;

/** Days before `now` in which made-up tasks are created. */
export const historyDays = 180;

const { NONE, LOW, MEDIUM, HIGH, URGENT } = TaskPriority;
// As people use them: mostly none, hardly ever the highest.
const priorities = [NONE, NONE, NONE, NONE, LOW, LOW, MEDIUM, MEDIUM, MEDIUM, HIGH, HIGH, URGENT];

/** @param now milliseconds; everything has happened by then */
export function makeUpTask(random: Random, now: number): MadeUpTask {
  const text = taskText(random);
  const priority = pick(random, priorities);
  const createdAt = someTimeBefore(random, now);
  // What is old is likely done: nine in ten of what is two months old, a third of what is new.
  const completedAt = perhaps(random, 0.35 + Math.min(0.55, (now - createdAt) / (100 * day)), createdAt, now);
  const editedAt = perhaps(random, 0.4, createdAt, now);
  const lastChange = Math.max(createdAt, completedAt ?? 0, editedAt ?? 0);
  const deletedAt = perhaps(random, 0.06, lastChange, now);
  const changes = [completedAt, editedAt, deletedAt].filter((time) => time !== null).length;
  const updatedAt = deletedAt ?? lastChange;
  return { ...text, priority, createdAt, completedAt, deletedAt, updatedAt, version: 1 + changes };
}

/**
 * A time between `from` and `now` with this probability: soon after, usually; weeks later, sometimes. Always draws the
 * same number of times, so that the texts of the tasks that follow do not depend on the hour of the day.
 */
function perhaps(random: Random, probability: number, from: number, now: number): number | null {
  const happens = random() < probability;
  const wait = Math.floor(30 * day * random() ** 4 + hour * random()) + 1;
  return happens ? Math.min(from + wait, now) : null;
}

/** Denser towards now, and by day rather than by night. */
function someTimeBefore(random: Random, now: number): number {
  const daysAgo = Math.floor(historyDays * random() ** 1.7);
  const midnight = Math.floor(now / day) * day - daysAgo * day;
  const time = midnight + Math.floor(7 * hour + random() * 15 * hour);
  return time < now ? time : time - day;
}
