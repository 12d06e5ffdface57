import type { EntityManager } from '@mikro-orm/postgresql';
import type { Transaction } from '../database/database.ts';
import type { Viewer } from '../graphql/context.ts';
import { requireVersion } from '../graphql/record-problems.ts';
import type { DeleteListInput } from '../lists/list.inputs.ts';
import { lockList } from '../lists/lists.ts';
import { lockStructure } from '../users/lock-structure.ts';

/** Puts a list in the trash, and so its tasks: one row, however many they are. Errors: NOT_FOUND, STALE_VERSION. */
export async function deleteList(
  em: EntityManager,
  transaction: Transaction,
  viewer: Viewer,
  { id, expectedVersion }: DeleteListInput,
): Promise<void> {
  await lockStructure(transaction, viewer);
  const list = await lockList(em, viewer, id);
  if (list.deletedAt !== null) return;
  requireVersion('list', list.version, expectedVersion);
  const now = new Date();
  Object.assign(list, { deletedAt: now, updatedAt: now, version: list.version + 1 });
}

/** Takes a list out of the trash, and so its tasks, but for those that are there by themselves. Errors: NOT_FOUND. */
export async function restoreList(
  em: EntityManager,
  transaction: Transaction,
  viewer: Viewer,
  id: string,
): Promise<void> {
  await lockStructure(transaction, viewer);
  const list = await lockList(em, viewer, id);
  if (list.deletedAt === null) return;
  Object.assign(list, { deletedAt: null, updatedAt: new Date(), version: list.version + 1 });
}
