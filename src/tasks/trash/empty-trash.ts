import { type RawBuilder, sql } from 'kysely';
import type { Change } from '../../database/database.ts';
import type { Jobs } from '../../jobs/jobs.ts';
import { isKept } from './hidden-tasks.ts';
import { purgeEmptiedTrash } from './purge-emptied-trash.ts';
import { purgeLists } from './purge-lists.ts';

/**
 * Permanently removes everything in the trash. From now on nothing of it can be read or restored; jobs remove the rows. However
 * much it is, it takes the time to count it: the lists are marked, and the tasks told by the time of their deletion.
 * @returns how many tasks and lists were in the trash, with the tasks of the lists
 */
export async function emptyTrash(db: Change, jobs: Jobs): Promise<{ purgedTasks: number; purgedLists: number }> {
  const { kysely, viewer } = db;
  const purgedTasks = await countTrash(db);
  const purgedLists = await countTrashedLists(db);
  if (purgedLists > 0) {
    await sql`
      update task_list set purged_at = now(), revision = ${db.revision}
      where user_id = ${viewer.id} and deleted_at is not null and purged_at is null`.execute(kysely);
    await jobs.enqueue(kysely, purgeLists, { user: viewer.id });
  }
  if (purgedTasks > 0) {
    await sql`update "user" set trash_emptied_at = ${afterAllTrash} where id = ${viewer.id}`.execute(kysely);
    await jobs.enqueue(kysely, purgeEmptiedTrash, { user: viewer.id });
  }
  return { purgedTasks, purgedLists };
}

/** No earlier than what `deletionTime` has given to any task. */
const afterAllTrash = sql`greatest(clock_timestamp(), trash_emptied_at) + interval '1 ms'`;

/** SQL for the `deleted_at` of what is deleted now. A change that began before the trash was emptied may end after that. */
export function deletionTime(owner: string): RawBuilder<Date> {
  return sql`(select greatest(now(), trash_emptied_at + interval '1 ms') from "user" where id = ${owner})`;
}

async function countTrash({ kysely, viewer: { id: owner } }: Change): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select ((
      select count(*) from task where user_id = ${owner} and deleted_at is not null and ${isKept({ owner })}
    ) + (
      select count(*) from task where user_id = ${owner} and deleted_at is null and list_id in (
        select id from task_list where user_id = ${owner} and deleted_at is not null and purged_at is null)
    ))::int as count`.execute(kysely);
  return rows[0]?.count ?? 0;
}

async function countTrashedLists({ kysely, viewer }: Change): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from task_list
    where user_id = ${viewer.id} and deleted_at is not null and purged_at is null`.execute(kysely);
  return rows[0]?.count ?? 0;
}
