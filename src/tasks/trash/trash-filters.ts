import { type RawBuilder, type SelectQueryBuilder, type SqlBool, sql } from 'kysely';
import { TrashFilter } from '../../graphql/inputs/trash-filter.ts';
import type { TaskFilter } from '../reading/task-page.inputs.ts';

// biome-ignore lint/suspicious/noExplicitAny: the same conditions stand in statements of different shapes
export type Tasks = SelectQueryBuilder<any, any, object>;

type Values = Readonly<Record<string, unknown>>;
type Sql = (values: Values) => RawBuilder<SqlBool>;

/** Where tasks are looked for: among all, or in the list or below the task that `values.parentId` names. */
export type Place = 'anywhere' | 'list' | 'task';

/** The tasks that a trash filter lets through. */
export interface TrashRows {
  readonly cacheKey: string;
  readonly values: Values;
  readonly whole: Sql;
  /** The same tasks in parts, where each has an index for every order and the whole has none. */
  readonly parts?: readonly Sql[];
}

/** A task is in the trash by itself, or because its list is. These are about the task alone. */
const present: Sql = () => sql`task.deleted_at is null`;
const trashed: Sql = () => sql`task.deleted_at is not null`;

// What is being purged is gone for readers, though its rows may still be there.
const purgedList = sql`deleted_at is not null and purged_at is not null`;
const trashedList = sql`deleted_at is not null`;

/** Whether a task's list is one of those few that the index `task_list_hidden` has. */
function inListThat(condition: RawBuilder<unknown>): Sql {
  return ({ owner }) =>
    sql`exists (select from task_list where user_id = ${owner} and (${condition}) and id = task.list_id)`;
}

/** The same of a list that is known before any task is: looked at once, and not for each task. */
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

/** What may be found at all: see `purgedList`. */
export const isKept: Sql = not(inListThat(purgedList));

/** @param trashedLists ids of the owner's lists in the trash, needed where all of the trash is looked at */
export function trashRows(filter: TaskFilter, place: Place, trashedLists: readonly string[]): TrashRows {
  const trash = filter.trash ?? TrashFilter.EXCLUDE;
  const cacheKey = `${trash} ${place}`;
  if (place === 'task') return { cacheKey, values: {}, whole: subtasks(trash) };
  if (place === 'list') return { cacheKey, values: {}, ...inOneList(trash) };
  if (filter.listId) return { cacheKey: `${cacheKey} named`, values: {}, ...inNamedList(trash) };
  if (filter.inbox === true) return { cacheKey: `${cacheKey} inbox`, values: {}, ...inInbox(trash) };
  if (trash === TrashFilter.ONLY && trashedLists.length > 0) {
    return { cacheKey: `${cacheKey} lists`, values: { trashedLists }, ...allTrash };
  }
  return { cacheKey, values: {}, ...inAnyList(trash) };
}

/** All of them where the list is in the trash, else those in the same state as the task that they are part of. */
function subtasks(trash: TrashFilter): Sql {
  return or(trash === TrashFilter.ONLY ? trashed : present, inListThat(trashedList));
}

type Rows = Pick<TrashRows, 'whole' | 'parts'>;

function inOneList(trash: TrashFilter): Rows {
  if (trash === TrashFilter.EXCLUDE) return { whole: and(present, not(inListThat(trashedList))) };
  if (trash === TrashFilter.INCLUDE) return { whole: () => sql`true`, parts: [present, trashed] };
  return {
    whole: or(trashed, inListThat(trashedList)),
    parts: [trashed, and(present, namedListIs(trashedList, 'parentId'))],
  };
}

function inNamedList(trash: TrashFilter): Rows {
  const isTrashed = namedListIs(trashedList, 'listId');
  const isThere = not(namedListIs(purgedList, 'listId'));
  if (trash === TrashFilter.EXCLUDE) return { whole: and(present, not(isTrashed)) };
  if (trash === TrashFilter.INCLUDE) return { whole: isThere, parts: [and(present, isThere), and(trashed, isThere)] };
  return {
    whole: and(or(trashed, isTrashed), isThere),
    parts: [and(trashed, isThere), and(present, isTrashed, isThere)],
  };
}

function inInbox(trash: TrashFilter): Rows {
  if (trash === TrashFilter.INCLUDE) return { whole: () => sql`true`, parts: [present, trashed] };
  return { whole: trash === TrashFilter.ONLY ? trashed : present };
}

/** Leaves out tasks of archived lists, except in the trash, which shows all that will be purged. */
function inAnyList(trash: TrashFilter): Rows {
  if (trash === TrashFilter.EXCLUDE) {
    return { whole: and(present, not(inListThat(sql`archived or ${trashedList}`))) };
  }
  if (trash === TrashFilter.ONLY) return { whole: and(trashed, isKept) };
  const isShown = not(inListThat(sql`archived or (${purgedList})`));
  return { whole: isShown, parts: [and(present, isShown), and(trashed, isShown)] };
}

const inTrashedLists: Sql = ({ trashedLists }) => sql`task.list_id = any(${trashedLists}::uuid[])`;

const allTrash: Rows = {
  whole: and(or(trashed, inTrashedLists), isKept),
  parts: [and(trashed, isKept), and(present, inTrashedLists)],
};
