import { sql } from 'kysely';
import { v7 as uuidv7 } from 'uuid';
import type { Change, Database, Reader } from '../../database/database.ts';
import type { Query } from '../../database/statements.ts';
import { lockedCounter, raisedCounter } from '../../database/user-changes/revisions.ts';
import { columnsCacheKey, selectedColumns } from '../../read/columns.ts';
import type { Selection } from '../../read/selection.ts';
import { createIdempotently, type NewRecord, requireFound } from '../../records/create-idempotently.ts';
import { endPosition, maximumKeyLength, positionAt, positionFor } from '../../records/positions.ts';
import { dueKeyFor, dueKeyOf, storedDue } from '../due/due.ts';
import { searchTextOf } from '../reading/search-text.ts';
import { taskColumns } from '../reading/task-columns.ts';
import { findTask } from '../reading/task-queries.ts';
import { Task } from '../task.entity.ts';
import type { CreateTaskInput } from '../task.inputs.ts';
import { resolveDestination, siblingsIn } from '../tree/task-location.ts';
import { requireRoomBelow } from '../tree/task-tree.ts';
import { changeLabels } from './task-labels.ts';
import { newTaskValues, settableProperties } from './task-values.ts';

type TaskRow = Record<string, unknown>;

/**
 * Creates a task after its siblings, idempotently if the client gives the id, and returns the selected fields.
 * Errors: CONFLICT, NOT_FOUND for the list, the parent or a label, LIMIT_EXCEEDED.
 */
export async function createTask(db: Database, input: CreateTaskInput, selection: Selection): Promise<TaskRow> {
  const isPlain = !input.id && !input.parentId && !input.labelIds?.length && !input.due?.timeZone;
  const inserted = isPlain ? await insertTask(db, input, selection) : undefined;
  if (inserted) return inserted;
  const { id } = await createIdempotently(db, Task, input, (change, own) => addTask(change, input, own));
  return requireFound(db, await findTask(db, id, selection));
}

/**
 * Creates the usual top-level task in one statement instead of six. Locks the list, so that it is not trashed meanwhile.
 * @returns undefined if `addTask` has to do it: the list was not found, or the last positions have become too long
 */
async function insertTask(db: Database, input: CreateTaskInput, selection: Selection): Promise<TaskRow | undefined> {
  const isInList = Boolean(input.listId);
  const due = storedDue(input.due, ['input', 'due']);
  const settable = settableProperties(db.metadata);
  const [row] = await db.write(
    `create task ${isInList} ${columnsCacheKey(db, taskColumns, selection)}`,
    (values): Query<TaskRow> => {
      const list = isInList
        ? sql`
            select id from counter, task_list
            where user_id = ${values.owner} and id = ${values.listId} and deleted_at is null for share of task_list`
        : sql`select null::uuid as id`;
      const siblings = isInList ? sql`list_id = ${values.listId}` : sql`list_id is null`;
      const query = sql<TaskRow>`
        with ${lockedCounter(values.owner)}, list as (${list}), last as materialized (
          select (select position from task where user_id = ${values.owner} and ${siblings} and parent_id is null
                  order by list_id desc, parent_id desc, position desc limit 1) as position
        ), target as (
          select ${endPosition(values.position, sql.ref('last.position'))} as position from last
        ), changed as (
          insert into task (user_id, id, list_id, position,
            ${sql.join(settable.map(({ column }) => sql.ref(column)))},
            due_date, due_time, due_key, search_text, version, created_at, updated_at, revision)
          select ${values.owner}::uuid, ${values.id}::uuid, list.id, target.position,
            ${sql.join(settable.map(({ name, type }) => sql`${values[name]}::${sql.raw(type)}`))},
            ${values.dueDate}::date, ${values.dueTime}::time, ${values.dueKey}::timestamp, ${values.searchText}::text,
            1, ${values.now}::timestamptz, ${values.now}::timestamptz, counter.next
          from counter, list, target where length(target.position) <= ${sql.lit(maximumKeyLength)}
          returning ${sql.join(selectedColumns(db, taskColumns, selection, 'task'))}
        ), ${raisedCounter(values.owner)}
        select * from changed`;
      return { compile: () => query.compile(db.kysely) };
    },
    {
      ...valuesOf(db, input),
      id: uuidv7(),
      listId: input.listId ?? null,
      position: positionAt(Date.now()),
      dueDate: due.dueDate,
      dueTime: due.dueTime,
      dueKey: dueKeyOf(due, db.viewer.timeZone),
      now: new Date(),
    },
  );
  return row;
}

function valuesOf({ metadata }: Reader, input: CreateTaskInput) {
  const values = newTaskValues(metadata, input);
  return { ...values, searchText: searchTextOf(values.title, values.description) };
}

async function addTask(db: Change, input: CreateTaskInput, own: NewRecord): Promise<Task> {
  const { em, kysely, viewer } = db;
  const { id } = own;
  // For a new task, null means the same as an omitted field.
  const given = { listId: input.listId ?? undefined, parentId: input.parentId ?? undefined };
  const { listId, parentId } = (await resolveDestination(db, given))({ listId: null, parentId: null });
  if (parentId !== null) await requireRoomBelow(db, parentId, { levels: 1, ids: [id] });
  const due = storedDue(input.due, ['input', 'due']);
  const task = em.create(Task, {
    ...own,
    ...valuesOf(db, input),
    list: listId === null ? null : [viewer.id, listId],
    parent: parentId === null ? null : [viewer.id, parentId],
    position: (await positionFor(db, siblingsIn(db, { listId, parentId }), id, {})) ?? '',
    completedAt: null,
    deletedAt: null,
    ...due,
  });
  await em.flush();
  if (input.due) {
    const dueKey = await dueKeyFor(db, due);
    await sql`update task set due_key = ${dueKey} where user_id = ${viewer.id} and id = ${id}`.execute(kysely);
  }
  if (input.labelIds?.length) await changeLabels(db, [id], { labelIds: input.labelIds });
  return task;
}
