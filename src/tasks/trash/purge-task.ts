import { sql } from 'kysely';
import type { Change } from '../../database/database.ts';
import { badUserInput, notFound, unknownId } from '../../errors.ts';
import { retireGone } from '../../records/removal.ts';
import { RetiredId } from '../../records/retired-id.entity.ts';
import { Task } from '../task.entity.ts';
import { lockTasks } from '../task-states.ts';

/**
 * Permanently removes a task in the trash and everything below it. Succeeds again if repeated.
 * @returns the ids of all removed tasks. Errors: NOT_FOUND, BAD_USER_INPUT if it is not in the trash.
 */
export async function purgeTask(db: Change, id: string): Promise<string[]> {
  const owner = db.viewer.id;
  const task = (await lockTasks(db, [id])).get(id);
  if (!task) {
    // Purged already, or being purged with its list.
    const isGone = (await db.em.count(RetiredId, { id, kind: 'task' })) > 0 || (await db.em.count(Task, { id })) > 0;
    if (isGone) return [id];
    throw notFound(unknownId('task'));
  }
  if (!task.isTrashed) {
    const message = 'Only tasks in the trash can be purged. Delete the task first.';
    throw badUserInput([{ path: ['input', 'id'], code: 'NOT_IN_TRASH', message }]);
  }
  const { rows } = await sql<{ id: string }>`
    with recursive tree as (
      select id, 0 as depth from task where user_id = ${owner} and id = ${id}
      union all
      select task.id, tree.depth + 1 from tree join task on task.user_id = ${owner} and task.parent_id = tree.id
    ), gone as (
      delete from task where user_id = ${owner} and id in (select id from tree) returning user_id, id
    ), retired as (
      ${retireGone(db.metadata, Task, sql`${db.revision}::bigint`)}
    )
    select id from tree order by depth, id`.execute(db.kysely);
  return rows.map((row) => row.id);
}
