import type { MetadataStorage } from '@mikro-orm/core';
import { type RawBuilder, sql } from 'kysely';
import type { Transaction } from '../../database/database.ts';
import { useFreshPlans } from '../../database/fresh-plans.ts';
import { batchJob } from '../../jobs/background.ts';
import { TaskList } from '../../lists/list.entity.ts';
import { deleteLowest, retireGone } from '../../records/removal.ts';
import { Task } from '../task.entity.ts';

interface PurgedList {
  readonly owner: string;
  readonly id: string;
}

/** Removes lists that are marked as purged, with all their tasks. Concurrent instances work on different users. */
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
  async batch(transaction, list, size, metadata) {
    // Locked, so that no task leaves the list meanwhile. An owner with a change in progress is skipped for now.
    const { rows } = await sql`
      select from "user" where id = ${list.owner} for no key update skip locked`.execute(transaction);
    if (rows.length === 0) return 0;
    const tasks = await purgeTasks(transaction, metadata, list, size);
    return tasks > 0 ? tasks : purgeEmpty(transaction, metadata, list);
  },
});

/** From each task of a batch down to one that has no subtasks. */
async function purgeTasks(
  transaction: Transaction,
  metadata: MetadataStorage,
  { owner, id }: PurgedList,
  size: RawBuilder<unknown>,
): Promise<number> {
  await useFreshPlans(transaction);
  const tasks = deleteLowest(metadata.get(Task), owner, sql`and list_id = ${id} limit ${size}`);
  const { numAffectedRows = 0n } = await sql`
    with recursive ${tasks} ${retireGone(metadata, Task)}`.execute(transaction);
  return Number(numAffectedRows);
}

async function purgeEmpty(
  transaction: Transaction,
  metadata: MetadataStorage,
  { owner, id }: PurgedList,
): Promise<number> {
  const { numAffectedRows = 0n } = await sql`
    with gone as (delete from task_list where user_id = ${owner} and id = ${id} returning user_id, id)
    ${retireGone(metadata, TaskList)}`.execute(transaction);
  return Number(numAffectedRows);
}
