import type { EntityManager } from '@mikro-orm/postgresql';
import type { Transaction } from '../database/database.ts';
import { positionFor } from '../database/positions.ts';
import { badUserInput, type FieldProblem } from '../errors.ts';
import type { Viewer } from '../graphql/context.ts';
import { TaskList } from '../lists/list.entity.ts';
import { anchorOf } from '../lists/lists.ts';
import { lockStructure } from '../users/lock-structure.ts';
import { Task } from './task.entity.ts';
import type { MoveTaskInput } from './task.inputs.ts';
import type { MoveTasksInput } from './task-bulk.inputs.ts';
import { placeOf, requireLiveTask, requirePlace, siblingsIn, type TaskPlace, takeSubtasksAlong } from './task-place.ts';
import { branchOf, readAncestors, readTree, requireRoomBelow } from './task-tree.ts';
import { lockNamed, lockTasks, requireAll, type Target } from './tasks.ts';

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
  await lockStructure(transaction, viewer);
  const task = (await requireLiveTasks(em, viewer, input)).get(input.id);
  if (task) await moveTo(em, transaction, viewer, task, input);
}

/**
 * Puts several tasks into one place, one behind the other in the order in which they are named. Errors as for one,
 * NOT_FOUND naming every bad index.
 */
export async function moveTasks(
  em: EntityManager,
  transaction: Transaction,
  viewer: Viewer,
  { ids, ...destination }: MoveTasksInput,
): Promise<void> {
  await lockStructure(transaction, viewer);
  await requireLiveTasks(em, viewer, { ids });
  const moving = [...new Set(ids)];
  for (const id of moving) anchorOf(destination, id);
  // Each right after the same sibling: the last one first. Right before it, or at the end: in their order.
  for (const id of destination.afterId ? moving.toReversed() : moving) {
    // Read again: an earlier one may have taken it along.
    em.clear();
    const task = (await lockTasks(em, viewer, [id])).get(id);
    if (task) await moveTo(em, transaction, viewer, task, destination);
    await em.flush();
  }
}

/** Errors: NOT_FOUND naming every bad index. */
async function requireLiveTasks(em: EntityManager, viewer: Viewer, target: Target): Promise<Map<string, Task>> {
  const tasks = await lockNamed(em, viewer, target);
  requireAll(tasks, target, ({ isTrashed }) => isTrashed);
  return tasks;
}

type Destination = Omit<MoveTaskInput, 'id'>;

async function moveTo(
  em: EntityManager,
  transaction: Transaction,
  viewer: Viewer,
  task: Task,
  destination: Destination,
): Promise<void> {
  const { id } = task;
  const current = placeOf(task);
  const place = await requirePlace(em, viewer, destination, current);
  const anchor = anchorOf(destination, id);
  if (anchor) await requireSibling(em, viewer, place, anchor);
  const isElsewhere = place.listId !== current.listId || place.parentId !== current.parentId;
  if (isElsewhere && place.parentId !== null) {
    await refuseOwnSubtask(transaction, viewer, id, place.parentId);
    await requireRoomBelow(transaction, viewer, place.parentId, branchOf(await readTree(transaction, viewer, id)));
  }
  const position = await positionFor(transaction, siblingsIn(viewer, place), id, destination);
  if (position === null) return;
  task.position = position;
  if (!isElsewhere) return;
  task.list = place.listId === null ? null : em.getReference(TaskList, [viewer.id, place.listId], { wrapped: true });
  task.parent = place.parentId === null ? null : em.getReference(Task, [viewer.id, place.parentId], { wrapped: true });
  await em.flush();
  if (place.listId !== current.listId) await takeSubtasksAlong(transaction, viewer, id, place.listId);
}

async function requireSibling(
  em: EntityManager,
  viewer: Viewer,
  place: TaskPlace,
  anchor: { id: string; path: FieldProblem['path'] },
): Promise<void> {
  const sibling = await requireLiveTask(em, viewer, anchor.id, anchor.path);
  const { listId, parentId } = placeOf(sibling);
  if (listId === place.listId && parentId === place.parentId) return;
  const message = 'That task is in another list, or part of another task: name a sibling in the place it goes to.';
  throw badUserInput([{ path: anchor.path, code: 'NOT_A_SIBLING', message }]);
}

async function refuseOwnSubtask(transaction: Transaction, viewer: Viewer, id: string, parentId: string): Promise<void> {
  if (!(await readAncestors(transaction, viewer, parentId)).includes(id)) return;
  const message = 'A task cannot become part of itself or of its own subtasks.';
  throw badUserInput([{ path: ['input', 'parentId'], code: 'OWN_SUBTASK', message }]);
}
