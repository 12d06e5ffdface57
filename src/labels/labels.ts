import { LockMode } from '@mikro-orm/core';
import type { Change } from '../database/database.ts';
import { RetiredId } from '../records/retired-id.entity.ts';
import { Label } from './label.entity.ts';
import type { UpdateLabelInput } from './label.inputs.ts';

/** Changes the fields that are given. Errors: NOT_FOUND, STALE_VERSION, CONFLICT if the name is taken. */
export async function updateLabel(db: Change, { id, name, color, expectedVersion }: UpdateLabelInput): Promise<Label> {
  return (await db.lock(Label, id)).change({ name, color }, expectedVersion);
}

/** Deletes a label; a job removes it from its tasks, which may be many. Succeeds again if repeated. Errors: NOT_FOUND. */
export async function deleteLabel({ em }: Change, id: string): Promise<void> {
  const options = { lockMode: LockMode.PESSIMISTIC_WRITE, filters: { notPurged: false } } as const;
  const label = await em.findOne(Label, { id }, options);
  if (label) label.purgedAt ??= new Date();
  else await em.findOneOrFail(RetiredId, { id, kind: 'label' });
}
