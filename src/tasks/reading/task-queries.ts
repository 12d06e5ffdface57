import type { Reader } from '../../database/database.ts';
import { badUserInput } from '../../errors.ts';
import { TrashFilter } from '../../graphql/inputs/trash-filter.ts';
import type { Context } from '../../graphql/server/context.ts';
import type { Page } from '../../read/pages/connection.ts';
import { CursorCodec } from '../../read/pages/cursor.ts';
import { readNestedPage } from '../../read/pages/nested-pages.ts';
import { OrderDirection } from '../../read/pages/order-direction.ts';
import { readPage } from '../../read/pages/page.ts';
import type { PageArgs } from '../../read/pages/page-args.ts';
import type { PageRequest, PageRow } from '../../read/pages/page-request.ts';
import { recordReader, recordsReader } from '../../read/read-record.ts';
import type { Selection } from '../../read/selection.ts';
import type { Viewer } from '../../viewer.ts';
import { isKept, type TaskScope, trashRows } from '../trash/hidden-tasks.ts';
import { taskColumnsWithSubtasks } from './task-columns.ts';
import { conditionsOf } from './task-filters.ts';
import { byPosition, keyOf, needsOneGroup, newestFirst, siblingGroupColumns, TaskOrderField } from './task-orders.ts';
import type { TaskFilter, TaskOrder, TasksArgs, TasksOfListArgs } from './task-page.inputs.ts';

/** The viewer's task with the selected fields, also from the trash; null if there is none. */
export const findTask = recordReader(taskColumnsWithSubtasks, keptTasksOf);

/** The viewer's tasks with these ids. */
export const findTasksById = recordsReader(taskColumnsWithSubtasks, keptTasksOf);

/** A page of the viewer's tasks, by default newest first and without the trash. */
export async function findTasks(
  db: Reader,
  { filter, orderBy, ...args }: TasksArgs,
  selection: Selection,
): Promise<Page<PageRow>> {
  const order = orderBy ?? newestFirst;
  const isOneGroup = Boolean(filter?.listId || filter?.inbox) && filter?.topLevel === true;
  if (order.field === TaskOrderField.POSITION && !isOneGroup) throw needsOneGroup();
  const isAllTrash = filter?.trash === TrashFilter.ONLY && !filter.listId && filter.inbox !== true;
  const trashedLists = isAllTrash ? await findTrashedLists(db) : [];
  return readPage(db, pageRequest(db, filter ?? {}, order, args, selection, 'anywhere', trashedLists));
}

/** A page of the tasks in a list, by default the top level by position. Errors: BAD_USER_INPUT. */
export async function findTasksOfList(
  context: Context,
  listId: string,
  { filter, orderBy, ...args }: TasksOfListArgs,
  selection: Selection,
): Promise<Page<PageRow>> {
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
  return readNestedPage(context, { id: listId }, args, selection, () => ({
    ...pageRequest(context.db, all, order, args, selection, 'list'),
    parentColumn: 'task.list_id',
    isIndexedByParent: isByPosition || order.field === TaskOrderField.CREATED_AT,
  }));
}

/** A page of a task's subtasks by position. If the task is in the trash, its subtasks in the trash. */
export function findSubtasks(
  context: Context,
  task: { readonly id: string; readonly isTrashed: boolean },
  args: PageArgs,
  selection: Selection,
): Promise<Page<PageRow>> {
  const trash = task.isTrashed ? TrashFilter.ONLY : TrashFilter.EXCLUDE;
  return readNestedPage(context, { id: task.id, variant: trash }, args, selection, () => ({
    ...pageRequest(context.db, { trash }, byPosition, args, selection, 'task'),
    parentColumn: 'task.parent_id',
    isIndexedByParent: true,
  }));
}

function pageRequest(
  db: Reader,
  filter: TaskFilter,
  order: TaskOrder,
  args: PageArgs,
  selection: Selection,
  scope: TaskScope,
  trashedLists: readonly string[] = [],
): PageRequest {
  const conditions = conditionsOf(filter, scope, db.viewer);
  const rows = trashRows(filter, scope, trashedLists);
  const tasksThat = (which: typeof rows.whole) => (values: Readonly<Record<string, unknown>>) => {
    const tasks = tasksOf(db, values.owner as string, values.label as string | undefined);
    return conditions.apply(tasks.where(which(values)), values);
  };
  const isByPosition = order.field === TaskOrderField.POSITION;
  // The best index for a list depends on the list's length, except for the two orders with an index for lists.
  const hasOwnIndex = isByPosition || order.field === TaskOrderField.CREATED_AT;
  const isOfLists = trashedLists.length > 0 || (Boolean(filter.listId) && !(hasOwnIndex && isPresent(filter.trash)));
  return {
    cacheKey: `tasks ${order.field} ${rows.cacheKey} ${conditions.cacheKey}`,
    values: { ...rows.values, ...conditions.values },
    customPlan: conditions.isSelective || isOfLists,
    source: tasksThat(rows.whole),
    ...(rows.parts ? { parts: rows.parts.map(tasksThat) } : {}),
    columns: taskColumnsWithSubtasks,
    order: {
      ...keyOf(order, filter),
      isDescending: order.direction === OrderDirection.DESC,
      ...(isByPosition && scope !== 'task' ? { prefix: siblingGroupColumns } : {}),
    },
    cursors: cursorsOf(db.viewer, scope, order, filter),
    args,
    selection,
  };
}

function isPresent(trash: TaskFilter['trash']): boolean {
  return (trash ?? TrashFilter.EXCLUDE) === TrashFilter.EXCLUDE;
}

function cursorsOf(viewer: Viewer, scope: TaskScope, order: TaskOrder, filter: TaskFilter): CursorCodec {
  const given = Object.entries(filter).filter(([, value]) => value !== null && value !== undefined);
  return new CursorCodec(keyOf(order, filter).kind, viewer.id, scope, order.field, order.direction, given.sort());
}

/** The start of all reads of tasks. @param label only tasks with this label; undefined: all */
function tasksOf(db: Reader, owner: string, label?: string) {
  const tasks = db.kysely.selectFrom('task').where('task.user_id', '=', owner);
  if (label === undefined) return tasks;
  return tasks
    .innerJoin('task_label as label_link', (join) =>
      join.onRef('label_link.user_id', '=', 'task.user_id').onRef('label_link.task_id', '=', 'task.id'),
    )
    .where('label_link.user_id', '=', owner)
    .where('label_link.label_id', '=', label) as unknown as typeof tasks;
}

function keptTasksOf(db: Reader, owner: string) {
  return tasksOf(db, owner).where(isKept({ owner }));
}

/** Read before the trash, because the best plan for reading the trash depends on these lists. */
async function findTrashedLists(db: Reader): Promise<string[]> {
  const rows = await db.read(
    'trashed lists',
    (values) =>
      db.kysely
        .selectFrom('task_list')
        .where('user_id', '=', values.owner)
        .where('deleted_at', 'is not', null)
        .where('purged_at', 'is', null)
        .select('id'),
    {},
  );
  return rows.map(({ id }) => id);
}
