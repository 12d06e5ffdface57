import { sql } from 'kysely';
import type { Change } from '../../database/database.ts';
import { badUserInput, noSuch, notFound } from '../../errors.ts';
import { lockUserTree } from '../../records/lock-user-tree.ts';
import { RetiredId } from '../../records/retired-id.entity.ts';
import { Task } from '../task.entity.ts';
import { lockTasks } from '../task-states.ts';

/**
 * Removes a task in the trash for good, and what is below it; done again it succeeds. @returns the ids of all that is gone
 * Errors: NOT_FOUND, BAD_USER_INPUT where it is not in the trash.
 */
export async function purgeTask(db: Change, id: string): Promise<string[]> {
  const owner = db.viewer.id;
  await lockUserTree(db);
  const task = (await lockTasks(db, [id])).get(id);
  if (!task) {
    // Gone, or going with its list.
    const isGone = (await db.em.count(RetiredId, { id, kind: 'task' })) > 0 || (await db.em.count(Task, { id })) > 0;
    if (isGone) return [id];
    throw notFound(noSuch('task'));
  }
  if (!task.isTrashed) {
    const message = 'Only a task in the trash can be purged: delete it first.';
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
      insert into retired_id (user_id, id, kind) select user_id, id, 'task' from gone
    )
    select id from tree order by depth, id`.execute(db.kysely);
  return rows.map((row) => row.id);
}
