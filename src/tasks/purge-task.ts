import type { EntityManager } from '@mikro-orm/postgresql';
import { sql } from 'kysely';
import type { Transaction } from '../database/database.ts';
import { badUserInput } from '../errors.ts';
import type { Viewer } from '../graphql/context.ts';
import { noSuch, notFound } from '../graphql/record-problems.ts';
import { lockStructure } from '../users/lock-structure.ts';
import { RetiredId } from '../users/retired-id.entity.ts';
import { Task } from './task.entity.ts';
import { lockTasks } from './task-states.ts';

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
  const task = (await lockTasks(transaction, viewer, [id])).get(id);
  if (!task) {
    // Gone, or going with its list.
    const isGone = (await em.count(RetiredId, { user: viewer.id, id, kind: 'task' })) > 0;
    if (isGone || (await em.count(Task, { user: viewer.id, id })) > 0) return [id];
    throw notFound(noSuch('task'));
  }
  if (!task.isTrashed) {
    const message = 'Only a task in the trash can be purged: delete it first.';
    throw badUserInput([{ path: ['input', 'id'], code: 'NOT_IN_TRASH', message }]);
  }
  const { rows } = await sql<{ id: string }>`
    with recursive tree as (
      select id, 0 as depth from task where user_id = ${viewer.id} and id = ${id}
      union all
      select task.id, tree.depth + 1 from tree join task on task.user_id = ${viewer.id} and task.parent_id = tree.id
    ), gone as (
      delete from task where user_id = ${viewer.id} and id in (select id from tree) returning user_id, id
    ), retired as (
      insert into retired_id (user_id, id, kind) select user_id, id, 'task' from gone
    )
    select id from tree order by depth, id`.execute(transaction);
  return rows.map((row) => row.id);
}
