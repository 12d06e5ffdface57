import { LockMode } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/postgresql';
import { sql } from 'kysely';
import type { Database, Transaction } from '../database/database.ts';
import { positionFor, type SiblingGroup } from '../database/positions.ts';
import { badUserInput, type FieldProblem } from '../errors.ts';
import type { Viewer } from '../graphql/context.ts';
import { inTrash, noSuch, notFound, requireVersion } from '../graphql/record-problems.ts';
import { createOnce } from '../users/create-once.ts';
import { lockStructure } from '../users/lock-structure.ts';
import { TaskList } from './list.entity.ts';
import type { CreateListInput, MoveListInput, UpdateListInput } from './list.inputs.ts';

/** Makes a list after the others, safe to repeat with an id of the client's. Errors: CONFLICT. */
export function createList(database: Database, viewer: Viewer, input: CreateListInput): Promise<TaskList> {
  return createOnce(database, viewer, TaskList, input, async (em, own, transaction) => {
    await lockStructure(transaction, viewer);
    return em.create(TaskList, {
      ...own,
      name: input.name,
      color: input.color ?? null,
      position: (await positionFor(transaction, listsOf(viewer), own.id, {})) ?? '',
      archived: false,
      deletedAt: null,
      purgedAt: null,
    });
  });
}

/** Changes the fields that are given. Errors: NOT_FOUND, STALE_VERSION. */
export async function updateList(em: EntityManager, viewer: Viewer, input: UpdateListInput): Promise<void> {
  const list = await lockList(em, viewer, input.id);
  const { name = list.name, color = list.color, archived = list.archived } = input;
  if (name === list.name && color === list.color && archived === list.archived) return;
  if (list.deletedAt !== null) throw notFound(inTrash('list'));
  requireVersion('list', list.version, input.expectedVersion);
  Object.assign(list, { name, color, archived, updatedAt: new Date(), version: list.version + 1 });
}

/** Puts a list right after or before another, or at the end. Errors: NOT_FOUND, BAD_USER_INPUT. */
export async function moveList(
  em: EntityManager,
  transaction: Transaction,
  viewer: Viewer,
  { id, ...spot }: MoveListInput,
): Promise<void> {
  await lockStructure(transaction, viewer);
  const list = await lockList(em, viewer, id);
  if (list.deletedAt !== null) throw notFound(inTrash('list'));
  const anchor = anchorOf(spot, id);
  if (anchor) {
    const beside = await em.findOne(TaskList, { user: viewer.id, id: anchor.id, purgedAt: null });
    if (!beside) throw notFound(noSuch('list', anchor.path));
    if (beside.deletedAt !== null) throw notFound(inTrash('list', anchor.path));
  }
  const position = await positionFor(transaction, listsOf(viewer), id, spot);
  if (position !== null) list.position = position;
}

/**
 * The sibling that a move names.
 * @throws AppError BAD_USER_INPUT where two are named, or the moved record itself
 */
export function anchorOf(
  { afterId, beforeId }: { readonly afterId?: string | null; readonly beforeId?: string | null },
  id: string,
): { id: string; path: FieldProblem['path'] } | null {
  if (afterId && beforeId) {
    const message = 'Give either afterId or beforeId: one neighbour says where.';
    throw badUserInput([{ path: ['input', 'beforeId'], code: 'NOT_WITH_AFTER', message }]);
  }
  const anchorId = afterId ?? beforeId;
  if (!anchorId) return null;
  const path = ['input', afterId ? 'afterId' : 'beforeId'];
  if (anchorId === id) throw badUserInput([{ path, code: 'ITSELF', message: 'Nothing comes before or after itself.' }]);
  return { id: anchorId, path };
}

/** The viewer's list, locked until the transaction ends. Errors: NOT_FOUND. */
export async function lockList(em: EntityManager, viewer: Viewer, id: string): Promise<TaskList> {
  const where = { user: viewer.id, id, purgedAt: null };
  const list = await em.findOne(TaskList, where, { lockMode: LockMode.PESSIMISTIC_WRITE });
  if (!list) throw notFound(noSuch('list'));
  return list;
}

function listsOf(viewer: Viewer): SiblingGroup {
  return { table: 'task_list', condition: sql`user_id = ${viewer.id}`, prefix: [] };
}
