import type { EntityManager } from '@mikro-orm/postgresql';
import { sql } from 'kysely';
import type { Transaction } from '../database/database.ts';
import type { Viewer } from '../graphql/context.ts';
import { requireVersion } from '../graphql/record-problems.ts';
import type { DeleteListInput } from '../lists/list.inputs.ts';
import { lockList } from '../lists/lists.ts';
import { lockStructure } from '../users/lock-structure.ts';

/** Puts a list in the trash with its tasks. Errors: NOT_FOUND, STALE_VERSION. */
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
  // One statement, however many they are; a list may hold more tasks than should be loaded.
  await sql`
    update task set deleted_at = ${now}, updated_at = ${now}, version = version + 1, trashed_with_list = true
    where user_id = ${viewer.id} and list_id = ${id} and deleted_at is null`.execute(transaction);
}

/** Takes a list out of the trash, and the tasks that went there with it. Errors: NOT_FOUND. */
export async function restoreList(
  em: EntityManager,
  transaction: Transaction,
  viewer: Viewer,
  id: string,
): Promise<void> {
  await lockStructure(transaction, viewer);
  const list = await lockList(em, viewer, id);
  if (list.deletedAt === null) return;
  const now = new Date();
  Object.assign(list, { deletedAt: null, updatedAt: now, version: list.version + 1 });
  await sql`
    update task set deleted_at = null, updated_at = ${now}, version = version + 1, trashed_with_list = false
    where user_id = ${viewer.id} and list_id = ${id} and trashed_with_list`.execute(transaction);
}
