import { sql } from 'kysely';
import type { Change } from '../../database/database.ts';
import { badUserInput, type FieldProblem, inTrash, noSuch, notFound } from '../../errors.ts';
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
 * The location that an input names for a task, given its current one. Call it with the user's tree locked.
 * Errors: NOT_FOUND, BAD_USER_INPUT if the list is not that of the parent.
 */
export async function requireDestination(
  db: Change,
  { listId, parentId }: { readonly [Name in keyof TaskLocation]?: TaskLocation[Name] | undefined },
): Promise<(current: TaskLocation) => TaskLocation> {
  if (listId) await requireLiveList(db, listId, ['input', 'listId']);
  if (parentId) {
    const ofParent = (await requireLiveTask(db, parentId, ['input', 'parentId'])).listId;
    if (listId === undefined || listId === ofParent) return () => ({ listId: ofParent, parentId });
    const message = 'A subtask belongs to the list of its parent. Leave the list out, or give the same one.';
    throw badUserInput([{ path: ['input', 'listId'], code: 'NOT_THE_PARENTS', message }]);
  }
  return (current) => {
    const keepsList = listId === undefined || listId === current.listId;
    return {
      listId: keepsList ? current.listId : listId,
      parentId: keepsList && parentId === undefined ? current.parentId : null,
    };
  };
}

/** Finds a task that is not in the trash. Errors: NOT_FOUND. */
export async function requireLiveTask(db: Change, id: string, path: FieldProblem['path']): Promise<TaskState> {
  const task = await statesOf(db, [id]).executeTakeFirst();
  if (!task) throw notFound(noSuch('task', path));
  if (task.isTrashed) throw notFound(inTrash('task', path));
  return task;
}

/** Moves tasks, in this order, to a location, with everything below them. @param tasks as they are stored */
export async function moveInto(
  db: Change,
  location: TaskLocation,
  tasks: readonly TaskState[],
  target: MoveTarget = {},
): Promise<void> {
  const ids = tasks.map(({ id }) => id);
  const positions = await positionsFor(db.kysely, siblingsIn(db, location), ids, target);
  if (positions === null) return;
  await sql`
    update task set list_id = ${location.listId}, parent_id = ${location.parentId}, position = moved.position
    from unnest(${ids}::uuid[], ${positions}::text[]) as moved(id, position)
    where user_id = ${db.viewer.id} and task.id = moved.id`.execute(db.kysely);
  const relisted = tasks.filter(({ listId }) => listId !== location.listId).map(({ id }) => id);
  if (relisted.length > 0) await moveSubtasks(db, relisted, location.listId);
}

/** Moves everything below tasks to their list, including what is in the trash. */
async function moveSubtasks(db: Change, ids: readonly string[], listId: string | null): Promise<void> {
  await sql`
    with recursive below as (
      select id from task where user_id = ${db.viewer.id} and parent_id = any(${ids}::uuid[])
      union all
      select task.id from below join task on task.user_id = ${db.viewer.id} and task.parent_id = below.id
    )
    update task set list_id = ${listId} where user_id = ${db.viewer.id} and id in (select id from below)`.execute(
    db.kysely,
  );
}
