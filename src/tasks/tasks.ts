import { LockMode } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/postgresql';
import type { Transaction } from '../database/database.ts';
import type { FieldProblem } from '../errors.ts';
import type { Viewer } from '../graphql/context.ts';
import { inTrash, noSuch, notFound, requireVersion } from '../graphql/record-problems.ts';
import { lockStructure } from '../users/lock-structure.ts';
import { storedDue, writeDueKeys } from './due.ts';
import { Task, type TaskChange } from './task.entity.ts';
import type { UpdateTaskInput } from './task.inputs.ts';
import type { UpdateTasksInput } from './task-bulk.inputs.ts';
import { changeLabels } from './task-labels.ts';
import { TaskPriority } from './task-priority.ts';

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
  await changeFields(em, transaction, viewer, input, input, ['input']);
}

/** Changes the same fields of several tasks. Errors: NOT_FOUND naming every bad index, LIMIT_EXCEEDED. */
export async function updateTasks(
  em: EntityManager,
  transaction: Transaction,
  viewer: Viewer,
  input: UpdateTasksInput,
): Promise<void> {
  await changeFields(em, transaction, viewer, input, input.set, ['input', 'set']);
}

async function changeFields(
  em: EntityManager,
  transaction: Transaction,
  viewer: Viewer,
  target: Target,
  fields: Omit<UpdateTaskInput, 'id'>,
  path: FieldProblem['path'],
): Promise<void> {
  const { title, description, priority } = fields;
  const due = fields.due === undefined ? null : storedDue(fields.due, [...path, 'due']);
  const change = {
    ...(title === undefined ? {} : { title }),
    ...(description === undefined ? {} : { description: description ?? '' }),
    ...(priority === undefined ? {} : { priority: priority ?? TaskPriority.NONE }),
    ...due,
  };
  // Several tasks are locked in another order by others, such as a move with subtasks; and where a due stands in the
  // viewer's zone must not change while it is written.
  if ('ids' in target || due?.dueAt) await lockStructure(transaction, viewer);
  const tasks = await lockNamed(em, viewer, target);
  const relabelled = await changeLabels(transaction, viewer, [...tasks.keys()], fields, path);
  const changing = [...tasks.values()].filter((task) => relabelled.has(task.id) || task.differsFrom(change));
  const blocked = new Set(changing.filter(({ isTrashed }) => isTrashed).map(({ id }) => id));
  requireAll(tasks, target, ({ id }) => blocked.has(id));
  for (const task of changing) {
    if ('id' in target) requireVersion('task', task.version, target.expectedVersion);
    task.apply(change);
  }
  await em.flush();
  const ids = changing.map(({ id }) => id);
  if (due !== null) await writeDueKeys(transaction, viewer, ids, due);
}

/** A task that is completed already keeps its completedAt. Errors: NOT_FOUND. */
export async function completeTasks(
  em: EntityManager,
  transaction: Transaction,
  viewer: Viewer,
  target: Target,
): Promise<void> {
  const now = new Date();
  await changeTasks(em, transaction, viewer, target, ({ completedAt }) => ({ completedAt: completedAt ?? now }));
}

/** Errors: NOT_FOUND. */
export async function reopenTasks(
  em: EntityManager,
  transaction: Transaction,
  viewer: Viewer,
  target: Target,
): Promise<void> {
  await changeTasks(em, transaction, viewer, target, () => ({ completedAt: null }));
}

/**
 * All that are named, or none. What a task already is is no change, and succeeds whatever else is asked: retries are
 * safe.
 */
async function changeTasks(
  em: EntityManager,
  transaction: Transaction,
  viewer: Viewer,
  target: Target,
  changeOf: (task: Task) => TaskChange,
): Promise<void> {
  // Others that lock several tasks, such as a move with subtasks, lock them in other orders.
  await lockStructure(transaction, viewer);
  const tasks = await lockNamed(em, viewer, target);
  const changes = new Map([...tasks.values()].map((task) => [task, changeOf(task)]));
  requireAll(tasks, target, (task) => task.isTrashed && task.differsFrom(changes.get(task) ?? {}));
  for (const [task, change] of changes) if (task.differsFrom(change)) task.apply(change);
}

/** The tasks that a mutation names, locked; what is not there is left out. */
export function lockNamed(em: EntityManager, viewer: Viewer, target: Target): Promise<Map<string, Task>> {
  return lockTasks(em, viewer, namedIds(target));
}

/** Each id once, in the order in which they are named. */
export function namedIds(target: Target): string[] {
  return [...new Set('ids' in target ? target.ids : [target.id])];
}

/**
 * @param isBlocked whether a task cannot be changed so while it is in the trash
 * @throws AppError NOT_FOUND naming every bad index
 */
export function requireAll(
  tasks: ReadonlyMap<string, Task>,
  target: Target,
  isBlocked: (task: Task) => boolean = () => false,
): void {
  const problems = pathsOf(target).flatMap(([id, path]) => {
    const task = tasks.get(id);
    if (!task) return [noSuch('task', path)];
    return isBlocked(task) ? [inTrash('task', path)] : [];
  });
  if (problems.length > 0) throw notFound(...problems);
}

/** Each id that a mutation names, and where in the input it stands. */
function pathsOf(target: Target): (readonly [string, FieldProblem['path']])[] {
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
  const found = await em.find(Task, where, {
    lockMode: LockMode.PESSIMISTIC_WRITE,
    orderBy: { id: 'asc' },
    populate: ['listState'],
  });
  return new Map(found.filter(({ listState }) => listState !== 'purged').map((task) => [task.id, task]));
}
