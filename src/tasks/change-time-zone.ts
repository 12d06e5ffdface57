import { sql } from 'kysely';
import type { Transaction } from '../database/database.ts';
import type { Viewer } from '../graphql/context.ts';
import { wallClocksAt } from '../graphql/time-zones.ts';
import { lockStructure } from '../users/lock-structure.ts';

/**
 * Sets in which zone the viewer's days count, and finds for each due with a zone of its own where it now stands among
 * them. The others stay where they are: they mean the same day and wall-clock time everywhere.
 */
export async function changeTimeZone(transaction: Transaction, viewer: Viewer, timeZone: string): Promise<void> {
  await lockStructure(transaction, viewer);
  await sql`update "user" set time_zone = ${timeZone} where id = ${viewer.id}`.execute(transaction);
  // In the order of their ids, as all who lock several tasks do.
  const { rows } = await sql<{ id: string; dueAt: Date }>`
    select id, due_at as "dueAt" from task
    where user_id = ${viewer.id} and due_at is not null order by id for update`.execute(transaction);
  const keys = wallClocksAt(
    timeZone,
    rows.map(({ dueAt }) => new Date(dueAt)),
  );
  const ids = rows.map(({ id }) => id);
  await sql`
    update task set due_key = moved.key
    from unnest(${ids}::uuid[], ${keys}::timestamp[]) as moved(id, key)
    where task.user_id = ${viewer.id} and task.id = moved.id`.execute(transaction);
}
