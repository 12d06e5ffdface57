import { type RawBuilder, type SqlBool, sql } from 'kysely';
import { TrashFilter } from '../../graphql/inputs/trash-filter.ts';
import type { TaskFilter } from '../reading/task-page.inputs.ts';

type Values = Readonly<Record<string, unknown>>;
type Sql = (values: Values) => RawBuilder<SqlBool>;

/** Which tasks to search: all, those in a list, or those below a task; `values.parentId` names it. */
export type TaskScope = 'anywhere' | 'list' | 'task';

/** The tasks that match a trash filter. */
export interface TrashRows {
  readonly cacheKey: string;
  readonly values: Values;
  readonly whole: Sql;
  /** The same tasks in parts, if only the parts have an index for every order. */
  readonly parts?: readonly Sql[];
}

/** A task is in the trash by itself, or because its list is. These two conditions are about the task alone. */
const present: Sql = () => sql`task.deleted_at is null`;
const trashed: Sql = ({ owner }) => sql`task.deleted_at is not null and ${isNotEmptied('task', owner)}`;
const notEmptied: Sql = ({ owner }) => isNotEmptied('task', owner);

/** Whether a task was not in the trash when that was last emptied: see empty-trash.ts. @param row alias of the task */
export function isNotEmptied(row: string, owner: unknown): RawBuilder<SqlBool> {
  const deletedAt = sql.ref(`${row}.deleted_at`);
  // The user is looked up only for what has been deleted.
  return sql`(${deletedAt} is null
    or ${deletedAt} > coalesce((select trash_emptied_at from "user" where id = ${owner}), '-infinity'))`;
}

// Reads must not find what is being purged, although its rows still exist.
const purgedList = sql`deleted_at is not null and purged_at is not null`;
const trashedList = sql`deleted_at is not null`;

/** Whether a task's list is one of the few in the index `task_list_hidden`. */
function inListThat(condition: RawBuilder<unknown>): Sql {
  return ({ owner }) =>
    sql`exists (select from task_list where user_id = ${owner} and (${condition}) and id = task.list_id)`;
}

/** The same for a list that the query names: checked once instead of for each task. */
function namedListIs(condition: RawBuilder<unknown>, name: 'listId' | 'parentId'): Sql {
  return ({ owner, [name]: id }) =>
    sql`exists (select from task_list where user_id = ${owner} and id = ${id} and ${condition})`;
}

const not =
  (one: Sql): Sql =>
  (values) =>
    sql`not ${one(values)}`;
const and =
  (...all: Sql[]): Sql =>
  (values) =>
    sql.join<SqlBool>(
      all.map((one) => one(values)),
      sql` and `,
    );
const or =
  (one: Sql, other: Sql): Sql =>
  (values) =>
    sql`(${one(values)} or ${other(values)})`;

const inKeptList: Sql = not(inListThat(purgedList));

/** Whether the task is not being purged: see `purgedList` and `isNotEmptied`. */
export const isKept: Sql = and(inKeptList, notEmptied);

/** @param trashedLists ids of the owner's lists in the trash, needed to read the whole trash */
export function trashRows(filter: TaskFilter, scope: TaskScope, trashedLists: readonly string[]): TrashRows {
  const trash = filter.trash ?? TrashFilter.EXCLUDE;
  const cacheKey = `${trash} ${scope}`;
  if (scope === 'task') return { cacheKey, values: {}, whole: subtasks(trash) };
  if (scope === 'list') return { cacheKey, values: {}, ...inOneList(trash) };
  if (filter.listId) return { cacheKey: `${cacheKey} named`, values: {}, ...inNamedList(trash) };
  if (filter.inbox === true) return { cacheKey: `${cacheKey} inbox`, values: {}, ...inInbox(trash) };
  if (trash === TrashFilter.ONLY && trashedLists.length > 0) {
    return { cacheKey: `${cacheKey} lists`, values: { trashedLists }, ...allTrash };
  }
  return { cacheKey, values: {}, ...inAnyList(trash) };
}

/** All subtasks if the list is in the trash, else those in the state that the filter asks for. */
function subtasks(trash: TrashFilter): Sql {
  return and(or(trash === TrashFilter.ONLY ? trashed : present, inListThat(trashedList)), notEmptied);
}

type Rows = Pick<TrashRows, 'whole' | 'parts'>;

function inOneList(trash: TrashFilter): Rows {
  if (trash === TrashFilter.EXCLUDE) return { whole: and(present, not(inListThat(trashedList))) };
  if (trash === TrashFilter.INCLUDE) return { whole: notEmptied, parts: [present, trashed] };
  return {
    whole: and(or(trashed, inListThat(trashedList)), notEmptied),
    parts: [trashed, and(present, namedListIs(trashedList, 'parentId'))],
  };
}

function inNamedList(trash: TrashFilter): Rows {
  const isTrashed = namedListIs(trashedList, 'listId');
  const isThere = not(namedListIs(purgedList, 'listId'));
  if (trash === TrashFilter.EXCLUDE) return { whole: and(present, not(isTrashed)) };
  const isShown = and(isThere, notEmptied);
  if (trash === TrashFilter.INCLUDE) return { whole: isShown, parts: [and(present, isThere), and(trashed, isThere)] };
  return {
    whole: and(or(trashed, isTrashed), isShown),
    parts: [and(trashed, isThere), and(present, isTrashed, isThere)],
  };
}

function inInbox(trash: TrashFilter): Rows {
  if (trash === TrashFilter.INCLUDE) return { whole: notEmptied, parts: [present, trashed] };
  return { whole: trash === TrashFilter.ONLY ? trashed : present };
}

/** Leaves out tasks of archived lists, except in the trash, which shows everything that will be purged. */
function inAnyList(trash: TrashFilter): Rows {
  if (trash === TrashFilter.EXCLUDE) {
    return { whole: and(present, not(inListThat(sql`archived or ${trashedList}`))) };
  }
  if (trash === TrashFilter.ONLY) return { whole: and(trashed, inKeptList) };
  const isShown = not(inListThat(sql`archived or (${purgedList})`));
  return { whole: and(isShown, notEmptied), parts: [and(present, isShown), and(trashed, isShown)] };
}

const inTrashedLists: Sql = ({ trashedLists }) => sql`task.list_id = any(${trashedLists}::uuid[])`;

const allTrash: Rows = {
  whole: and(or(trashed, inTrashedLists), isKept),
  parts: [and(trashed, inKeptList), and(present, inTrashedLists)],
};
