import { sql } from 'kysely';
import type { Change, Transaction } from '../../database/database.ts';
import { wallClocksAt } from '../../graphql/scalars/time-zones.ts';
import { batchJob } from '../../jobs/background.ts';
import { lockUserTree } from '../../records/lock-user-tree.ts';

/** Dues that one transaction moves: more than nearly anybody has, and no user waits for a second. */
const batch = 1_000;

/** Before every id. */
const start = '00000000-0000-0000-0000-000000000000';

/**
 * Sets in which zone the viewer's days count, and where each due with a zone of its own now stands among them.
 * @returns whether dues are left to `moveDues`
 */
export async function changeTimeZone(db: Change, timeZone: string): Promise<boolean> {
  const { id } = db.viewer;
  await lockUserTree(db);
  await sql`update "user" set time_zone = ${timeZone}, due_keys_up_to = ${start} where id = ${id}`.execute(db.kysely);
  return (await moveBatch(db.kysely, id)) === batch;
}

/** Brings the dues of users with very many of them to the zone that they moved to. */
export const moveDues = batchJob({
  failure: 'dues could not be brought to a new zone',
  success: 'brought dues to a new zone',
  items: (kysely) =>
    kysely.selectFrom('user').where('due_keys_up_to', 'is not', null).select('id').limit(sql.lit(1_000)),
  // In no queue: where a user makes very many changes it would be full. The lock of the user's row is what counts.
  batch: (transaction, { id }) => moveBatch(transaction, id),
});

/**
 * Moves the next dues of a user in the order of their ids, as all who lock several tasks do, with the user locked, so that no
 * due with a zone is written meanwhile. @returns how many there were
 */
async function moveBatch(transaction: Transaction, userId: string): Promise<number> {
  const user = await transaction
    .selectFrom('user')
    .where('id', '=', userId)
    .select(['time_zone as timeZone', 'due_keys_up_to as upTo'])
    .forNoKeyUpdate()
    .executeTakeFirst();
  if (!user?.upTo) return 0;
  // Numbers, because no parser of texts is sure of the year 1.
  const { rows } = await sql<{ id: string; dueAt: number }>`
    select id, extract(epoch from due_at)::float8 * 1000 as "dueAt" from task
    where user_id = ${userId} and due_at is not null and id > ${user.upTo}
    order by id limit ${batch} for no key update`.execute(transaction);
  const ids = rows.map(({ id }) => id);
  const keys = wallClocksAt(
    user.timeZone,
    rows.map(({ dueAt }) => Math.round(dueAt)),
  );
  await sql`
    update task set due_key = moved.key from unnest(${ids}::uuid[], ${keys}::timestamp[]) as moved (id, key)
    where task.user_id = ${userId} and task.id = moved.id and task.due_key is distinct from moved.key`.execute(
    transaction,
  );
  const upTo = rows.length < batch ? null : ids.at(-1);
  await sql`update "user" set due_keys_up_to = ${upTo} where id = ${userId}`.execute(transaction);
  return rows.length;
}
