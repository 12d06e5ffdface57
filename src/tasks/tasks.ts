import { LockMode } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/postgresql';
import { AppError, badUserInput, ErrorCode, type FieldProblem } from '../errors.ts';
import type { Viewer } from '../graphql/context.ts';
import { User } from '../users/user.entity.ts';
import { PurgedTask } from './purged-task.entity.ts';
import { Task, type TaskChange, TaskPriority } from './task.entity.ts';
import type { UpdateTaskInput } from './task.inputs.ts';

/** Which tasks a mutation is about: one by `id`, on a condition perhaps, or several by `ids`, all or none. */
type Target = { readonly id: string; readonly expectedVersion?: number | null } | { readonly ids: readonly string[] };

/** Changes the fields that are given. Errors: NOT_FOUND, STALE_VERSION. */
export function updateTask(em: EntityManager, viewer: Viewer, input: UpdateTaskInput): Promise<Task[]> {
  const { title, description, priority } = input;
  return changeTasks(em, viewer, input, () => ({
    ...(title === undefined ? {} : { title }),
    ...(description === undefined ? {} : { description: description ?? '' }),
    ...(priority === undefined ? {} : { priority: priority ?? TaskPriority.NONE }),
  }));
}

/** A task that is completed already keeps its completedAt. Errors: NOT_FOUND. */
export function completeTasks(em: EntityManager, viewer: Viewer, target: Target): Promise<Task[]> {
  const now = new Date();
  return changeTasks(em, viewer, target, ({ completedAt }) => ({ completedAt: completedAt ?? now }));
}

/** Errors: NOT_FOUND. */
export function reopenTasks(em: EntityManager, viewer: Viewer, target: Target): Promise<Task[]> {
  return changeTasks(em, viewer, target, () => ({ completedAt: null }));
}

/** Puts tasks in the trash; one that lies there already stays as it is. Errors: NOT_FOUND, STALE_VERSION. */
export function deleteTasks(em: EntityManager, viewer: Viewer, target: Target): Promise<Task[]> {
  const now = new Date();
  return changeTasks(em, viewer, target, ({ deletedAt }) => ({ deletedAt: deletedAt ?? now }));
}

/** Takes tasks out of the trash. Errors: NOT_FOUND. */
export function restoreTasks(em: EntityManager, viewer: Viewer, target: Target): Promise<Task[]> {
  return changeTasks(em, viewer, target, () => ({ deletedAt: null }));
}

/** Removes a task in the trash for good. Errors: NOT_FOUND, BAD_USER_INPUT where it is not in the trash. */
export async function purgeTask(em: EntityManager, viewer: Viewer, id: string): Promise<void> {
  const task = await em.findOne(Task, { user: viewer.id, id }, { lockMode: LockMode.PESSIMISTIC_WRITE });
  const path = ['input', 'id'];
  if (!task) {
    const isPurged = (await em.count(PurgedTask, { user: viewer.id, id })) > 0;
    if (isPurged) return;
    throw notFound([noSuchTask(path)]);
  }
  if (task.deletedAt === null) {
    const message = 'Only a task in the trash can be purged: delete it first.';
    throw badUserInput([{ path, code: 'NOT_IN_TRASH', message }]);
  }
  em.remove(task);
  em.create(PurgedTask, { user: em.getReference(User, viewer.id, { wrapped: true }), id });
}

/**
 * Every change of existing tasks goes through here: all that are named, in the order in which they are named, or none.
 * What a task is already is no change, and succeeds whatever else is asked: retries are safe.
 */
async function changeTasks(
  em: EntityManager,
  viewer: Viewer,
  target: Target,
  changeOf: (task: Task) => TaskChange,
): Promise<Task[]> {
  const given = 'ids' in target ? target.ids : [target.id];
  const tasks = await lockTasks(em, viewer, given);
  const changes = new Map([...tasks.values()].map((task) => [task, changeOf(task)]));
  const problems = given.flatMap((id, index) => {
    const task = tasks.get(id);
    const path = 'ids' in target ? ['input', 'ids', index] : ['input', 'id'];
    if (!task) return [noSuchTask(path)];
    return isBlockedByTrash(task, changes.get(task) ?? {}) ? [taskInTrash(path)] : [];
  });
  if (problems.length > 0) throw notFound(problems);
  for (const [task, change] of changes) {
    if (!task.differsFrom(change)) continue;
    refuseStale(task, target);
    task.apply(change);
  }
  return [...new Set(given.flatMap((id) => tasks.get(id) ?? []))];
}

/**
 * The viewer's tasks by id, locked until the transaction ends, so that simultaneous changes queue up instead of
 * overwriting each other; in the order of their ids, so that two of them never wait for one another.
 */
async function lockTasks(em: EntityManager, viewer: Viewer, ids: readonly string[]): Promise<Map<string, Task>> {
  const where = { user: viewer.id, id: { $in: [...new Set(ids)] } };
  const found = await em.find(Task, where, { lockMode: LockMode.PESSIMISTIC_WRITE, orderBy: { id: 'asc' } });
  return new Map(found.map((task) => [task.id, task]));
}

/** A task in the trash can be taken out of it, and nothing else. */
function isBlockedByTrash(task: Task, change: TaskChange): boolean {
  return task.deletedAt !== null && !('deletedAt' in change) && task.differsFrom(change);
}

function refuseStale(task: Task, target: Target): void {
  const expected = 'expectedVersion' in target ? target.expectedVersion : null;
  if (typeof expected !== 'number' || expected === task.version) return;
  throw new AppError(ErrorCode.STALE_VERSION, 'This task has changed meanwhile. Load it again before you change it.', {
    currentVersion: task.version,
  });
}

/** Another user's task and one that never was are the same answer: ids cannot be probed. */
function noSuchTask(path: FieldProblem['path']): FieldProblem {
  return { path, code: 'NOT_FOUND', message: 'There is no such task.' };
}

function taskInTrash(path: FieldProblem['path']): FieldProblem {
  return { path, code: 'IN_TRASH', message: 'This task is in the trash. Restore it first.' };
}

function notFound(fields: FieldProblem[]): AppError {
  return new AppError(ErrorCode.NOT_FOUND, fields[0]?.message ?? 'There is no such task.', { fields });
}
