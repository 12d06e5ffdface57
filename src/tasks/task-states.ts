import { sql } from 'kysely';
import type { Change } from '../database/database.ts';
import { isListTrashed } from './reading/task-columns.ts';
import { isKept } from './trash/hidden-tasks.ts';

/** The location of a task: below a parent, or at the top level of a list or the inbox. */
export interface TaskLocation {
  readonly listId: string | null;
  readonly parentId: string | null;
}

/** The columns that decide whether a task may be changed, and how. */
export interface TaskState extends TaskLocation {
  readonly id: string;
  readonly version: number;
  /** By itself, with its parent or with its list. */
  readonly isTrashed: boolean;
}

/** Reads tasks as rows of a few columns: a hundred entities would block the event loop for milliseconds. */
export function statesOf(db: Change, ids: readonly string[]) {
  return db.kysely
    .selectFrom('task')
    .where('user_id', '=', db.viewer.id)
    .where(sql<boolean>`id = any(${ids}::uuid[])`)
    .where(isKept({ owner: db.viewer.id }))
    .select(['id', 'list_id as listId', 'parent_id as parentId', 'version'])
    .select(sql<boolean>`deleted_at is not null or ${isListTrashed('task')}`.as('isTrashed'));
}

/** The same, locked in the order of their ids, so that simultaneous changes never deadlock. */
export function lockedStatesOf(db: Change, ids: readonly string[]) {
  return statesOf(db, ids).orderBy('id').forUpdate();
}

/** The viewer's tasks by id, locked. Missing ones are left out. */
export async function lockTasks(db: Change, ids: readonly string[]): Promise<Map<string, TaskState>> {
  return ids.length === 0 ? new Map() : byId(await lockedStatesOf(db, ids).execute());
}

export function byId<State extends TaskState>(states: readonly State[]): Map<string, State> {
  return new Map(states.map((state) => [state.id, state]));
}
