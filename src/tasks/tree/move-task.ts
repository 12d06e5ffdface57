import type { Change } from '../../database/database.ts';
import { badUserInput, type FieldProblem } from '../../errors.ts';
import { anchorOf } from '../../lists/lists.ts';
import { lockUserTree } from '../../records/lock-user-tree.ts';
import type { MoveTasksInput } from '../bulk/task-bulk.inputs.ts';
import { namedIds, requireAll } from '../named-tasks.ts';
import type { MoveTaskInput } from '../task.inputs.ts';
import { lockTasks, type TaskPlace, type TaskState } from '../task-states.ts';
import { putInto, requireDestination, requireLiveTask } from './task-location.ts';
import { branchOf, readAncestors, readTrees, requireRoomBelow } from './task-tree.ts';

/**
 * Moves tasks with their subtasks, in the order given, to a list or below a task, after or before a sibling or to the end.
 * Changes neither version nor updatedAt. Errors: NOT_FOUND with every bad index, BAD_USER_INPUT, LIMIT_EXCEEDED.
 */
export async function moveTasks(db: Change, input: MoveTaskInput | MoveTasksInput): Promise<void> {
  await lockUserTree(db);
  const tasks = await lockTasks(db, namedIds(input));
  requireAll(tasks, input, ({ isTrashed }) => isTrashed);
  const named = namedIds(input).flatMap((id) => tasks.get(id) ?? []);
  const [anchor] = named.map(({ id }) => anchorOf(input, id));
  const placeFrom = await requireDestination(db, input);
  // After a sibling, the last task goes first; before one, or at the end, they go in their order.
  const turns = input.afterId ? named.toReversed() : named;
  const places = await placesOf(db, turns, placeFrom);
  if (anchor) await requireSibling(db, [...places.values()], anchor);
  if (input.parentId) await requireRoom(db, turns, input.parentId);
  const groups = Map.groupBy(named, ({ id }) => JSON.stringify(places.get(id)));
  for (const tasks of groups.values()) {
    const place = places.get(tasks[0]?.id ?? '');
    if (place) await putInto(db, place, tasks, input);
  }
}

/** The new location of each task, by id. @param turns the tasks in the order in which they move */
async function placesOf(
  db: Change,
  turns: readonly TaskState[],
  placeFrom: (current: TaskPlace) => TaskPlace,
): Promise<Map<string, TaskPlace>> {
  const subtasks = turns.flatMap(({ id, parentId }) => (parentId ? id : []));
  const ancestors = await readAncestors(db, subtasks);
  const places = new Map<string, TaskPlace>();
  for (const task of turns) {
    // An ancestor that moved before has taken it along.
    const [taken = task] = (ancestors.get(task.id) ?? []).flatMap((id) => places.get(id) ?? []);
    places.set(task.id, placeFrom({ ...task, listId: taken.listId }));
  }
  return places;
}

async function requireSibling(
  db: Change,
  places: readonly TaskPlace[],
  anchor: { id: string; path: FieldProblem['path'] },
): Promise<void> {
  const { listId, parentId } = await requireLiveTask(db, anchor.id, anchor.path);
  if (places.every((place) => place.listId === listId && place.parentId === parentId)) return;
  const message = 'That task is in another list or has another parent. Name a sibling at the new location.';
  throw badUserInput([{ path: anchor.path, code: 'NOT_A_SIBLING', message }]);
}

async function requireRoom(db: Change, turns: readonly TaskState[], parentId: string): Promise<void> {
  const coming = turns.flatMap((task) => (task.parentId === parentId ? [] : task.id));
  if (coming.length === 0) return;
  const trees = await readTrees(db, coming);
  const gone = new Set<string>();
  const members = coming.flatMap((id) => {
    // Tasks that moved before are no longer part of it.
    const own = (trees.get(id) ?? []).filter((member) => !gone.has(member.id));
    for (const member of own) gone.add(member.id);
    return own;
  });
  if (gone.has(parentId)) {
    const message = 'A task cannot become a subtask of itself or of its own subtasks.';
    throw badUserInput([{ path: ['input', 'parentId'], code: 'OWN_SUBTASK', message }]);
  }
  await requireRoomBelow(db, parentId, branchOf(members));
}
