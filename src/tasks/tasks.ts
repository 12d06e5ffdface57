import { LockMode } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/postgresql';
import type { Transaction } from '../database/database.ts';
import type { FieldProblem } from '../errors.ts';
import type { Viewer } from '../graphql/context.ts';
import { inTrash, noSuch, notFound, requireVersion } from '../graphql/record-problems.ts';
import { Task, type TaskChange, TaskPriority } from './task.entity.ts';
import type { UpdateTaskInput } from './task.inputs.ts';
import { changeLabels } from './task-labels.ts';

/** Which tasks a mutation is about: one by `id`, on a condition perhaps, or several by `ids`, all or none. */
export type Target =
  | { readonly id: string; readonly expectedVersion?: number | null }
  | { readonly ids: readonly string[] };

/** Changes the fields that are given. Errors: NOT_FOUND, STALE_VERSION, LIMIT_EXCEEDED. */
export async function updateTask(
  em: EntityManager,
  transaction: Transaction,
  viewer: Viewer,
  input: UpdateTaskInput,
): Promise<void> {
  const { title, description, priority } = input;
  const task = (await requireTasks(em, viewer, input)).get(input.id);
  if (!task) throw notFound(noSuch('task'));
  const change = {
    ...(title === undefined ? {} : { title }),
    ...(description === undefined ? {} : { description: description ?? '' }),
    ...(priority === undefined ? {} : { priority: priority ?? TaskPriority.NONE }),
  };
  const changesLabels = await changeLabels(transaction, viewer, task.id, input);
  if (!changesLabels && !task.differsFrom(change)) return;
  if (task.deletedAt !== null) throw notFound(inTrash('task'));
  requireVersion('task', task.version, input.expectedVersion);
  task.apply(change);
}

/** A task that is completed already keeps its completedAt. Errors: NOT_FOUND. */
export async function completeTasks(em: EntityManager, viewer: Viewer, target: Target): Promise<void> {
  const now = new Date();
  await changeTasks(em, viewer, target, ({ completedAt }) => ({ completedAt: completedAt ?? now }));
}

/** Errors: NOT_FOUND. */
export async function reopenTasks(em: EntityManager, viewer: Viewer, target: Target): Promise<void> {
  await changeTasks(em, viewer, target, () => ({ completedAt: null }));
}

/**
 * All that are named, or none. What a task already is is no change, and succeeds whatever else is asked: retries are
 * safe.
 */
async function changeTasks(
  em: EntityManager,
  viewer: Viewer,
  target: Target,
  changeOf: (task: Task) => TaskChange,
): Promise<void> {
  const paths = pathsOf(target);
  const tasks = await lockTasks(
    em,
    viewer,
    paths.map(([id]) => id),
  );
  const changes = new Map([...tasks.values()].map((task) => [task, changeOf(task)]));
  const problems = paths.flatMap(([id, path]) => {
    const task = tasks.get(id);
    if (!task) return [noSuch('task', path)];
    return task.deletedAt !== null && task.differsFrom(changes.get(task) ?? {}) ? [inTrash('task', path)] : [];
  });
  if (problems.length > 0) throw notFound(...problems);
  for (const [task, change] of changes) if (task.differsFrom(change)) task.apply(change);
}

/** The tasks that a mutation names, locked. Errors: NOT_FOUND naming every bad index. */
async function requireTasks(em: EntityManager, viewer: Viewer, target: Target): Promise<Map<string, Task>> {
  const paths = pathsOf(target);
  const tasks = await lockTasks(
    em,
    viewer,
    paths.map(([id]) => id),
  );
  const missing = paths.filter(([id]) => !tasks.has(id));
  if (missing.length > 0) throw notFound(...missing.map(([, path]) => noSuch('task', path)));
  return tasks;
}

/** Each id that a mutation names, and where in the input it stands. */
export function pathsOf(target: Target): (readonly [string, FieldProblem['path']])[] {
  if ('ids' in target) return target.ids.map((id, index) => [id, ['input', 'ids', index]]);
  return [[target.id, ['input', 'id']]];
}

/**
 * The viewer's tasks by id, locked until the transaction ends, so that simultaneous changes queue up instead of
 * overwriting each other; in the order of their ids, so that two of them never wait for one another.
 */
export async function lockTasks(em: EntityManager, viewer: Viewer, ids: readonly string[]): Promise<Map<string, Task>> {
  if (ids.length === 0) return new Map();
  const where = { user: viewer.id, id: { $in: [...new Set(ids)] } };
  const found = await em.find(Task, where, { lockMode: LockMode.PESSIMISTIC_WRITE, orderBy: { id: 'asc' } });
  return new Map(found.map((task) => [task.id, task]));
}
