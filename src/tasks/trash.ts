import type { EntityManager } from '@mikro-orm/postgresql';
import { sql } from 'kysely';
import type { Transaction } from '../database/database.ts';
import { positionFor } from '../database/positions.ts';
import { badUserInput } from '../errors.ts';
import type { Viewer } from '../graphql/context.ts';
import { noSuch, notFound, requireVersion } from '../graphql/record-problems.ts';
import { TaskList } from '../lists/list.entity.ts';
import { lockStructure } from '../users/lock-structure.ts';
import { RetiredId } from '../users/retired-id.entity.ts';
import type { Task } from './task.entity.ts';
import { placeOf, siblingsIn, takeSubtasksAlong } from './task-place.ts';
import { branchOf, type Descendant, readTree, readTrees, requireRoomBelow } from './task-tree.ts';
import { lockTasks, pathsOf, type Target } from './tasks.ts';

/**
 * Puts tasks in the trash, and what is below them; what lies there already stays as it is. Errors: NOT_FOUND,
 * STALE_VERSION.
 * @returns the ids of the named tasks and of all below them: what lies in the trash because of this, or did before
 */
export async function deleteTasks(
  em: EntityManager,
  transaction: Transaction,
  viewer: Viewer,
  target: Target,
): Promise<string[]> {
  await lockStructure(transaction, viewer);
  const { tasks } = await lockTrees(em, transaction, viewer, target);
  const now = new Date();
  if ('id' in target) {
    const task = tasks.get(target.id);
    if (task?.deletedAt === null) requireVersion('task', task.version, target.expectedVersion);
  }
  for (const task of tasks.values()) if (task.deletedAt === null) task.apply({ deletedAt: now });
  return [...tasks.keys()];
}

/**
 * Takes tasks, and what went to the trash with them, out of it: back to their places, or to the end of the inbox or the
 * top level where their list or parent is not there to go back to. What is below them and was in the trash before stays
 * there, as with a list: undoing a delete brings back what was there. Errors: NOT_FOUND, LIMIT_EXCEEDED.
 * @returns the ids of the named tasks and of all below them that are not in the trash now
 */
export async function restoreTasks(
  em: EntityManager,
  transaction: Transaction,
  viewer: Viewer,
  target: Target,
): Promise<string[]> {
  await lockStructure(transaction, viewer);
  const { trees, tasks } = await lockTrees(em, transaction, viewer, target);
  const roots = rootsOf(trees, tasks);
  const surroundings = await lockSurroundings(em, viewer, roots);
  await requireRoom(transaction, viewer, roots, surroundings);
  for (const root of roots) await returnToPlace(em, transaction, viewer, root, surroundings);
  const returning = roots.flatMap(({ tree }) => tree.filter(({ goesAlong }) => goesAlong));
  for (const { id } of returning) tasks.get(id)?.apply({ deletedAt: null, trashedWithList: false });
  return [...tasks.values()].filter(({ deletedAt }) => deletedAt === null).map(({ id }) => id);
}

/** The named tasks that are in the trash, without those that come back with another one, in its place there. */
function rootsOf(trees: Trees['trees'], tasks: Trees['tasks']): Root[] {
  const named = [...tasks.values()].filter(({ id, deletedAt }) => deletedAt !== null && trees.has(id));
  const below = new Set(
    named.flatMap(({ id }) =>
      (trees.get(id) ?? []).filter((task) => task.goesAlong && task.id !== id).map((task) => task.id),
    ),
  );
  return named.flatMap((task) => (below.has(task.id) ? [] : [{ task, tree: trees.get(task.id) ?? [] }]));
}

/** A task that comes back with its tree. */
interface Root {
  readonly task: Task;
  readonly tree: readonly Descendant[];
}

/** What is there of the parents and lists that tasks come back to. */
interface Surroundings {
  readonly parents: ReadonlyMap<string, Task>;
  readonly lists: ReadonlyMap<string, TaskList>;
}

async function lockSurroundings(em: EntityManager, viewer: Viewer, roots: readonly Root[]): Promise<Surroundings> {
  const parentIds = roots.flatMap(({ task }) => task.parent?.id ?? []);
  const listIds = [...new Set(roots.flatMap(({ task }) => task.list?.id ?? []))];
  const parents = await lockTasks(em, viewer, parentIds);
  const lists = listIds.length > 0 ? await em.find(TaskList, { user: viewer.id, id: { $in: listIds } }) : [];
  return { parents, lists: new Map(lists.map((list) => [list.id, list])) };
}

