import { sql } from 'kysely';
import type { Transaction } from '../database/database.ts';
import { inBatches, type Job } from '../jobs/background.ts';

// Any number, the same in every instance: "trash" in ASCII.
const purgeLock = 0x7472617368;

/** Rows that one transaction removes: its locks and its log stay small. */
const batch = 1_000;

/** Purges what has been in the trash for `retention` seconds. All instances look; one at a time does the work. */
export function purgeTrash(retention: number): Job {
  return {
    failure: 'the trash could not be purged',
    // A day late would still be in time; an hour makes the figures in the docs true.
    interval: 3_600_000,
    async run(context) {
      const purged = await inBatches(context, () =>
        context.database.change(null, (_em, transaction) => purgeBatch(transaction, retention)),
      );
      if (purged > 0) context.logger.info({ purged }, 'purged from the trash');
    },
  };
}

/**
 * Tasks before their parents and lists: what is below a trashed record never went there later than that. None where
 * another instance is at it.
 */
async function purgeBatch(transaction: Transaction, retention: number): Promise<number> {
  const { rows: locks } = await sql<{ isMine: boolean }>`
    select pg_try_advisory_xact_lock(${purgeLock}) as "isMine"`.execute(transaction);
  if (!locks[0]?.isMine) return 0;
  const cutoff = sql`now() - ${retention} * interval '1 second'`;
  const { rows } = await sql<{ count: string }>`
    with old_task as (
      select user_id, id from task
      where deleted_at < ${cutoff}
        and not exists (select from task below where below.user_id = task.user_id and below.parent_id = task.id)
      order by deleted_at limit ${sql.lit(batch)} for update skip locked
    ), old_list as (
      select user_id, id from task_list
      where deleted_at < ${cutoff}
        and not exists (select from task where task.user_id = task_list.user_id and task.list_id = task_list.id)
      limit ${sql.lit(batch)} for update skip locked
    ), gone as (
      delete from task using old_task
      where task.user_id = old_task.user_id and task.id = old_task.id returning task.user_id, task.id
    ), gone_lists as (
      delete from task_list using old_list
      where task_list.user_id = old_list.user_id and task_list.id = old_list.id returning task_list.user_id, task_list.id
    ), retired as (
      insert into retired_id (user_id, id, kind)
      select user_id, id, 'task' from gone union all select user_id, id, 'list' from gone_lists returning id
    )
    select count(*) from retired`.execute(transaction);
  return Number(rows[0]?.count ?? 0);
}
