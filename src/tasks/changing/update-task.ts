import { type Kysely, type RawBuilder, sql, type Updateable } from 'kysely';
import type { Change } from '../../database/database.ts';
import { type FieldProblem, requireVersion } from '../../errors.ts';
import type { UpdateTasksInput } from '../bulk/task-bulk.inputs.ts';
import { dueKeyFor, storedDue } from '../due/due.ts';
import { namedIds, requireAll, type Target } from '../named-tasks.ts';
import { searchTextOf } from '../reading/search-text.ts';
import type { UpdateTaskInput } from '../task.inputs.ts';
import { byId, lockedStatesOf, type TaskState } from '../task-states.ts';
import { changeLabels } from './task-labels.ts';
import { changedColumns } from './task-values.ts';

/** Values by column. */
export type Columns =
  Change['kysely'] extends Kysely<infer Tables extends { task: object }> ? Updateable<Tables['task']> : never;

/** Changes the fields that are given. Errors: NOT_FOUND, STALE_VERSION, LIMIT_EXCEEDED. */
export async function updateTask(db: Change, input: UpdateTaskInput): Promise<void> {
  await changeFields(db, input, input, ['input']);
}

/** Changes the same fields of several tasks. Errors: NOT_FOUND with every bad index, LIMIT_EXCEEDED. */
export async function updateTasks(db: Change, input: UpdateTasksInput): Promise<void> {
  await changeFields(db, input, input.set, ['input', 'set']);
}

async function changeFields(
  db: Change,
  target: Target,
  fields: Omit<UpdateTaskInput, 'id'>,
  path: FieldProblem['path'],
): Promise<void> {
  const due = fields.due === undefined ? null : storedDue(fields.due, [...path, 'due']);
  const columns: Columns = {
    ...changedColumns(db.metadata, fields),
    ...(due && { due_date: due.dueDate, due_time: due.dueTime, due_time_zone: due.dueTimeZone, due_at: due.dueAt }),
  };
  const locked = lockedStatesOf(db, namedIds(target)).select(differsFrom(columns).as('differs'));
  const tasks = byId(await locked.$if('id' in target, (one) => one.select(['title', 'description'])).execute());
  const relabelled = await changeLabels(db, [...tasks.keys()], fields, path);
  const isChanging = ({ id, differs }: { id: string; differs: boolean }) => differs || relabelled.has(id);
  requireAll(tasks, target, (task) => task.isTrashed && isChanging(task));
  const changing = [...tasks.values()].filter(isChanging);
  const [first] = changing;
  if (!first) return;
  if ('id' in target) requireVersion('task', first.version, target.expectedVersion);
  await setColumns(db, changing, {
    ...columns,
    ...(due && { due_key: await dueKeyFor(db, due) }),
    // Bulk updates have neither title nor description.
    ...((columns.title ?? columns.description) !== undefined && {
      search_text: searchTextOf(columns.title ?? first.title ?? '', columns.description ?? first.description ?? ''),
    }),
  });
}

function differsFrom(columns: Columns): RawBuilder<boolean> {
  const differences = Object.entries(columns).map(([name, value]) => sql`${sql.ref(name)} is distinct from ${value}`);
  return sql`(${sql.join([sql`false`, ...differences], sql` or `)})`;
}

/** Sets columns of locked tasks. Raises each version by one, whatever changes. */
export async function setColumns(db: Change, tasks: readonly TaskState[], columns: Columns): Promise<void> {
  if (tasks.length === 0) return;
  const ids = tasks.map(({ id }) => id);
  await db.kysely
    .updateTable('task')
    .set({ ...columns, version: sql`version + 1`, updated_at: new Date(), revision: db.revision })
    .where('user_id', '=', db.viewer.id)
    .where(sql<boolean>`id = any(${ids}::uuid[])`)
    .execute();
}
