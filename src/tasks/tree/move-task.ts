import type { Change } from '../../database/database.ts';
import { badUserInput, type FieldProblem } from '../../errors.ts';
import { namedSibling } from '../../lists/lists.ts';
import type { MoveTasksInput } from '../bulk/task-bulk.inputs.ts';
import { namedIds, requireAll } from '../named-tasks.ts';
import type { MoveTaskInput } from '../task.inputs.ts';
import { lockTasks, type TaskLocation, type TaskState } from '../task-states.ts';
import { moveInto, requireLiveTask, resolveDestination } from './task-location.ts';
import { branchOf, readAncestors, readTrees, requireRoomBelow } from './task-tree.ts';

/**
 * Moves tasks with their subtasks, in the order given, to a list or below a task, after or before a sibling or to the end.
 * Changes neither version nor updatedAt. Errors: NOT_FOUND with every bad index, BAD_USER_INPUT, LIMIT_EXCEEDED.
 */
export async function moveTasks(db: Change, input: MoveTaskInput | MoveTasksInput): Promise<void> {
  const tasks = await lockTasks(db, namedIds(input));
  requireAll(tasks, input, ({ isTrashed }) => isTrashed);
  const named = namedIds(input).flatMap((id) => tasks.get(id) ?? []);
  const [sibling] = named.map(({ id }) => namedSibling(input, id));
  const locate = await resolveDestination(db, input);
  // After a sibling, the last task goes first; before one, or at the end, they go in their order.
  const turns = input.afterId ? named.toReversed() : named;
  const locations = await locationsOf(db, turns, locate);
  if (sibling) await requireSibling(db, [...locations.values()], sibling);
  if (input.parentId) await requireRoom(db, turns, input.parentId);
  const groups = Map.groupBy(named, ({ id }) => JSON.stringify(locations.get(id)));
  for (const tasks of groups.values()) {
    const location = locations.get(tasks[0]?.id ?? '');
    if (location) await moveInto(db, location, tasks, input);
  }
}

/** The new location of each task, by id. @param turns the tasks in the order in which they move */
async function locationsOf(
  db: Change,
  turns: readonly TaskState[],
  locate: (current: TaskLocation) => TaskLocation,
): Promise<Map<string, TaskLocation>> {
  const subtasks = turns.flatMap(({ id, parentId }) => (parentId ? id : []));
  const ancestors = await readAncestors(db, subtasks);
  const locations = new Map<string, TaskLocation>();
  for (const task of turns) {
    // If an ancestor was moved before, the task moved with it.
    const [taken = task] = (ancestors.get(task.id) ?? []).flatMap((id) => locations.get(id) ?? []);
    locations.set(task.id, locate({ ...task, listId: taken.listId }));
  }
  return locations;
}

async function requireSibling(
  db: Change,
  locations: readonly TaskLocation[],
  sibling: { id: string; path: FieldProblem['path'] },
): Promise<void> {
  const { listId, parentId } = await requireLiveTask(db, sibling.id, sibling.path);
  if (locations.every((location) => location.listId === listId && location.parentId === parentId)) return;
  const message = 'That task is in another list or has another parent. Name a sibling at the new location.';
  throw badUserInput([{ path: sibling.path, code: 'NOT_A_SIBLING', message }]);
}

async function requireRoom(db: Change, turns: readonly TaskState[], parentId: string): Promise<void> {
  const coming = turns.flatMap((task) => (task.parentId === parentId ? [] : task.id));
  if (coming.length === 0) return;
  const trees = await readTrees(db, coming);
  const gone = new Set<string>();
  const members = coming.flatMap((id) => {
    // Without tasks that were moved before.
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
