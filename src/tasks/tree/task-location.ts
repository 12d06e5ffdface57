import { sql } from 'kysely';
import type { Change } from '../../database/database.ts';
import { badUserInput, type FieldProblem, inTrash, notFound, unknownId } from '../../errors.ts';
import { requireLiveList } from '../../lists/lists.ts';
import { type MoveTarget, positionsFor, type SiblingGroup } from '../../records/positions.ts';
import { statesOf, type TaskLocation, type TaskState } from '../task-states.ts';

export function siblingsIn({ viewer }: Change, { listId, parentId }: TaskLocation): SiblingGroup {
  const list = listId === null ? sql`list_id is null` : sql`list_id = ${listId}`;
  const parent = parentId === null ? sql`parent_id is null` : sql`parent_id = ${parentId}`;
  const condition = sql<boolean>`user_id = ${viewer.id} and ${list} and ${parent}`;
  return { table: 'task', condition, prefix: ['list_id', 'parent_id'] };
}

/**
 * Checks the location in an input, and returns a function from a task's current location to its new one. Errors: NOT_FOUND, BAD_USER_INPUT if the parent is in another list.
 */
export async function resolveDestination(
  db: Change,
  { listId, parentId }: { readonly [Name in keyof TaskLocation]?: TaskLocation[Name] | undefined },
): Promise<(current: TaskLocation) => TaskLocation> {
  if (listId) await requireLiveList(db, listId, ['input', 'listId']);
  if (parentId) {
    const ofParent = (await requireLiveTask(db, parentId, ['input', 'parentId'])).listId;
    if (listId === undefined || listId === ofParent) return () => ({ listId: ofParent, parentId });
    throw badUserInput([notTheParents(['input', 'listId'])]);
  }
  return (current) => {
    const keepsList = listId === undefined || listId === current.listId;
    return {
      listId: keepsList ? current.listId : listId,
      parentId: keepsList && parentId === undefined ? current.parentId : null,
    };
  };
}

export function notTheParents(path: FieldProblem['path']): FieldProblem {
  const message = 'A subtask belongs to the list of its parent. Omit listId, or give the list of the parent.';
  return { path, code: 'NOT_THE_PARENTS', message };
}

/** Finds a task that is not in the trash. Errors: NOT_FOUND. */
export async function requireLiveTask(db: Change, id: string, path: FieldProblem['path']): Promise<TaskState> {
  const task = await statesOf(db, [id]).executeTakeFirst();
  if (!task) throw notFound(unknownId('task', path));
  if (task.isTrashed) throw notFound(inTrash('task', path));
  return task;
}

/** Moves tasks with all their subtasks to a location, in this order. @param tasks as they are stored */
export async function moveInto(
  db: Change,
  location: TaskLocation,
  tasks: readonly TaskState[],
  target: MoveTarget = {},
): Promise<void> {
  const ids = tasks.map(({ id }) => id);
  const positions = await positionsFor(db, siblingsIn(db, location), ids, target);
  if (positions === null) return;
  await sql`
    update task set list_id = ${location.listId}, parent_id = ${location.parentId}, position = moved.position, revision = ${db.revision}
    from unnest(${ids}::uuid[], ${positions}::text[]) as moved(id, position)
    where user_id = ${db.viewer.id} and task.id = moved.id`.execute(db.kysely);
  const relisted = tasks.filter(({ listId }) => listId !== location.listId).map(({ id }) => id);
  if (relisted.length > 0) await moveSubtasks(db, relisted, location.listId);
}

/** Moves all subtasks of tasks to their list, including those in the trash. */
async function moveSubtasks(db: Change, ids: readonly string[], listId: string | null): Promise<void> {
  await sql`
    with recursive below as (
      select id from task where user_id = ${db.viewer.id} and parent_id = any(${ids}::uuid[])
      union all
      select task.id from below join task on task.user_id = ${db.viewer.id} and task.parent_id = below.id
    )
    update task set list_id = ${listId}, revision = ${db.revision} where user_id = ${db.viewer.id} and id in (select id from below)`.execute(
    db.kysely,
  );
}
