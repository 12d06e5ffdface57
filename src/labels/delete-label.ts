import { LockMode } from '@mikro-orm/core';
import type { Change } from '../database/database.ts';
import type { Jobs } from '../jobs/jobs.ts';
import { RetiredId } from '../records/retired-id.entity.ts';
import { Label } from './label.entity.ts';
import { purgeLabels } from './purge-labels.ts';

/** Deletes a label; a job removes it from its tasks, which may be many. Succeeds again if repeated. Errors: NOT_FOUND. */
export async function deleteLabel({ em, kysely, viewer }: Change, jobs: Jobs, id: string): Promise<void> {
  const options = { lockMode: LockMode.PESSIMISTIC_WRITE, filters: { notPurged: false } } as const;
  const label = await em.findOne(Label, { id }, options);
  // If it has never been a label: NOT_FOUND, by orm.ts.
  if (!label) return void (await em.findOneOrFail(RetiredId, { id, kind: 'label' }));
  label.purgedAt ??= new Date();
  await jobs.enqueue(kysely, purgeLabels, { user: viewer.id });
}
