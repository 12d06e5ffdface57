import { type RawBuilder, sql } from 'kysely';
import type { Transaction } from '../../database/database.ts';
import { useFreshPlans } from '../../database/fresh-plans.ts';
import { batchJob } from '../../jobs/background.ts';

interface PurgedList {
  readonly owner: string;
  readonly id: string;
}

/** Removes lists that are marked as purged, with every task in them. Several instances at once take those of different users. */
export const purgeLists = batchJob<PurgedList>({
  failure: 'a list could not be purged',
  success: 'purged with their lists',
  items: (kysely) =>
    kysely
      .selectFrom('task_list')
      .where('deleted_at', 'is not', null)
      .where('purged_at', 'is not', null)
      .select(['user_id as owner', 'id'])
      .orderBy('purged_at')
      .limit(sql.lit(1_000)),
  async batch(transaction, list, size) {
    // Locked, so that no task leaves the list meanwhile. An owner with a change in progress is left for later.
    const { rows } = await sql`
      select from "user" where id = ${list.owner} for no key update skip locked`.execute(transaction);
    if (rows.length === 0) return 0;
    const tasks = await purgeTasks(transaction, list, size);
    return tasks > 0 ? tasks : purgeEmpty(transaction, list);
  },
});

/** Goes down from each task of a batch to one that has no subtasks, and removes that: no search for such tasks in the list. */
async function purgeTasks(
  transaction: Transaction,
  { owner, id }: PurgedList,
  size: RawBuilder<unknown>,
): Promise<number> {
  await useFreshPlans(transaction);
  const below = sql`from task where user_id = ${owner} and parent_id = line.id limit 1`;
  // No joins: where the tables were small when they were last analyzed, one would compare every task with every other.
  const { numAffectedRows = 0n } = await sql`
    with recursive line as (
      (select id, ctid as row from task where user_id = ${owner} and list_id = ${id} limit ${size})
      union
      select lower.id, lower.row from line cross join lateral (select id, ctid as row ${below}) lower
    ), gone as (
      delete from task where ctid = any(array(select row from line where (select true ${below}) is null))
      returning user_id, id
    )
    insert into retired_id (user_id, id, kind) select user_id, id, 'task' from gone`.execute(transaction);
  return Number(numAffectedRows);
}

async function purgeEmpty(transaction: Transaction, { owner, id }: PurgedList): Promise<number> {
  const { numAffectedRows = 0n } = await sql`
    with gone as (delete from task_list where user_id = ${owner} and id = ${id} returning user_id, id)
    insert into retired_id (user_id, id, kind) select user_id, id, 'list' from gone`.execute(transaction);
  return Number(numAffectedRows);
}
