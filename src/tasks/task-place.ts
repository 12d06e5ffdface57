import type { EntityManager } from '@mikro-orm/postgresql';
import { sql } from 'kysely';
import type { Transaction } from '../database/database.ts';
import type { SiblingGroup } from '../database/positions.ts';
import { badUserInput, type FieldProblem } from '../errors.ts';
import type { Viewer } from '../graphql/context.ts';
import { inTrash, noSuch, notFound } from '../graphql/record-problems.ts';
import { TaskList } from '../lists/list.entity.ts';
import { Task } from './task.entity.ts';

/** Which siblings a task is among: those of a parent, or the top level of a list or of the inbox. */
export interface TaskPlace {
  readonly listId: string | null;
  readonly parentId: string | null;
}

export function placeOf(task: Task): TaskPlace {
  return { listId: task.list?.id ?? null, parentId: task.parent?.id ?? null };
}

export function siblingsIn(viewer: Viewer, { listId, parentId }: TaskPlace): SiblingGroup {
  const list = listId === null ? sql`list_id is null` : sql`list_id = ${listId}`;
  const parent = parentId === null ? sql`parent_id is null` : sql`parent_id = ${parentId}`;
  return { table: 'task', condition: sql`user_id = ${viewer.id} and ${list} and ${parent}` };
}

/**
 * The place that an input names. What it leaves out comes from `current`. To be called under the lock of the structure.
 * Errors: NOT_FOUND, BAD_USER_INPUT where the list is not that of the parent.
 */
export async function requirePlace(
  em: EntityManager,
  viewer: Viewer,
  input: { readonly listId?: string | null; readonly parentId?: string | null },
  current: TaskPlace,
): Promise<TaskPlace> {
  const listId = input.listId === undefined ? undefined : input.listId;
  if (listId) await requireLiveList(em, viewer, listId);
  const changesList = listId !== undefined && listId !== current.listId;
  const parentId = input.parentId === undefined ? (changesList ? null : current.parentId) : input.parentId;
  if (parentId === null) return { listId: listId === undefined ? current.listId : listId, parentId };
  const parent = await requireLiveTask(em, viewer, parentId, ['input', 'parentId']);
  const listOfParent = parent.list?.id ?? null;
  if (listId !== undefined && listId !== listOfParent) {
    const message = 'A subtask is in the list of its parent: leave the list out, or name that one.';
    throw badUserInput([{ path: ['input', 'listId'], code: 'NOT_THE_PARENTS', message }]);
  }
  return { listId: listOfParent, parentId };
}

async function requireLiveList(em: EntityManager, viewer: Viewer, id: string): Promise<void> {
  const list = await em.findOne(TaskList, { user: viewer.id, id, purgedAt: null });
  const path = ['input', 'listId'];
  if (!list) throw notFound(noSuch('list', path));
  if (list.deletedAt !== null) throw notFound(inTrash('list', path));
}

/** A task that is there and not in the trash. Errors: NOT_FOUND. */
export async function requireLiveTask(
  em: EntityManager,
  viewer: Viewer,
  id: string,
  path: FieldProblem['path'],
): Promise<Task> {
  const task = await em.findOne(Task, { user: viewer.id, id }, { populate: ['listState'] });
  if (!task || task.listState === 'purged') throw notFound(noSuch('task', path));
  if (task.isTrashed) throw notFound(inTrash('task', path));
  return task;
}

/** Puts what is below a task into its list, the trash included. To be called when the task itself has been written. */
export async function takeSubtasksAlong(
  transaction: Transaction,
  viewer: Viewer,
  id: string,
  listId: string | null,
): Promise<void> {
  await sql`
    with recursive below as (
      select id from task where user_id = ${viewer.id} and parent_id = ${id}
      union all
      select task.id from below join task on task.user_id = ${viewer.id} and task.parent_id = below.id
    )
    update task set list_id = ${listId} where user_id = ${viewer.id} and id in (select id from below)`.execute(
    transaction,
  );
}
