import { sql } from 'kysely';
import type { Change, Database } from '../database/database.ts';
import { badUserInput, type FieldProblem, inTrash, notFound, unknownId } from '../errors.ts';
import { createIdempotently } from '../records/create-idempotently.ts';
import { positionFor, type SiblingGroup } from '../records/positions.ts';
import type { Viewer } from '../viewer.ts';
import { TaskList } from './list.entity.ts';
import type { CreateListInput, DeleteListInput, MoveListInput, UpdateListInput } from './list.inputs.ts';

/** Creates a list after the others. Safe to repeat with an id chosen by the client. Errors: CONFLICT. */
export function createList(db: Database, input: CreateListInput): Promise<TaskList> {
  const { name, color = null } = input;
  return createIdempotently(db, TaskList, input, async (change, own) => {
    const position = (await positionFor(change, listsOf(db.viewer), own.id, {})) ?? '';
    return change.em.create(TaskList, { ...own, name, color, position, archived: false, deletedAt: null });
  });
}

/** Changes the fields that are given. Errors: NOT_FOUND, STALE_VERSION. */
export async function updateList(db: Change, input: UpdateListInput): Promise<void> {
  const { id, name, color, archived, expectedVersion } = input;
  const list = await db.lock(TaskList, id);
  const changes = { name, color, archived };
  if (list.deletedAt !== null && list.isChangedBy(changes)) throw notFound(inTrash('list'));
  list.change(changes, expectedVersion);
}

/** Moves a list right after or before another, or to the end. Errors: NOT_FOUND, BAD_USER_INPUT. */
export async function moveList(db: Change, { id, ...target }: MoveListInput): Promise<void> {
  const list = await db.lock(TaskList, id);
  if (list.deletedAt !== null) throw notFound(inTrash('list'));
  const sibling = namedSibling(target, id);
  if (sibling) await requireLiveList(db, sibling.id, sibling.path);
  const position = await positionFor(db, listsOf(db.viewer), id, target);
  if (position !== null) list.position = position;
}

/** Moves a list with its tasks to the trash, by changing one row. Errors: NOT_FOUND, STALE_VERSION. */
export async function deleteList(db: Change, { id, expectedVersion }: DeleteListInput): Promise<void> {
  const list = await db.lock(TaskList, id);
  if (list.deletedAt === null) list.change({ deletedAt: new Date() }, expectedVersion);
}

/** Restores a list with its tasks, except those that were trashed by themselves. Errors: NOT_FOUND. */
export async function restoreList(db: Change, id: string): Promise<void> {
  const list = await db.lock(TaskList, id);
  if (list.deletedAt !== null) list.change({ deletedAt: null });
}

/** Errors: NOT_FOUND if there is no such list, or it is in the trash. */
export async function requireLiveList({ em }: Change, id: string, path: FieldProblem['path']): Promise<void> {
  const list = await em.findOne(TaskList, { id });
  if (!list) throw notFound(unknownId('list', path));
  if (list.deletedAt !== null) throw notFound(inTrash('list', path));
}

/** The sibling that a move names. Errors: BAD_USER_INPUT if it names two, or the moved record itself. */
export function namedSibling(
  { afterId, beforeId }: { readonly afterId?: string | null; readonly beforeId?: string | null },
  id: string,
): { id: string; path: FieldProblem['path'] } | null {
  if (afterId && beforeId) {
    const message = 'Give either afterId or beforeId, not both.';
    throw badUserInput([{ path: ['input', 'beforeId'], code: 'NOT_WITH_AFTER', message }]);
  }
  const anchorId = afterId ?? beforeId;
  if (!anchorId) return null;
  const path = ['input', afterId ? 'afterId' : 'beforeId'];
  if (anchorId === id)
    throw badUserInput([{ path, code: 'ITSELF', message: 'A record cannot be moved before or after itself.' }]);
  return { id: anchorId, path };
}

function listsOf(viewer: Viewer): SiblingGroup {
  return { table: 'task_list', condition: sql`user_id = ${viewer.id}`, prefix: [] };
}
