import { sql } from 'kysely';
import type { Transaction } from '../database/database.ts';
import type { Viewer } from '../graphql/context.ts';
import { lockStructure } from '../users/lock-structure.ts';
import { requireZone } from '../users/time-zone.ts';
import { dueKey } from './due.ts';

/**
 * Sets in which zone the viewer's days count, and finds for each due with a zone of its own where it now stands among
 * them. The others stay where they are: they mean the same day and wall-clock time everywhere. Errors: BAD_USER_INPUT.
 */
export async function changeTimeZone(transaction: Transaction, viewer: Viewer, timeZone: string): Promise<void> {
  await lockStructure(transaction, viewer);
  await requireZone(transaction, timeZone);
  await sql`update "user" set time_zone = ${timeZone} where id = ${viewer.id}`.execute(transaction);
  const key = dueKey({ date: sql`null`, time: sql`null`, at: sql.ref('task.due_at'), zone: timeZone });
  // In the order of their ids, as all who lock several tasks do.
  await sql`
    update task set due_key = ${key}
    from (select id from task where user_id = ${viewer.id} and due_at is not null order by id for update) zoned
    where task.user_id = ${viewer.id} and task.id = zoned.id`.execute(transaction);
}
