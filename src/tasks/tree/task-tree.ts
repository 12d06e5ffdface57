import { sql } from 'kysely';
import type { Change } from '../../database/database.ts';
import { AppError, ErrorCode } from '../../errors.ts';
import { printFigure } from '../../graphql/format-integer.ts';

/** Levels below the top. */
const maximumDepth = 5;

/** Subtasks on all levels below one task of the top level; what is in the trash does not count. */
const maximumSubtasks = 1_000;

/** Tasks that one mutation puts in the trash, or takes out of it, those below the named ones included. */
const maximumAtOnce = 5_000;

/** A task, or one somewhere below it. */
export interface Member {
  readonly id: string;
  /** Levels below the task that was asked about; 0 is that task itself. */
  readonly depth: number;
}

/**
 * A task and what is below it that is in the trash since the same moment, or not either. To be read with the user's tree
 * locked.
 */
async function readTree(db: Change, id: string): Promise<Member[]> {
  return (await readTrees(db, [id])).get(id) ?? [];
}

/** The trees of several tasks, by their ids, level by level. One may be part of another. Errors: LIMIT_EXCEEDED. */
export async function readTrees(db: Change, ids: readonly string[]): Promise<Map<string, Member[]>> {
  const { rows } = await sql<Member & { rootId: string }>`
    with recursive tree as (
      select id as root, deleted_at, id, 0 as depth from task
      where user_id = ${db.viewer.id} and id = any(${ids}::uuid[])
      union all
      select tree.root, tree.deleted_at, task.id, tree.depth + 1 from tree
      join task on task.user_id = ${db.viewer.id} and task.parent_id = tree.id
        and task.deleted_at is not distinct from tree.deleted_at
    )
    select root as "rootId", id, depth from (select * from tree limit ${sql.lit(maximumAtOnce + 1)}) found
    order by depth, id`.execute(db.kysely);
  if (rows.length > maximumAtOnce) {
    throw tooMuch(`With all subtasks these are over ${printFigure(maximumAtOnce)} tasks: take fewer at once.`);
  }
  return Map.groupBy(rows, ({ rootId }) => rootId);
}

/** Tasks with those above them, nearest first, by their ids. */
export async function readAncestors(db: Change, ids: readonly string[]): Promise<Map<string, string[]>> {
  if (ids.length === 0) return new Map();
  const { rows } = await sql<{ rootId: string; id: string }>`
    with recursive line as (
      select id as root, id, parent_id, 0 as distance from task where user_id = ${db.viewer.id} and id = any(${ids}::uuid[])
      union all
      select line.root, task.id, task.parent_id, line.distance + 1 from line
      join task on task.user_id = ${db.viewer.id} and task.id = line.parent_id
    )
    select root as "rootId", id from line order by distance`.execute(db.kysely);
  return new Map(
    [...Map.groupBy(rows, ({ rootId }) => rootId)].map(([root, line]) => [root, line.map(({ id }) => id)]),
  );
}

/** A task, with all that is below it, that is to come below another. */
interface Branch {
  /** Of the tasks that come along, those above included: 1 for a task without subtasks. */
  readonly levels: number;
  readonly ids: readonly string[];
}

/** Makes sure that a branch finds room below a task, which is none of its own. Errors: LIMIT_EXCEEDED. */
export async function requireRoomBelow(db: Change, parentId: string, branch: Branch): Promise<void> {
  const ancestors = (await readAncestors(db, [parentId])).get(parentId) ?? [];
  if (ancestors.length - 1 + branch.levels > maximumDepth) {
    throw tooMuch(`Subtasks go ${maximumDepth} levels deep at most.`);
  }
  const top = ancestors.at(-1) ?? parentId;
  const coming = new Set(branch.ids);
  // What comes along may have been in this tree before.
  const others = (await readTree(db, top)).filter(({ id }) => id !== top && !coming.has(id));
  if (others.length + coming.size > maximumSubtasks) {
    throw tooMuch(`A task has at most ${printFigure(maximumSubtasks)} subtasks, those of its subtasks included.`);
  }
}

export function tooMuch(message: string): AppError {
  return new AppError(ErrorCode.LIMIT_EXCEEDED, message);
}

/** How much comes along when these move. */
export function branchOf(trees: readonly Member[]): Branch {
  return { levels: 1 + Math.max(0, ...trees.map(({ depth }) => depth)), ids: trees.map(({ id }) => id) };
}
