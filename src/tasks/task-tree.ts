import { sql } from 'kysely';
import type { Transaction } from '../database/database.ts';
import { AppError, ErrorCode } from '../errors.ts';
import type { Viewer } from '../graphql/context.ts';

/** Levels below the top. */
const maximumDepth = 5;

/** Subtasks on all levels below one task of the top level; what is in the trash does not count. */
const maximumSubtasks = 1_000;

/** A task somewhere below another. */
export interface Descendant {
  readonly id: string;
  /** Levels below the task that was asked about; 0 is that task itself. */
  readonly depth: number;
  readonly isTrashed: boolean;
  /** Whether it went to the trash together with the task that was asked about, or is there as little as that. */
  readonly goesAlong: boolean;
}

/** A task and all that are below it, in the trash or not. To be read under the lock of the structure. */
export async function readTree(transaction: Transaction, viewer: Viewer, id: string): Promise<Descendant[]> {
  return (await readTrees(transaction, viewer, [id])).get(id) ?? [];
}

/** The trees of several tasks, by their ids. One may be part of another. */
export async function readTrees(
  transaction: Transaction,
  viewer: Viewer,
  ids: readonly string[],
): Promise<Map<string, Descendant[]>> {
  const { rows } = await sql<Descendant & { rootId: string }>`
    with recursive tree as (
      select id as root, deleted_at as root_deleted_at, id, 0 as depth, deleted_at from task
      where user_id = ${viewer.id} and id = any(${ids}::uuid[])
      union all
      select tree.root, tree.root_deleted_at, task.id, tree.depth + 1, task.deleted_at from tree
      join task on task.user_id = ${viewer.id} and task.parent_id = tree.id
    )
    select root as "rootId", id, depth, deleted_at is not null as "isTrashed",
      deleted_at is not distinct from root_deleted_at as "goesAlong"
    from tree order by depth`.execute(transaction);
  return Map.groupBy(rows, ({ rootId }) => rootId);
}

/** The task and those above it, nearest first. */
async function readAncestors(transaction: Transaction, viewer: Viewer, id: string): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    with recursive line as (
      select id, parent_id, 0 as distance from task where user_id = ${viewer.id} and id = ${id}
      union all
      select task.id, task.parent_id, line.distance + 1 from line
      join task on task.user_id = ${viewer.id} and task.id = line.parent_id
    )
    select id from line order by distance`.execute(transaction);
  return rows.map((row) => row.id);
}

/** A task, with all that is below it, that is to come below another. */
interface Branch {
  /** Of the tasks that come along, those above included: 1 for a task without subtasks. */
  readonly levels: number;
  readonly ids: readonly string[];
}

/**
 * Makes sure that a branch finds room below a task, and does not come below itself.
 * @throws AppError LIMIT_EXCEEDED
 */
export async function requireRoomBelow(
  transaction: Transaction,
  viewer: Viewer,
  parentId: string,
  branch: Branch,
): Promise<void> {
  const ancestors = await readAncestors(transaction, viewer, parentId);
  if (ancestors.length - 1 + branch.levels > maximumDepth) {
    throw tooMuch(`Subtasks go ${maximumDepth} levels deep at most.`);
  }
  const top = ancestors.at(-1) ?? parentId;
  const tree = await readTree(transaction, viewer, top);
  // What comes along may have been in this tree before.
  const others = tree.filter(({ id, isTrashed }) => !isTrashed && id !== top && !branch.ids.includes(id));
  if (others.length + branch.ids.length > maximumSubtasks) {
    throw tooMuch(
      `A task has at most ${maximumSubtasks.toLocaleString('en')} subtasks, those of its subtasks included.`,
    );
  }
}

export function tooMuch(message: string): AppError {
  return new AppError(ErrorCode.LIMIT_EXCEEDED, message);
}

/** How much of a tree comes along when its root moves. */
export function branchOf(tree: readonly Descendant[]): Branch {
  const live = tree.filter(({ isTrashed }) => !isTrashed);
  return { levels: 1 + Math.max(0, ...live.map(({ depth }) => depth)), ids: live.map(({ id }) => id) };
}
