import { LockMode } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/postgresql';
import type { Database } from '../database/database.ts';
import type { Viewer } from '../graphql/context.ts';
import type { FindNode } from '../graphql/node.resolver.ts';
import { noSuch, notFound, requireVersion } from '../graphql/record-problems.ts';
import { createOnce } from '../users/create-once.ts';
import { RetiredId } from '../users/retired-id.entity.ts';
import { Label } from './label.entity.ts';
import type { CreateLabelInput, UpdateLabelInput } from './label.inputs.ts';

const lockMode = LockMode.PESSIMISTIC_WRITE;

/** Makes a label, safe to repeat with an id of the client's. Errors: CONFLICT where the name or the id is taken. */
export function createLabel(database: Database, viewer: Viewer, input: CreateLabelInput): Promise<Label> {
  const { name, color = null } = input;
  return createOnce(database, viewer, Label, input, (em, own) => em.create(Label, { ...own, name, color }));
}

/** The viewer's label; null where there is none. */
export const findLabel: FindNode = (database, viewer, id) => database.entities(viewer).findOne(Label, { id });

/** Changes the fields that are given. Errors: NOT_FOUND, STALE_VERSION, CONFLICT where the name is taken. */
export async function updateLabel(em: EntityManager, input: UpdateLabelInput): Promise<Label> {
  const label = await em.findOne(Label, { id: input.id }, { lockMode });
  if (!label) throw notFound(noSuch('label'));
  const { name = label.name, color = label.color } = input;
  if (name === label.name && color === label.color) return label;
  requireVersion('label', label.version, input.expectedVersion);
  return Object.assign(label, { name, color, updatedAt: new Date(), version: label.version + 1 });
}

/**
 * Removes a label for good; tasks lose it: one row, however many they are, and a job does the rest. Removing it again
 * succeeds. Errors: NOT_FOUND.
 */
export async function deleteLabel(em: EntityManager, id: string): Promise<void> {
  const label = await em.findOne(Label, { id }, { lockMode, filters: { notPurged: false } });
  if (label) label.purgedAt ??= new Date();
  else if ((await em.count(RetiredId, { id, kind: 'label' })) === 0) throw notFound(noSuch('label'));
}
