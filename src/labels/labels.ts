import { LockMode } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/postgresql';
import type { Database } from '../database/database.ts';
import type { Viewer } from '../graphql/context.ts';
import { noSuch, notFound, requireVersion } from '../graphql/record-problems.ts';
import { createOnce } from '../users/create-once.ts';
import { RetiredId } from '../users/retired-id.entity.ts';
import { User } from '../users/user.entity.ts';
import { Label, nameKeyOf } from './label.entity.ts';
import type { CreateLabelInput, UpdateLabelInput } from './label.inputs.ts';

/** Makes a label, safe to repeat with an id of the client's. Errors: CONFLICT where the name or the id is taken. */
export function createLabel(database: Database, viewer: Viewer, input: CreateLabelInput): Promise<string> {
  return createOnce(database, viewer, 'label', input, async (em, _transaction, id, inputHash) => {
    const now = new Date();
    em.create(Label, {
      user: em.getReference(User, viewer.id, { wrapped: true }),
      id,
      name: input.name,
      nameKey: nameKeyOf(input.name),
      color: input.color ?? null,
      version: 1,
      createdAt: now,
      updatedAt: now,
      purgedAt: null,
      inputHash,
    });
    await em.flush();
  });
}

/** Changes the fields that are given. Errors: NOT_FOUND, STALE_VERSION, CONFLICT where the name is taken. */
export async function updateLabel(em: EntityManager, viewer: Viewer, input: UpdateLabelInput): Promise<void> {
  const label = await lockLabel(em, viewer, input.id);
  if (!label) throw notFound(noSuch('label'));
  const { name = label.name, color = label.color } = input;
  if (name === label.name && color === label.color) return;
  requireVersion('label', label.version, input.expectedVersion);
  Object.assign(label, { name, nameKey: nameKeyOf(name), color, updatedAt: new Date(), version: label.version + 1 });
}

/**
 * Removes a label for good; tasks lose it: one row, however many they are, and a job does the rest. Removing it again
 * succeeds. Errors: NOT_FOUND.
 */
export async function deleteLabel(em: EntityManager, viewer: Viewer, id: string): Promise<void> {
  const label = await lockLabel(em, viewer, id);
  if (label) label.purgedAt = new Date();
  else if (!(await isRemoved(em, viewer, id))) throw notFound(noSuch('label'));
}

async function isRemoved(em: EntityManager, { id: user }: Viewer, id: string): Promise<boolean> {
  return (await em.count(RetiredId, { user, id, kind: 'label' })) > 0 || (await em.count(Label, { user, id })) > 0;
}

function lockLabel(em: EntityManager, viewer: Viewer, id: string): Promise<Label | null> {
  const where = { user: viewer.id, id, purgedAt: null };
  return em.findOne(Label, where, { lockMode: LockMode.PESSIMISTIC_WRITE });
}
