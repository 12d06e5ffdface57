import { sql } from 'kysely';
import type { Change } from '../../database/database.ts';
import { AppError, ErrorCode, type FieldProblem } from '../../errors.ts';
import { formatInteger } from '../../graphql/format-integer.ts';

/** Levels below the top. */
export const maximumDepth = 5;

/** Subtasks on all levels below one top-level task, without those in the trash. */
export const maximumSubtasks = 1_000;

export const tooDeep = `Subtasks can be at most ${maximumDepth} levels deep.`;
export const tooManySubtasks = `A task can have at most ${formatInteger(maximumSubtasks)} subtasks on all levels.`;

/** Tasks that one mutation may delete or restore, including those below the named ones. */
const maximumAtOnce = 5_000;

/** A task, or one somewhere below it. */
export interface TreeNode {
  readonly id: string;
  /** Levels below the root of the tree; 0 is the root itself. */
  readonly depth: number;
}

/** A task and all its subtasks with the same `deletedAt`. */
async function readTree(db: Change, id: string): Promise<TreeNode[]> {
  return (await readTrees(db, [id])).get(id) ?? [];
}

/** The trees of several tasks, by id, level by level. They may overlap. Errors: LIMIT_EXCEEDED. */
export async function readTrees(db: Change, ids: readonly string[]): Promise<Map<string, TreeNode[]>> {
  const { rows } = await sql<TreeNode & { rootId: string }>`
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
    throw limitExceeded(
      `With their subtasks, these are more than ${formatInteger(maximumAtOnce)} tasks. Select fewer at once.`,
    );
  }
  return Map.groupBy(rows, ({ rootId }) => rootId);
}

/** Tasks with their ancestors, nearest first, by id. */
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

/** Tasks with all their subtasks, to be moved below another task. */
interface Branch {
  /** Levels of the branch: 1 for a task without subtasks. */
  readonly levels: number;
  readonly ids: readonly string[];
}

/** Makes sure that a branch fits below a task outside the branch. Errors: LIMIT_EXCEEDED. */
export async function requireRoomBelow(db: Change, parentId: string, branch: Branch): Promise<void> {
  const ancestors = (await readAncestors(db, [parentId])).get(parentId) ?? [];
  if (ancestors.length - 1 + branch.levels > maximumDepth) throw limitExceeded(tooDeep);
  const top = ancestors.at(-1) ?? parentId;
  const coming = new Set(branch.ids);
  // The branch may already be part of this tree.
  const others = (await readTree(db, top)).filter(({ id }) => id !== top && !coming.has(id));
  if (others.length + coming.size > maximumSubtasks) throw limitExceeded(tooManySubtasks);
}

/** @param fields of the input to which it is due, if it has several records */
export function limitExceeded(message: string, fields: readonly FieldProblem[] = []): AppError {
  return new AppError(ErrorCode.LIMIT_EXCEEDED, message, fields.length > 0 ? { fields } : {});
}

/** The branch that these trees form together. */
export function branchOf(trees: readonly TreeNode[]): Branch {
  return { levels: 1 + Math.max(0, ...trees.map(({ depth }) => depth)), ids: trees.map(({ id }) => id) };
}
