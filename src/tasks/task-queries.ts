import { type RawBuilder, sql } from 'kysely';
import type { Reader } from '../database/database.ts';
import { badUserInput } from '../errors.ts';
import { selectedColumns, shapeOf } from '../graphql/columns.ts';
import type { Context, Viewer } from '../graphql/context.ts';
import type { Page } from '../graphql/pages/connection.ts';
import { Cursors, type KeyKind } from '../graphql/pages/cursor.ts';
import { OrderDirection } from '../graphql/pages/order-direction.ts';
import { type Keyed, type PageRequest, readPage } from '../graphql/pages/page.ts';
import type { PageArgs } from '../graphql/pages/page-args.ts';
import { readPageOf } from '../graphql/pages/pages-of.ts';
import { type Selection, selectionAt, withFields } from '../graphql/selection.ts';
import { TrashFilter } from '../graphql/trash-filter.ts';
import { titleOrderKey } from './task.entity.ts';
import { type TaskFilter, type TaskOrder, TaskOrderField, type TasksArgs } from './task.inputs.ts';
import { taskColumns } from './task-columns.ts';
import { conditionsOf, type Place } from './task-filters.ts';

/** The viewer's task with the selected fields, whether in the trash or not; null where there is none. */
export async function findTask(database: Reader, viewer: Viewer, id: string, selection: Selection) {
  const [row] = await findTasksById(database, viewer, [id], selection);
  return row ?? null;
}

/** The viewer's tasks of these ids, in their order; what is not there is left out. */
export async function findTasksById(
  database: Reader,
  viewer: Viewer,
  ids: readonly string[],
  selection: Selection,
): Promise<Record<string, unknown>[]> {
  const needed = withFields(selection, 'id');
  const rows = await database.read(
    `tasks by id ${shapeOf(taskColumns, needed)}`,
    (values) =>
      tasksOf(database, values.owner)
        .where(sql<boolean>`id = any(${values.ids}::uuid[])`)
        .select(selectedColumns(taskColumns, needed, 'task')),
    { owner: viewer.id, ids },
  );
  const byId = new Map(rows.map((row): [unknown, Record<string, unknown>] => [row.id, row]));
  return ids.map((id) => byId.get(id)).filter((row) => row !== undefined);
}

// `id` completes each of these keys, and the index that serves it.
const orders: Readonly<Record<TaskOrderField, { key: RawBuilder<unknown>; kind: KeyKind }>> = {
  POSITION: { key: sql.ref('position'), kind: 'text' },
  CREATED_AT: { key: sql.ref('created_at'), kind: 'instant' },
  UPDATED_AT: { key: sql.ref('updated_at'), kind: 'instant' },
  PRIORITY: { key: sql.ref('priority'), kind: 'smallint' },
  TITLE: { key: sql.raw(titleOrderKey), kind: 'text' },
};

const newestFirst: TaskOrder = { field: TaskOrderField.CREATED_AT, direction: OrderDirection.DESC };
const byPosition: TaskOrder = { field: TaskOrderField.POSITION, direction: OrderDirection.ASC };

/** A page of the viewer's tasks, newest first and without the trash unless asked otherwise. */
export async function findTasks(
  database: Reader,
  viewer: Viewer,
  { filter, orderBy, ...args }: TasksArgs,
  selection: Selection,
): Promise<Page<Keyed>> {
  const order = orderBy ?? newestFirst;
  const isOneGroup = Boolean(filter?.listId || filter?.inbox) && filter?.topLevel === true;
  if (order.field === TaskOrderField.POSITION && !isOneGroup) throw needsOneGroup();
  const request = pageRequest(database, viewer, filter ?? {}, order, args, selection);
  return readPage(database, { ...request, cursors: cursorsOf(viewer, 'tasks', order, filter ?? {}) });
}

/**
 * A page of the tasks in a list: its top level by position unless asked otherwise. Refuses a filter that names another
 * place.
 */
export async function findTasksOfList(
  context: Context,
  viewer: Viewer,
  listId: string,
  { filter, orderBy, ...args }: TasksArgs,
  selection: Selection,
): Promise<Page<Keyed>> {
  const misplaced = (['listId', 'inbox'] as const).find(
    (name) => filter?.[name] !== null && filter?.[name] !== undefined,
  );
  if (misplaced) {
    const message = `These are the tasks of one list: leave out ${misplaced}.`;
    throw badUserInput([{ path: ['filter', misplaced], code: 'NOT_HERE', message }]);
  }
  const order = orderBy ?? byPosition;
  const isByPosition = order.field === TaskOrderField.POSITION;
  if (isByPosition && filter?.topLevel === false) throw needsOneGroup();
  const all = isByPosition ? { ...filter, topLevel: true } : (filter ?? {});
  return readPageOf(context, listId, {
    ...pageRequest(context.database, viewer, all, order, args, selection, 'list'),
    cursorsOf: (id) => cursorsOf(viewer, `list ${id}`, order, all),
  });
}

/** A page of a task's subtasks by position: the trashed ones where it is in the trash itself. */
export function findSubtasks(
  context: Context,
  viewer: Viewer,
  task: { readonly id: string; readonly isTrashed: boolean },
  args: PageArgs,
  selection: Selection,
): Promise<Page<Keyed>> {
  const filter = { trash: task.isTrashed ? TrashFilter.ONLY : TrashFilter.EXCLUDE };
  return readPageOf(context, task.id, {
    ...pageRequest(context.database, viewer, filter, byPosition, args, selection, 'task'),
    cursorsOf: (id) => cursorsOf(viewer, `task ${id}`, byPosition, filter),
  });
}

function pageRequest(
  database: Reader,
  viewer: Viewer,
  filter: TaskFilter,
  { field, direction }: TaskOrder,
  args: PageArgs,
  selection: Selection,
  place: Place = 'anywhere',
): Omit<PageRequest, 'cursors'> {
  const fields = new Map([...selectionAt(selection, 'nodes'), ...selectionAt(selection, 'edges', 'node')]);
  const conditions = conditionsOf(filter, place);
  return {
    shape: `tasks ${shapeOf(taskColumns, fields)} ${field} ${conditions.shape}`,
    values: { owner: viewer.id, ...conditions.values },
    source: (values) => conditions.apply(tasksOf(database, values.owner as string), values),
    select: (source) => source.select(selectedColumns(taskColumns, fields, 'task')),
    order: { ...orders[field], isDescending: direction === OrderDirection.DESC },
    args,
    selection,
  };
}

function cursorsOf(viewer: Viewer, place: string, { field, direction }: TaskOrder, filter: TaskFilter): Cursors {
  const given = Object.entries(filter).filter(([, value]) => value !== null && value !== undefined);
  return new Cursors(orders[field].kind, viewer.id, place, field, direction, given.sort());
}

function needsOneGroup() {
  const message =
    'Positions compare among siblings only: filter by listId or inbox, with topLevel, or read a list or a task.';
  return badUserInput([{ path: ['orderBy', 'field'], code: 'NEEDS_SIBLINGS', message }]);
}

/** Where every read of tasks starts. */
function tasksOf(database: Reader, owner: string) {
  return database.build.selectFrom('task').where('task.user_id', '=', owner);
}
