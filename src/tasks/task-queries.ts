import { type RawBuilder, sql } from 'kysely';
import type { Database } from '../database/database.ts';
import type { Viewer } from '../graphql/context.ts';
import type { Page } from '../graphql/pages/connection.ts';
import { Cursors, type KeyKind } from '../graphql/pages/cursor.ts';
import { OrderDirection } from '../graphql/pages/order-direction.ts';
import { readPage } from '../graphql/pages/page.ts';
import { type Selection, selectionAt } from '../graphql/selection.ts';
import { titleOrderKey } from './task.entity.ts';
import { type TaskFilter, type TaskOrder, TaskOrderField, type TasksArgs } from './task.inputs.ts';

/** A task as a query answers with it: the fields that were asked for. */
export type TaskRow = Awaited<ReturnType<typeof findTask>> & object;

// GraphQL field → what is selected for it. A field of Task that is stored needs its line here.
const columns = {
  id: 'id',
  title: 'title',
  description: 'description',
  completed: sql<boolean>`completed_at is not null`.as('completed'),
  completedAt: 'completed_at as completedAt',
  priority: 'priority',
  version: 'version',
  createdAt: 'created_at as createdAt',
  updatedAt: 'updated_at as updatedAt',
  deletedAt: 'deleted_at as deletedAt',
} as const;

/** The viewer's task with the selected fields, whether in the trash or not; null where there is none. */
export async function findTask(database: Database, viewer: Viewer, id: string, selection: Selection) {
  const names = namesOf(selection);
  const [row] = await database.read(
    `task ${names}`,
    (values) => tasksOf(database, values.owner).where('id', '=', values.id).select(columnsOf(names)),
    { owner: viewer.id, id },
  );
  return row ?? null;
}

// `id` completes each of these keys, and the index that serves it.
const orders: Readonly<Record<TaskOrderField, { key: RawBuilder<unknown>; kind: KeyKind }>> = {
  CREATED_AT: { key: sql.ref('created_at'), kind: 'instant' },
  UPDATED_AT: { key: sql.ref('updated_at'), kind: 'instant' },
  PRIORITY: { key: sql.ref('priority'), kind: 'smallint' },
  TITLE: { key: sql.raw(titleOrderKey), kind: 'text' },
};

const newestFirst: TaskOrder = { field: TaskOrderField.CREATED_AT, direction: OrderDirection.DESC };

/** A page of the viewer's tasks that are not in the trash, newest first unless asked otherwise. */
export function findTasks(
  database: Database,
  viewer: Viewer,
  { filter, orderBy, ...args }: TasksArgs,
  selection: Selection,
): Promise<Page<TaskRow>> {
  const { field, direction } = orderBy ?? newestFirst;
  const { key, kind } = orders[field];
  const names = namesOf(new Map([...selectionAt(selection, 'nodes'), ...selectionAt(selection, 'edges', 'node')]));
  const completed = filter?.completed ?? null;
  return readPage(database, {
    shape: `tasks ${names} ${field} ${completed}`,
    source: (owner) => filtered(tasksOf(database, owner), { completed }),
    select: (source) => source.select(columnsOf(names)),
    owner: viewer.id,
    order: { key, kind, isDescending: direction === OrderDirection.DESC },
    cursors: new Cursors(kind, viewer.id, 'tasks', field, direction, completed),
    args,
    selection,
  });
}

/** Where every read of tasks starts. */
function tasksOf(database: Database, owner: string) {
  return database.build.selectFrom('task').where('user_id', '=', owner);
}

function filtered(tasks: ReturnType<typeof tasksOf>, { completed }: TaskFilter) {
  const present = tasks.where('deleted_at', 'is', null);
  if (completed === true) return present.where('completed_at', 'is not', null);
  if (completed === false) return present.where('completed_at', 'is', null);
  return present;
}

type ColumnName = keyof typeof columns;

const columnNames = Object.keys(columns) as ColumnName[];

/** In a fixed order, so that equal selections make equal queries. */
function namesOf(selection: Selection): ColumnName[] {
  return columnNames.filter((name) => selection.has(name));
}

/** Never empty: an operation that asks for __typename alone still needs a row. */
function columnsOf(names: readonly ColumnName[]) {
  return names.length > 0 ? names.map((name) => columns[name]) : [columns.id];
}
