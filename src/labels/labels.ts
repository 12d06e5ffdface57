import { LockMode } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/postgresql';
import type { Database } from '../database/database.ts';
import type { Viewer } from '../graphql/context.ts';
import { required, requireVersion } from '../graphql/record-problems.ts';
import { createOnce } from '../users/create-once.ts';
import { RetiredId } from '../users/retired-id.entity.ts';
import { Label } from './label.entity.ts';
import type { CreateLabelInput, UpdateLabelInput } from './label.inputs.ts';

/** `for update`: changes of one label come one after another. */
const lockMode = LockMode.PESSIMISTIC_WRITE;

/** Makes a label, safe to repeat with an id of the client's. Errors: CONFLICT where the name or the id is taken. */
export function createLabel(database: Database, viewer: Viewer, input: CreateLabelInput): Promise<Label> {
  const { name, color = null } = input;
  return createOnce(database, viewer, Label, input, (em, own) => em.create(Label, { ...own, name, color }));
}

/** Changes the fields that are given. Errors: NOT_FOUND, STALE_VERSION, CONFLICT where the name is taken. */
export async function updateLabel(em: EntityManager, input: UpdateLabelInput): Promise<Label> {
  const label = required('label', await em.findOne(Label, { id: input.id }, { lockMode }));
  const { name = label.name, color = label.color } = input;
  if (name === label.name && color === label.color) return label;
  requireVersion('label', label.version, input.expectedVersion);
  return Object.assign(label, { name, color, updatedAt: new Date(), version: label.version + 1 });
}

/**
 * Removes a label for good. Only its own row is marked here: a job takes it off its tasks, which may be many (purgeLabels).
 * Removing it again succeeds. Errors: NOT_FOUND.
 */
export async function deleteLabel(em: EntityManager, id: string): Promise<void> {
  const label = await em.findOne(Label, { id }, { lockMode, filters: { notPurged: false } });
  if (label) label.purgedAt ??= new Date();
  else required('label', await em.findOne(RetiredId, { id, kind: 'label' }));
}
