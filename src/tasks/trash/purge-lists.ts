import type { MetadataStorage } from '@mikro-orm/core';
import { type RawBuilder, sql } from 'kysely';
import type { Transaction } from '../../database/database.ts';
import { useFreshPlans } from '../../database/fresh-plans.ts';
import { inUserBatches } from '../../jobs/batches.ts';
import { type JobContext, userJob } from '../../jobs/job.ts';
import { TaskList } from '../../lists/list.entity.ts';
import { deleteLowest, retireGone } from '../../records/removal.ts';
import { Task } from '../task.entity.ts';

interface PurgedList {
  readonly owner: string;
  readonly id: string;
}

/**
 * What was marked has its removal at the mark. A task keeps the revision of its last change: clients that know that change know
 * in which list the task went, the others find it removed in its place.
 */
const itsOwn = sql`revision`;

const isPurged = sql`deleted_at is not null and purged_at is not null`;

const owed = () => sql`select user_id as "user" from task_list where ${isPurged}`;

/** Removes a user's lists that are marked as purged, with all their tasks. */
export const purgeLists = userJob('purge-lists', owed, removePurgedLists);

export function removePurgedLists(user: string, context: JobContext): Promise<void> {
  // In the order of the user's changes, so that no task leaves the list meanwhile.
  return inUserBatches(context, user, 'purged with their lists', async (transaction, size, metadata) => {
    const { rows } = await sql<PurgedList>`
      select user_id as owner, id from task_list where user_id = ${user} and ${isPurged}
      order by purged_at limit 1`.execute(transaction);
    const [list] = rows;
    if (list === undefined) return 0;
    const tasks = await purgeTasks(transaction, metadata, list, size);
    return tasks > 0 ? tasks : purgeEmpty(transaction, metadata, list);
  });
}

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
    with recursive ${tasks} ${retireGone(metadata, Task, itsOwn)}`.execute(transaction);
  return Number(numAffectedRows);
}

async function purgeEmpty(
  transaction: Transaction,
  metadata: MetadataStorage,
  { owner, id }: PurgedList,
): Promise<number> {
  const { numAffectedRows = 0n } = await sql`
    with gone as (delete from task_list where user_id = ${owner} and id = ${id} returning user_id, id, revision)
    ${retireGone(metadata, TaskList, itsOwn)}`.execute(transaction);
  return Number(numAffectedRows);
}
