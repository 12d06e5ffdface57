import type { EntityManager } from '@mikro-orm/postgresql';
import { sql } from 'kysely';
import { v7 as uuidv7 } from 'uuid';
import type { Database, Transaction } from '../database/database.ts';
import { endPosition, longestKey, positionAt, positionFor } from '../database/positions.ts';
import type { Query } from '../database/statements.ts';
import { selectedColumns, shapeOf } from '../graphql/columns.ts';
import type { Viewer } from '../graphql/context.ts';
import type { Selection } from '../graphql/selection.ts';
import { TaskList } from '../lists/list.entity.ts';
import { createOnce, type NewRecord, stillThere } from '../users/create-once.ts';
import { lockStructure } from '../users/lock-structure.ts';
import { dueKeyFor, dueKeyOf, storedDue } from './due.ts';
import { searchTextOf } from './search-text.ts';
import { Task } from './task.entity.ts';
import type { CreateTaskInput } from './task.inputs.ts';
import { taskColumns } from './task-columns.ts';
import { changeLabels } from './task-labels.ts';
import { requireDestination, siblingsIn } from './task-place.ts';
import { TaskPriority } from './task-priority.ts';
import { findTask } from './task-queries.ts';
import { requireRoomBelow } from './task-tree.ts';

/**
 * Makes a task of the viewer's after its siblings, safe to repeat with an id of the client's, and answers the selected
 * fields. Errors: CONFLICT, NOT_FOUND of the list, the parent or a label, LIMIT_EXCEEDED.
 */
export async function createTask(
  database: Database,
  viewer: Viewer,
  input: CreateTaskInput,
  selection: Selection,
): Promise<Record<string, unknown>> {
  const isPlain = !input.id && !input.parentId && !input.labelIds?.length && !input.due?.timeZone;
  const inserted = isPlain ? await insertTask(database, viewer, input, selection) : null;
  if (inserted) return inserted;
  const { id } = await createOnce(database, viewer, Task, input, (em, own, transaction) =>
    addTask(em, transaction, viewer, input, own),
  );
  return stillThere(database, viewer, await findTask(database, viewer, id, selection));
}

/**
 * The usual task, at the top level of the inbox or of a list: one statement instead of a transaction's six. The list is
 * locked against being trashed meanwhile.
 * @returns null where it takes the long way: the list is not there, or the places at its end are to be made anew
 */
async function insertTask(
  database: Database,
  viewer: Viewer,
  input: CreateTaskInput,
  selection: Selection,
): Promise<Record<string, unknown> | null> {
  const isInList = Boolean(input.listId);
  const due = storedDue(input.due, ['input', 'due']);
  const [row] = await database.write(
    viewer,
    `create task ${isInList} ${shapeOf(database, taskColumns, selection)}`,
    (values): Query<Record<string, unknown>> => {
      const list = isInList
        ? sql`select id from task_list where user_id = ${values.owner} and id = ${values.listId} and deleted_at is null for share`
        : sql`select null::uuid as id`;
      const siblings = isInList ? sql`list_id = ${values.listId}` : sql`list_id is null`;
      const query = sql<Record<string, unknown>>`
        with list as (${list}), last as materialized (
          select (select position from task where user_id = ${values.owner} and ${siblings} and parent_id is null
                  order by list_id desc, parent_id desc, position desc limit 1) as position
        ), place as (
          select ${endPosition(values.position, sql.ref('last.position'))} as position from last
        )
        insert into task (user_id, id, list_id, position, title, description, priority, due_date, due_time, due_key, search_text,
          version, created_at, updated_at)
        select ${values.owner}::uuid, ${values.id}::uuid, list.id, place.position,
          ${values.title}::text, ${values.description}::text, ${values.priority}::smallint,
          ${values.dueDate}::date, ${values.dueTime}::time, ${values.dueKey}::timestamp, ${values.searchText}::text,
          1, ${values.now}::timestamptz, ${values.now}::timestamptz
        from list, place where length(place.position) <= ${sql.lit(longestKey)}
        returning ${sql.join(selectedColumns(database, taskColumns, selection, 'task'))}`;
      return { compile: () => query.compile(database.build) };
    },
    {
      owner: viewer.id,
      id: uuidv7(),
      listId: input.listId ?? null,
      position: positionAt(Date.now()),
      title: input.title,
      description: input.description ?? '',
      priority: input.priority ?? TaskPriority.NONE,
      dueDate: due.dueDate,
      dueTime: due.dueTime,
      dueKey: dueKeyOf(due, viewer.timeZone),
      searchText: searchTextOf(input.title, input.description ?? ''),
      now: new Date(),
    },
  );
  return row ?? null;
}

async function addTask(
  em: EntityManager,
  transaction: Transaction,
  viewer: Viewer,
  input: CreateTaskInput,
  own: NewRecord,
): Promise<Task> {
  const { id } = own;
  await lockStructure(transaction, viewer);
  // In a new task null means not given.
  const given = {
    ...(input.listId ? { listId: input.listId } : {}),
    ...(input.parentId ? { parentId: input.parentId } : {}),
  };
  const place = (await requireDestination(transaction, viewer, given))({ listId: null, parentId: null });
  if (place.parentId !== null) await requireRoomBelow(transaction, viewer, place.parentId, { levels: 1, ids: [id] });
  const due = storedDue(input.due, ['input', 'due']);
  const task = em.create(Task, {
    ...own,
    list: place.listId === null ? null : em.getReference(TaskList, [viewer.id, place.listId], { wrapped: true }),
    parent: place.parentId === null ? null : em.getReference(Task, [viewer.id, place.parentId], { wrapped: true }),
    position: (await positionFor(transaction, siblingsIn(viewer, place), id, {})) ?? '',
    title: input.title,
    description: input.description ?? '',
    priority: input.priority ?? TaskPriority.NONE,
    completedAt: null,
    deletedAt: null,
    ...due,
    searchText: searchTextOf(input.title, input.description ?? ''),
  });
  await em.flush();
  if (input.due) {
    const dueKey = await dueKeyFor(transaction, viewer, due);
    await sql`update task set due_key = ${dueKey} where user_id = ${viewer.id} and id = ${id}`.execute(transaction);
  }
  if (input.labelIds?.length) await changeLabels(transaction, viewer, [id], { labelIds: input.labelIds });
  return task;
}
