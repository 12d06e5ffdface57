import { LockMode } from '@mikro-orm/core';
import type { Change } from '../../database/database.ts';
import { badUserInput } from '../../errors.ts';
import type { Jobs } from '../../jobs/jobs.ts';
import { TaskList } from '../../lists/list.entity.ts';
import { RetiredId } from '../../records/retired-id.entity.ts';
import { purgeLists } from './purge-lists.ts';

/**
 * Permanently removes a list in the trash with its tasks, by marking one row; a job removes the rows. Succeeds again if
 * repeated. Errors: NOT_FOUND, BAD_USER_INPUT if it is not in the trash.
 */
export async function purgeList(db: Change, jobs: Jobs, id: string): Promise<void> {
  const { em, kysely, viewer } = db;
  const options = { lockMode: LockMode.PESSIMISTIC_WRITE, filters: { notPurged: false } } as const;
  const list = await em.findOne(TaskList, { id }, options);
  // If it has never been a list: NOT_FOUND, by orm.ts.
  if (!list) return void (await em.findOneOrFail(RetiredId, { id, kind: 'list' }));
  if (list.deletedAt === null) {
    const message = 'Only lists in the trash can be purged. Delete the list first.';
    throw badUserInput([{ path: ['input', 'id'], code: 'NOT_IN_TRASH', message }]);
  }
  if (list.purgedAt) return;
  list.purgedAt = new Date();
  await jobs.enqueue(kysely, purgeLists, { user: viewer.id });
}
