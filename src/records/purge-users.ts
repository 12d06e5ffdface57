import type { EntityMetadata, MetadataStorage } from '@mikro-orm/core';
import { sql } from 'kysely';
import type { Transaction } from '../database/database.ts';
import { useFreshPlans } from '../database/fresh-plans.ts';
import type { ServiceDatabase } from '../database/service-database.ts';
import { inBatches } from '../jobs/batches.ts';
import { userJob } from '../jobs/job.ts';
import type { Jobs } from '../jobs/jobs.ts';
import { deleteLowest, ownedEntities } from './removal.ts';

/** Rows of a table that one transaction removes. A task takes up to 50 links to labels with it. */
const batch = 200;

/** Batches that the request itself removes: with a thousand tasks, an account is gone before the reply. */
const batchesAtOnce = 30;

/** Within them, the request has removed its part. */
const secondsForRequest = 10;

/** Marks an account as removed: `removeRows` and the job remove its rows. Call it with the user's row locked. */
export async function markUserForRemoval(transaction: Transaction, jobs: Jobs, id: string): Promise<void> {
  // Without it, nothing of the user can be changed any more: see Revision.
  await sql`delete from user_change where user_id = ${id}`.execute(transaction);
  await sql`delete from session where user_id = ${id}`.execute(transaction);
  // With the addresses in them.
  await sql`delete from email_token where user_id = ${id}`.execute(transaction);
  const { rows } = await sql<{ email: string }>`select email from "user" where id = ${id}`.execute(transaction);
  await jobs.deleteJobsOf(transaction, id, rows[0]?.email);
  await sql`
    update "user" set purged_at = now(), email = '', password_hash = '', due_keys_up_to = null, trash_emptied_at = null
    where id = ${id}`.execute(transaction);
  await jobs.enqueueAfter(secondsForRequest, transaction, purgeUser, { user: id });
}

/** Removes the first rows of a marked account: for most accounts, all of them. */
export async function removeRows(serviceDatabase: ServiceDatabase, jobs: Jobs, id: string): Promise<void> {
  const batch = (transaction: Transaction) => purgeBatch(transaction, jobs, id, serviceDatabase.metadata);
  for (let count = 0; count < batchesAtOnce; count++) {
    // If rows are locked, the job waits for them instead of the user.
    if ((await serviceDatabase.change(batch).catch(() => 0)) === 0) return;
  }
  await serviceDatabase.change((transaction) => jobs.enqueue(transaction, purgeUser, { user: id }));
}

const owed = () => sql`select id as "user" from "user" where purged_at is not null`;

/** Removes the remaining rows of a marked account. */
export const purgeUser = userJob('purge-user', owed, (user, context) =>
  inBatches(context, 'removed accounts', (transaction, _size, metadata) =>
    purgeBatch(transaction, context.jobs, user, metadata),
  ),
);

/**
 * Removes rows of one table only: while it holds their locks, it must not wait for rows of another table, which a job that
 * waits for these may have locked. @returns how many it found, including the user's; 0 if nothing is left
 */
async function purgeBatch(
  transaction: Transaction,
  jobs: Jobs,
  id: string,
  metadata: MetadataStorage,
): Promise<number> {
  // No stronger lock: jobs whose rows this one waits for insert retired ids of the user meanwhile.
  const { rows } = await sql`
    select from "user" where id = ${id} and purged_at is not null for no key update`.execute(transaction);
  if (rows.length === 0) return 0;
  await useFreshPlans(transaction);
  for (const entity of ownedEntities(metadata)) {
    const found = await purgeRows(transaction, entity, id);
    if (found > 0) return found;
  }
  await sql`delete from "user" where id = ${id}`.execute(transaction);
  await jobs.deleteJobsOf(transaction, id);
  return 1;
}

/** Removes a batch of rows; once no more than one batch is left, all of it. */
async function purgeRows(transaction: Transaction, entity: EntityMetadata, id: string): Promise<number> {
  const size = sql.lit(batch);
  const surplus = deleteLowest(entity, id, sql`limit ${size} offset ${size}`);
  const { rows } = await sql`with recursive ${surplus} select from gone`.execute(transaction);
  if (rows.length > 0) return rows.length;
  const last = sql`delete from ${sql.table(entity.tableName)} where user_id = ${id}`;
  return Number((await last.execute(transaction)).numAffectedRows);
}
