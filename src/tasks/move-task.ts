import type { EntityManager } from '@mikro-orm/postgresql';
import type { Transaction } from '../database/database.ts';
import { positionFor } from '../database/positions.ts';
import { badUserInput, type FieldProblem } from '../errors.ts';
import type { Viewer } from '../graphql/context.ts';
import { inTrash, noSuch, notFound } from '../graphql/record-problems.ts';
import { TaskList } from '../lists/list.entity.ts';
import { anchorOf } from '../lists/lists.ts';
import { lockStructure } from '../users/lock-structure.ts';
import { Task } from './task.entity.ts';
import type { MoveTaskInput } from './task.inputs.ts';
import { placeOf, requirePlace, siblingsIn, type TaskPlace, takeSubtasksAlong } from './task-place.ts';
import { branchOf, readTree, requireRoomBelow } from './task-tree.ts';
import { lockTasks } from './tasks.ts';

/**
 * Puts a task, and its subtasks with it, into a list, below a task, and after or before a sibling there or at the end.
 * Changes neither version nor updatedAt. Errors: NOT_FOUND, BAD_USER_INPUT, LIMIT_EXCEEDED.
 */
export async function moveTask(
  em: EntityManager,
  transaction: Transaction,
  viewer: Viewer,
  input: MoveTaskInput,
): Promise<void> {
  const { id } = input;
  await lockStructure(transaction, viewer);
  const task = (await lockTasks(em, viewer, [id])).get(id);
  if (!task) throw notFound(noSuch('task'));
  if (task.deletedAt !== null) throw notFound(inTrash('task'));
  const current = placeOf(task);
  const place = await requirePlace(em, viewer, input, current);
  const anchor = anchorOf(input, id);
  if (anchor) await requireSibling(em, viewer, place, anchor);
  const isElsewhere = place.listId !== current.listId || place.parentId !== current.parentId;
  const tree = isElsewhere ? await readTree(transaction, viewer, id) : [];
  if (isElsewhere && place.parentId !== null) {
    refuseOwnSubtask(tree, place.parentId);
    await requireRoomBelow(transaction, viewer, place.parentId, branchOf(tree));
  }
  const position = await positionFor(transaction, siblingsIn(viewer, place), id, input);
  if (position === null) return;
  task.position = position;
  if (!isElsewhere) return;
  task.list = place.listId === null ? null : em.getReference(TaskList, [viewer.id, place.listId], { wrapped: true });
  task.parent = place.parentId === null ? null : em.getReference(Task, [viewer.id, place.parentId], { wrapped: true });
  await em.flush();
  const below = tree.map((descendant) => descendant.id).filter((descendant) => descendant !== id);
  await takeSubtasksAlong(transaction, viewer, below, place.listId);
}

async function requireSibling(
  em: EntityManager,
  viewer: Viewer,
  place: TaskPlace,
  anchor: { id: string; path: FieldProblem['path'] },
): Promise<void> {
  const sibling = await em.findOne(Task, { user: viewer.id, id: anchor.id });
  if (!sibling) throw notFound(noSuch('task', anchor.path));
  if (sibling.deletedAt !== null) throw notFound(inTrash('task', anchor.path));
  const { listId, parentId } = placeOf(sibling);
  if (listId === place.listId && parentId === place.parentId) return;
  const message = 'That task is in another list, or part of another task: name a sibling in the place it goes to.';
  throw badUserInput([{ path: anchor.path, code: 'NOT_A_SIBLING', message }]);
}

function refuseOwnSubtask(tree: readonly { id: string }[], parentId: string): void {
  if (!tree.some(({ id }) => id === parentId)) return;
  const message = 'A task cannot become part of itself or of its own subtasks.';
  throw badUserInput([{ path: ['input', 'parentId'], code: 'OWN_SUBTASK', message }]);
}
