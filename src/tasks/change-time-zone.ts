import { sql } from 'kysely';
import type { Database, Transaction } from '../database/database.ts';
import type { Viewer } from '../graphql/context.ts';
import { wallClocksAt } from '../graphql/time-zones.ts';
import { eachInBatches, type Job } from '../jobs/background.ts';
import { lockStructure } from '../users/lock-structure.ts';

/** Dues that one transaction moves: more than nearly anybody has, and no user waits for a second. */
const batch = 1_000;

/** Before every id. */
const start = '00000000-0000-0000-0000-000000000000';

/**
 * Sets in which zone the viewer's days count, and finds for each due with a zone of its own where it now stands among
 * them. The others stay where they are: they mean the same day and wall-clock time everywhere.
 * @returns whether dues are left to `moveDues`
 */
export async function changeTimeZone(transaction: Transaction, viewer: Viewer, timeZone: string): Promise<boolean> {
  await lockStructure(transaction, viewer);
  await sql`update "user" set time_zone = ${timeZone}, due_keys_up_to = ${start} where id = ${viewer.id}`.execute(
    transaction,
  );
  return (await moveBatch(transaction, viewer.id)) === batch;
}

/** Brings the dues of users with very many of them to the zone that they moved to. */
export const moveDues: Job = {
  failure: 'dues could not be brought to a new zone',
  interval: 60_000,
  async run(context) {
    const { database, logger } = context;
    // In no queue: where a user makes very many changes it would be full. The lock of the user's row is what counts.
    const moved = await eachInBatches(context, moveDues, await usersToMove(database), ({ id }) =>
      database.asService.change((transaction) => moveBatch(transaction, id)),
    );
    if (moved > 0) logger.info({ moved }, 'brought dues to a new zone');
  },
};

function usersToMove(database: Database) {
  return database.asService.read(
    'users to move',
    () => database.build.selectFrom('user').where('due_keys_up_to', 'is not', null).select('id').limit(sql.lit(1_000)),
    {},
  );
}

/**
 * Moves the next dues of a user, in the order of their ids, as all who lock several tasks do. The user is locked, so that
 * neither the zone changes meanwhile nor a due with a zone is written.
 * @returns how many there were
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
