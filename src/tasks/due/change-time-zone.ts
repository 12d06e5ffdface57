import { sql } from 'kysely';
import type { Transaction } from '../../database/database.ts';
import { wallClocksAt } from '../../graphql/scalars/time-zones.ts';
import type { Context } from '../../graphql/server/context.ts';
import { inUserBatches } from '../../jobs/batches.ts';
import { userJob } from '../../jobs/job.ts';

/** Due dates per transaction: more than nearly every user has, and done in less than a second. */
const batch = 1_000;

/** Before every id. */
const start = '00000000-0000-0000-0000-000000000000';

/**
 * Sets the viewer's time zone, and moves the sort keys of due dates with a zone of their own to it. `moveDueKeys` moves those
 * that are too many for one transaction. Errors: UNAUTHENTICATED if the account is gone.
 */
export async function changeTimeZone({ db, jobs }: Context, timeZone: string): Promise<void> {
  const { id } = db.viewer;
  await db.change(async (change) => {
    const { kysely } = change;
    const { rows } = await sql`
      select from "user" where id = ${id} and time_zone <> ${timeZone} for no key update`.execute(kysely);
    if (rows.length === 0) return;
    await sql`
      update "user" set time_zone = ${timeZone}, due_keys_up_to = ${start}, revision = ${change.revision}
      where id = ${id}`.execute(kysely);
    if ((await moveBatch(kysely, id)) === batch) await jobs.enqueue(kysely, moveDueKeys, { user: id });
  });
}

const owed = () => sql`select id as "user" from "user" where due_keys_up_to is not null`;

/** Moves the remaining sort keys after a user's changes of the time zone. */
export const moveDueKeys = userJob('move-due-keys', owed, (user, context) =>
  // Not in the user's queue, which many changes by the user would fill. The lock of the user's counter is enough.
  inUserBatches(context, user, 'moved due dates to a new time zone', (transaction) => moveBatch(transaction, user)),
);

/**
 * Moves the user's next sort keys by id. Call it with the user's counter locked, so that no due date with a zone is written
 * meanwhile. @returns how many due dates it found
 */
async function moveBatch(transaction: Transaction, userId: string): Promise<number> {
  const user = await transaction
    .selectFrom('user')
    .where('id', '=', userId)
    .select(['time_zone as timeZone', 'due_keys_up_to as upTo'])
    .forNoKeyUpdate()
    .executeTakeFirst();
  if (!user?.upTo) return 0;
  // As numbers, because parsers of text disagree about the year 1.
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
