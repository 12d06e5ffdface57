import { type RawBuilder, sql } from 'kysely';
import type { Transaction } from '../../database/database.ts';
import { batchJob, type Job } from '../../jobs/background.ts';
import { purgeLists } from './purge-lists.ts';

type Sql = RawBuilder<unknown>;

// Any number, the same in every instance: "trash" in ASCII.
const purgeLock = 0x7472617368;

/** Purges what has been in the trash for `retention` seconds. All instances look; one at a time does the work. */
export function purgeTrash(retention: number): Job {
  const isOld = sql`deleted_at < now() - ${retention} * interval '1 second'`;
  const purgeOld = batchJob({
    failure: 'the trash could not be purged',
    success: 'purged from the trash',
    // A day late would still be in time; an hour keeps to the periods in the docs.
    interval: 3_600_000,
    items: [purgeTasks, markLists],
    batch: (transaction, purge, size) => purge(transaction, isOld, size),
  });
  return {
    ...purgeOld,
    async run(context) {
      await purgeOld.run(context);
      await purgeLists.run(context);
    },
  };
}

/** Tasks before their parents, which went there later or at once. None where another instance is at it. */
async function purgeTasks(transaction: Transaction, isOld: Sql, size: Sql): Promise<number> {
  const { rows: locks } = await sql<{ isMine: boolean }>`
    select pg_try_advisory_xact_lock(${purgeLock}) as "isMine"`.execute(transaction);
  if (!locks[0]?.isMine) return 0;
  const { numAffectedRows = 0n } = await sql`
    with old as (
      select user_id, id from task
      where ${isOld}
        and not exists (select from task below where below.user_id = task.user_id and below.parent_id = task.id)
      order by deleted_at limit ${size} for update skip locked
    ), gone as (
      delete from task using old where task.user_id = old.user_id and task.id = old.id returning task.user_id, task.id
    )
    insert into retired_id (user_id, id, kind) select user_id, id, 'task' from gone`.execute(transaction);
  return Number(numAffectedRows);
}

/** From here on they are gone for readers, and nobody restores them; `purgeLists` does the rest. */
async function markLists(transaction: Transaction, isOld: Sql, size: Sql): Promise<number> {
  const { numAffectedRows = 0n } = await sql`
    update task_list set purged_at = now() where ctid = any(array(
      select ctid from task_list
      where deleted_at is not null and purged_at is null and ${isOld}
      limit ${size} for update skip locked))`.execute(transaction);
  return Number(numAffectedRows);
}
