import { sql } from 'kysely';
import type { Change } from '../../database/database.ts';
import { type FieldProblem, inTrash, unknownId } from '../../errors.ts';
import { statesOf, type TaskLocation } from '../task-states.ts';
import { notTheParents } from '../tree/task-location.ts';
import {
  limitExceeded,
  maximumDepth,
  maximumSubtasks,
  readAncestors,
  tooDeep,
  tooManySubtasks,
} from '../tree/task-tree.ts';
import type { NewTask } from './create-tasks.ts';

/** A task to create, with its location. */
export interface LocatedTask extends NewTask, TaskLocation {
  /** Its ancestors, nearest first. */
  readonly line: readonly string[];
}

interface Locations {
  readonly located: readonly LocatedTask[];
  /** Lists and parents that are not there, or are in the trash. */
  readonly unknown: readonly FieldProblem[];
  /** Lists that are not those of the parents. */
  readonly misplaced: readonly FieldProblem[];
}

/** Finds the list and the parent of each task, which may be an earlier one. */
export async function locateTasks(db: Change, tasks: readonly NewTask[]): Promise<Locations> {
  const lists = await listsNamedBy(db, tasks);
  const parents = await parentsNamedBy(db, tasks);
  const [located, unknown, misplaced]: [LocatedTask[], FieldProblem[], FieldProblem[]] = [[], [], []];
  for (const task of tasks) {
    const { listId = null, parentId = null } = task.input;
    const problems = [
      ...problemsWith('list', listId, lists, [...task.path, 'listId']),
      ...problemsWith('task', parentId, parents, [...task.path, 'parentId']),
    ];
    unknown.push(...problems);
    const parent = parents.get(parentId ?? '');
    const place = {
      listId: parent ? parent.listId : listId,
      parentId,
      line: parentId === null ? [] : [parentId, ...(parent?.line ?? [])],
    };
    if (listId !== null && listId !== place.listId) misplaced.push(notTheParents([...task.path, 'listId']));
    if (problems.length === 0) located.push({ ...task, ...place });
    // Also one that cannot be created: its subtasks have no problem of their own.
    parents.set(task.id, { ...place, isTrashed: false });
  }
  return { located, unknown, misplaced };
}

interface Parent {
  readonly listId: string | null;
  /** Its ancestors, nearest first. */
  readonly line: readonly string[];
  readonly isTrashed: boolean;
}

async function parentsNamedBy(db: Change, tasks: readonly NewTask[]): Promise<Map<string, Parent>> {
  const ids = [...new Set(tasks.flatMap(({ input }) => input.parentId ?? []))];
  if (ids.length === 0) return new Map();
  const states = await statesOf(db, ids).execute();
  const lines = await readAncestors(db, ids);
  return new Map(states.map((state) => [state.id, { ...state, line: lines.get(state.id)?.slice(1) ?? [] }]));
}

interface ListState {
  readonly id: string;
  readonly isTrashed: boolean;
}

async function listsNamedBy(db: Change, tasks: readonly NewTask[]): Promise<Map<string, ListState>> {
  const ids = [...new Set(tasks.flatMap(({ input }) => input.listId ?? []))];
  if (ids.length === 0) return new Map();
  const { rows } = await sql<ListState>`
    select id, deleted_at is not null as "isTrashed" from task_list
    where user_id = ${db.viewer.id} and id = any(${ids}::uuid[]) and purged_at is null`.execute(db.kysely);
  return new Map(rows.map((list) => [list.id, list]));
}

function problemsWith(
  kind: 'list' | 'task',
  id: string | null,
  records: ReadonlyMap<string, { readonly isTrashed: boolean }>,
  path: FieldProblem['path'],
): FieldProblem[] {
  if (id === null) return [];
  const record = records.get(id);
  if (!record) return [unknownId(kind, path)];
  return record.isTrashed ? [inTrash(kind, path)] : [];
}

/** Errors: LIMIT_EXCEEDED with every task that is too deep, or one too many below its top-level task. */
export async function requireRoom(db: Change, tasks: readonly LocatedTask[]): Promise<void> {
  const below = tasks.filter(({ line }) => line.length > 0);
  const deep = below.filter(({ line }) => line.length > maximumDepth);
  const tops = Map.groupBy(below, ({ line }) => line.at(-1) ?? '');
  const counts = await countSubtasks(db, [...tops.keys()]);
  const surplus = [...tops].flatMap(([top, coming]) => {
    return coming.slice(Math.max(0, maximumSubtasks - (counts.get(top) ?? 0)));
  });
  const problems = [
    ...deep.map(({ path }) => ({ path: [...path, 'parentId'], code: 'TOO_DEEP', message: tooDeep })),
    ...surplus.map(({ path }) => ({ path: [...path, 'parentId'], code: 'TOO_MANY', message: tooManySubtasks })),
  ];
  const [first] = problems;
  if (first) throw limitExceeded(first.message, problems);
}

/** The subtasks on all levels below top-level tasks, without those in the trash. */
async function countSubtasks(db: Change, tops: readonly string[]): Promise<Map<string, number>> {
  if (tops.length === 0) return new Map();
  const { rows } = await sql<{ top: string; count: number }>`
    with recursive tree as (
      select id as top, id from task where user_id = ${db.viewer.id} and id = any(${tops}::uuid[])
      union all
      select tree.top, task.id from tree
      join task on task.user_id = ${db.viewer.id} and task.parent_id = tree.id and task.deleted_at is null
    )
    select top, count(*)::int - 1 as count from tree group by top`.execute(db.kysely);
  return new Map(rows.map(({ top, count }) => [top, count]));
}
