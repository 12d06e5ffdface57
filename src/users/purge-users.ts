import { sql } from 'kysely';
import type { Transaction } from '../database/database.ts';
import { useFreshPlans } from '../database/fresh-plans.ts';
import type { ServiceDatabase } from '../database/service-database.ts';
import { batchJob } from '../jobs/background.ts';

/** Rows of a table that one transaction removes: with a task go up to 50 links to labels. */
const batch = 200;

/** Batches that the request itself removes: an account of a thousand tasks is gone before it is answered. */
const batchesAtOnce = 20;

/** What may be more than a batch where no task is left; what else there is goes with the user. */
const tables = ['task_list', 'label', 'security_event', 'retired_id'];

/** Ends an account; its rows are left to `purgeUser` and `purgeUsers`. To be called with the user's row locked. */
export async function markUser(transaction: Transaction, id: string): Promise<void> {
  await sql`delete from session where user_id = ${id}`.execute(transaction);
  await sql`
    update "user" set purged_at = now(), email = '', password_hash = '', due_keys_up_to = null
    where id = ${id}`.execute(transaction);
}

/** Removes the first rows of an account that is marked: of most accounts, all of them. */
export async function purgeUser(serviceDatabase: ServiceDatabase, id: string): Promise<void> {
  const batch = (transaction: Transaction) => purgeBatch(transaction, id);
  for (let count = 0; count < batchesAtOnce; count++) {
    // Where rows are locked, the job has to wait for them, not the user.
    if ((await serviceDatabase.change(batch).catch(() => 0)) === 0) return;
  }
}

/** Removes what is left of accounts that are marked. Several instances at once take turns. */
export const purgeUsers = batchJob({
  failure: 'an account could not be removed',
  success: 'removed accounts',
  items: (kysely) => kysely.selectFrom('user').where('purged_at', 'is not', null).select('id').limit(sql.lit(1_000)),
  batch: (transaction, { id }) => purgeBatch(transaction, id),
});

/** @returns how many rows it found, the user's included: 0 where nothing is left */
async function purgeBatch(transaction: Transaction, id: string): Promise<number> {
  // No stronger: jobs that have rows locked which this one waits for keep ids of the user's meanwhile.
  const { rows } = await sql`
    select from "user" where id = ${id} and purged_at is not null for no key update`.execute(transaction);
  if (rows.length === 0) return 0;
  await useFreshPlans(transaction);
  const tasks = await purgeTasks(transaction, id);
  return tasks > 0 ? tasks : purgeOthers(transaction, id);
}

/** From each of what is more than a batch down to one without subtasks, which goes. @returns how many it started from */
async function purgeTasks(transaction: Transaction, id: string): Promise<number> {
  // No joins: where the tables were small when they were last analyzed, one would compare every task with every other.
  const below = sql`from task where user_id = ${id} and parent_id = line.id limit 1`;
  const { rows } = await sql<{ count: number }>`
    with recursive first as (
      select id, ctid as row from task where user_id = ${id} limit ${sql.lit(batch)} offset ${sql.lit(batch)}
    ), line as (
      select id, row from first
      union
      select lower.id, lower.row from line cross join lateral (select id, ctid as row ${below}) lower
    ), gone as (
      delete from task where ctid = any(array(select row from line where (select true ${below}) is null))
    )
    select count(*)::int from first`.execute(transaction);
  return rows[0]?.count ?? 0;
}

/** The rest, or a part. Tasks and labels by themselves: with the user they could deadlock with jobs that keep their ids. */
async function purgeOthers(transaction: Transaction, id: string): Promise<number> {
  await sql`delete from task where user_id = ${id}`.execute(transaction);
  let found = 0;
  for (const table of tables) found += await purgeSurplus(transaction, table, id);
  if (found > 0) return found;
  await sql`delete from label where user_id = ${id}`.execute(transaction);
  await sql`delete from "user" where id = ${id}`.execute(transaction);
  return 1;
}

/** A batch of what is more than a batch. */
async function purgeSurplus(transaction: Transaction, table: string, id: string): Promise<number> {
  const name = sql.table(table);
  const { numAffectedRows = 0n } = await sql`
    delete from ${name} where ctid = any(array(
      select ctid from ${name} where user_id = ${id} limit ${sql.lit(batch)} offset ${sql.lit(batch)}))`.execute(
    transaction,
  );
  return Number(numAffectedRows);
}
