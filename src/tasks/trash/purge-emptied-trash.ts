import { sql } from 'kysely';
import type { Transaction } from '../../database/database.ts';
import { useFreshPlans } from '../../database/fresh-plans.ts';
import { inUserBatches } from '../../jobs/batches.ts';
import { userJob } from '../../jobs/job.ts';
import { deleteLowest, retireGone } from '../../records/removal.ts';
import { Task } from '../task.entity.ts';

const owed = () => sql`select id as "user" from "user" where trash_emptied_at is not null and purged_at is null`;

/**
 * Removes the tasks that were in a user's trash when it was emptied, then forgets that it was. To clients with a copy of the data
 * a task is removed when its row is.
 */
export const purgeEmptiedTrash = userJob('purge-emptied-trash', owed, (user, context) =>
  inUserBatches(context, user, 'purged from emptied trash', async (transaction, size, metadata, revision) => {
    const upTo = await emptiedAt(transaction, user);
    if (upTo === null) return 0;
    await useFreshPlans(transaction);
    const matching = sql`and deleted_at is not null and deleted_at <= ${upTo} limit ${size}`;
    const { numAffectedRows = 0n } = await sql`
      with recursive ${deleteLowest(metadata.get(Task), user, matching)}
      ${retireGone(metadata, Task, sql`${revision.next}::bigint`)}`.execute(transaction);
    if (numAffectedRows === 0n) {
      await sql`update "user" set trash_emptied_at = null where id = ${user}`.execute(transaction);
    }
    return Number(numAffectedRows);
  }),
);

async function emptiedAt(transaction: Transaction, user: string): Promise<string | null> {
  const { rows } = await sql<{ upTo: string | null }>`
    select trash_emptied_at::text as "upTo" from "user" where id = ${user}`.execute(transaction);
  return rows[0]?.upTo ?? null;
}
