import { type RawBuilder, sql } from 'kysely';
import type { Change } from '../../database/database.ts';
import { requireVersion } from '../../errors.ts';
import { namedIds, requireAll, type Target } from '../named-tasks.ts';
import { lockTasks, type TaskState } from '../task-states.ts';
import { moveInto } from '../tree/task-location.ts';
import { branchOf, readTrees, requireRoomBelow, type TreeNode } from '../tree/task-tree.ts';
import { deletionTime } from './empty-trash.ts';

/**
 * Moves tasks and everything below them to the trash. Errors: NOT_FOUND, STALE_VERSION, LIMIT_EXCEEDED.
 * @returns the ids of the named tasks and of all that were trashed with them, now or by an earlier call
 */
export async function deleteTasks(db: Change, target: Target): Promise<string[]> {
  const { named, trees } = await lockTrees(db, target);
  const [only] = named;
  if (only?.isTrashed === false && 'id' in target) requireVersion('task', only.version, target.expectedVersion);
  await changeAll(db, idsBelow(named, trees, false), deletionTime(db.viewer.id));
  return idsOf(trees);
}

/**
 * Restores tasks and what was trashed with them: to their old locations, or to the end of the inbox or of the top level if the
 * list or the parent is gone. Errors: NOT_FOUND, LIMIT_EXCEEDED.
 * @returns the ids of the named tasks and of all that were restored with them, now or by an earlier call
 */
export async function restoreTasks(db: Change, target: Target): Promise<string[]> {
  const { named, trees } = await lockTrees(db, target);
  const ids = idsOf(trees);
  const roots = rootsOf(named, trees);
  const surroundings = await lockSurroundings(db, roots, new Set(ids));
  await requireRoom(db, roots, surroundings);
  await moveUprooted(db, roots, surroundings);
  await changeAll(db, idsBelow(named, trees, true), sql`null`);
  return ids;
}

/** One statement for any number of tasks, without loading their texts. */
async function changeAll(db: Change, ids: readonly string[], deletedAt: RawBuilder<unknown>): Promise<void> {
  if (ids.length === 0) return;
  await sql`
    update task set deleted_at = ${deletedAt}, updated_at = now(), version = version + 1, revision = ${db.revision}
    where user_id = ${db.viewer.id} and id = any(${ids}::uuid[])`.execute(db.kysely);
}

/** The ids of the named tasks that are, or are not, in the trash, and of those below them in the same state. */
function idsBelow(named: readonly TaskState[], trees: Trees['trees'], isTrashed: boolean): string[] {
  const chosen = named.filter((task) => task.isTrashed === isTrashed);
  return idsOf(new Map(chosen.map(({ id }) => [id, trees.get(id) ?? []])));
}

/** A task to restore with its tree. */
interface Root {
  readonly task: TaskState;
  readonly tree: readonly TreeNode[];
}

/** The named tasks that are in the trash, without those that are part of another one's tree. */
function rootsOf(named: readonly TaskState[], trees: Trees['trees']): Root[] {
  const trashed = named.filter(({ isTrashed }) => isTrashed);
  const treeOf = ({ id }: TaskState) => trees.get(id) ?? [];
  const below = new Set(trashed.flatMap((task) => treeOf(task).flatMap(({ id, depth }) => (depth > 0 ? [id] : []))));
  return trashed.filter(({ id }) => !below.has(id)).map((task) => ({ task, tree: treeOf(task) }));
}

/** The parents and lists that still exist, including tasks that the same call restores. */
interface Surroundings {
  readonly parentIds: ReadonlySet<string>;
  readonly listIds: ReadonlySet<string>;
}

async function lockSurroundings(
  db: Change,
  roots: readonly Root[],
  returning: ReadonlySet<string>,
): Promise<Surroundings> {
  const parentIds = new Set(roots.flatMap(({ task }) => task.parentId ?? []));
  const listIds = new Set(roots.flatMap(({ task }) => task.listId ?? []));
  const parents = await lockTasks(db, [...parentIds]);
  const lists = await presentLists(db, [...listIds]);
  const isThere = ({ id, isTrashed }: TaskState) => !isTrashed || returning.has(id);
  return {
    parentIds: new Set([...parents.values()].filter(isThere).map(({ id }) => id)),
    listIds: new Set(lists.map(({ id }) => id)),
  };
}

function presentLists(db: Change, ids: readonly string[]): Promise<{ id: string }[]> {
  return db.kysely
    .selectFrom('task_list')
    .where('user_id', '=', db.viewer.id)
    .where(sql<boolean>`id = any(${ids}::uuid[])`)
    .where('deleted_at', 'is', null)
    .select('id')
    .execute();
}

/** Below each parent that still exists. */
async function requireRoom(db: Change, roots: readonly Root[], { parentIds }: Surroundings): Promise<void> {
  const byParent = Map.groupBy(roots, ({ task }) => task.parentId);
  for (const [parentId, children] of byParent) {
    if (parentId === null || !parentIds.has(parentId)) continue;
    await requireRoomBelow(db, parentId, branchOf(children.flatMap(({ tree }) => tree)));
  }
}

/** Moves tasks whose parent or list is gone to the end of the top level of their list, or of the inbox. */
async function moveUprooted(db: Change, roots: readonly Root[], { parentIds, listIds }: Surroundings): Promise<void> {
  const keepsList = (listId: string | null) => listId === null || listIds.has(listId);
  const uprooted = roots
    .map(({ task }) => task)
    .filter(({ listId, parentId }) => (parentId === null ? !keepsList(listId) : !parentIds.has(parentId)));
  const byList = Map.groupBy(uprooted, ({ listId }) => (keepsList(listId) ? listId : null));
  for (const [listId, tasks] of byList) {
    await moveInto(db, { listId, parentId: null }, tasks);
  }
}

interface Trees {
  /** In the order in which the input names them. */
  readonly named: readonly TaskState[];
  /** Their trees, by id. */
  readonly trees: ReadonlyMap<string, TreeNode[]>;
}

/** The named tasks first. */
function idsOf(trees: Trees['trees']): string[] {
  return [...new Set([...trees.keys(), ...[...trees.values()].flatMap((tree) => tree.map(({ id }) => id))])];
}

/** Errors: NOT_FOUND naming every bad index, LIMIT_EXCEEDED. */
async function lockTrees(db: Change, target: Target): Promise<Trees> {
  const ids = namedIds(target);
  const tasks = await lockTasks(db, ids);
  requireAll(tasks, target);
  const trees = await readTrees(db, ids);
  const named = ids.flatMap((id) => tasks.get(id) ?? []);
  return { named, trees: new Map(ids.map((id) => [id, trees.get(id) ?? []])) };
}
