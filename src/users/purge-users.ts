import { sql } from 'kysely';
import type { Transaction } from '../database/database.ts';
import { useFreshPlans } from '../database/fresh-plans.ts';
import type { ServiceDatabase } from '../database/service-database.ts';
import { batchJob } from '../jobs/background.ts';

/** Rows of a table that one transaction removes. A task takes up to 50 links to labels with it. */
const batch = 200;

/** Batches that the request itself removes: with a thousand tasks, an account is gone before the reply. */
const batchesAtOnce = 20;

/** Tables that may hold more than a batch once no task is left. All others are removed with the user. */
const tables = ['task_list', 'label', 'security_event', 'retired_id'];

/** Ends an account. `purgeUser` and `purgeUsers` remove its rows. Call it with the user's row locked. */
export async function markUserForRemoval(transaction: Transaction, id: string): Promise<void> {
  await sql`delete from session where user_id = ${id}`.execute(transaction);
  await sql`
    update "user" set purged_at = now(), email = '', password_hash = '', due_keys_up_to = null
    where id = ${id}`.execute(transaction);
}

/** Removes the first rows of a marked account: for most accounts, all of them. */
export async function purgeUser(serviceDatabase: ServiceDatabase, id: string): Promise<void> {
  const batch = (transaction: Transaction) => purgeBatch(transaction, id);
  for (let count = 0; count < batchesAtOnce; count++) {
    // If rows are locked, the job waits for them instead of the user.
    if ((await serviceDatabase.change(batch).catch(() => 0)) === 0) return;
  }
}

/** Removes the remaining rows of marked accounts. Instances take turns. */
export const purgeUsers = batchJob({
  failure: 'an account could not be removed',
  success: 'removed accounts',
  items: (kysely) => kysely.selectFrom('user').where('purged_at', 'is not', null).select('id').limit(sql.lit(1_000)),
  batch: (transaction, { id }) => purgeBatch(transaction, id),
});

/** @returns how many rows it found, including the user's: 0 if nothing is left */
async function purgeBatch(transaction: Transaction, id: string): Promise<number> {
  // No stronger lock: jobs whose rows this one waits for insert retired ids of the user meanwhile.
  const { rows } = await sql`
    select from "user" where id = ${id} and purged_at is not null for no key update`.execute(transaction);
  if (rows.length === 0) return 0;
  await useFreshPlans(transaction);
  const tasks = await purgeTasks(transaction, id);
  return tasks > 0 ? tasks : purgeOthers(transaction, id);
}

/** From each task past the first batch, follows subtasks down to one without any, and deletes that. @returns how many */
async function purgeTasks(transaction: Transaction, id: string): Promise<number> {
  // No joins: if the tables were small when last analyzed, a join would compare every task with every other.
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

/** Removes the rest, or part of it. Tasks and labels first: cascading from the user could deadlock with other jobs. */
async function purgeOthers(transaction: Transaction, id: string): Promise<number> {
  await sql`delete from task where user_id = ${id}`.execute(transaction);
  let found = 0;
  for (const table of tables) found += await purgeSurplus(transaction, table, id);
  if (found > 0) return found;
  await sql`delete from label where user_id = ${id}`.execute(transaction);
  await sql`delete from "user" where id = ${id}`.execute(transaction);
  return 1;
}

/** Removes a batch of the rows past the first batch. */
async function purgeSurplus(transaction: Transaction, table: string, id: string): Promise<number> {
  const name = sql.table(table);
  const { numAffectedRows = 0n } = await sql`
    delete from ${name} where ctid = any(array(
      select ctid from ${name} where user_id = ${id} limit ${sql.lit(batch)} offset ${sql.lit(batch)}))`.execute(
    transaction,
  );
  return Number(numAffectedRows);
}