/** Below each parent that is there to go back to. */
async function requireRoom(
  transaction: Transaction,
  viewer: Viewer,
  roots: readonly Root[],
  { parents }: Surroundings,
): Promise<void> {
  const byParent = Map.groupBy(roots, ({ task }) => task.parent?.id);
  for (const [parentId, children] of byParent) {
    if (!parentId || parents.get(parentId)?.deletedAt !== null) continue;
    const tree = children.flatMap((child) => child.tree).filter(({ goesAlong }) => goesAlong);
    const live = tree.map((task) => ({ ...task, isTrashed: false }));
    await requireRoomBelow(transaction, viewer, parentId, branchOf(live));
  }
}

async function returnToPlace(
  em: EntityManager,
  transaction: Transaction,
  viewer: Viewer,
  { task, tree }: Root,
  { parents, lists }: Surroundings,
): Promise<void> {
  const old = placeOf(task);
  const hasParent = old.parentId !== null && parents.get(old.parentId)?.deletedAt === null;
  const keepsList = old.listId === null || lists.get(old.listId)?.deletedAt === null;
  if (hasParent || (old.parentId === null && keepsList)) return;
  const siblings = siblingsIn(viewer, { listId: keepsList ? old.listId : null, parentId: null });
  task.position = (await positionFor(transaction, siblings, task.id, {})) ?? task.position;
  task.parent = null;
  if (!keepsList) task.list = null;
  // Written before the next one looks for its place, which may be beside this one.
  await em.flush();
  if (keepsList) return;
  const below = tree.map(({ id }) => id).filter((id) => id !== task.id);
  await takeSubtasksAlong(transaction, viewer, below, null);
}

interface Trees {
  /** Of the named tasks, by their ids. */
  readonly trees: ReadonlyMap<string, Descendant[]>;
  /** They and all that is below them, by id, the named ones first, in the order in which they are named. */
  readonly tasks: ReadonlyMap<string, Task>;
}

/** Errors: NOT_FOUND naming every bad index. */
async function lockTrees(em: EntityManager, transaction: Transaction, viewer: Viewer, target: Target): Promise<Trees> {
  const ids = pathsOf(target).map(([id]) => id);
  const trees = await readTrees(transaction, viewer, ids);
  const members = [...trees.values()].flatMap((tree) => tree.map(({ id }) => id));
  const locked = await lockTasks(em, viewer, members);
  const missing = pathsOf(target).filter(([id]) => !locked.has(id));
  if (missing.length > 0) throw notFound(...missing.map(([, path]) => noSuch('task', path)));
  const inOrder = [...ids, ...members].flatMap((id) => locked.get(id) ?? []);
  return { trees, tasks: new Map(inOrder.map((task) => [task.id, task])) };
}

/**
 * Removes a task in the trash for good, and what is below it. Removing it again succeeds. Errors: NOT_FOUND,
 * BAD_USER_INPUT where it is not in the trash.
 * @returns the ids of all that is gone
 */
export async function purgeTask(
  em: EntityManager,
  transaction: Transaction,
  viewer: Viewer,
  id: string,
): Promise<string[]> {
  await lockStructure(transaction, viewer);
  const task = (await lockTasks(em, viewer, [id])).get(id);
  if (!task) {
    if ((await em.count(RetiredId, { user: viewer.id, id, kind: 'task' })) > 0) return [id];
    throw notFound(noSuch('task'));
  }
  if (task.deletedAt === null) {
    const message = 'Only a task in the trash can be purged: delete it first.';
    throw badUserInput([{ path: ['input', 'id'], code: 'NOT_IN_TRASH', message }]);
  }
  const ids = (await readTree(transaction, viewer, id)).map((member) => member.id);
  await sql`
    with gone as (delete from task where user_id = ${viewer.id} and id = any(${ids}::uuid[]) returning user_id, id)
    insert into retired_id (user_id, id, kind) select user_id, id, 'task' from gone`.execute(transaction);
  em.clear();
  return ids;
}
