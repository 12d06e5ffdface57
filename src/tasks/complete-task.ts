import { sql } from 'kysely';
import type { Database } from '../database/database.ts';
import type { Query } from '../database/statements.ts';
import { selectedColumns, shapeOf } from '../graphql/columns.ts';
import type { Viewer } from '../graphql/context.ts';
import { inTrash, noSuch, notFound } from '../graphql/record-problems.ts';
import { type Selection, withFields } from '../graphql/selection.ts';
import { isListTrashed, taskColumns } from './task-columns.ts';
import { findTask } from './task-queries.ts';

/**
 * Marks a task as done, or as open again, and answers the selected fields. One statement whose condition says what may
 * change: a task that is so already stays as it is. A quarter of the cost of loading it, changing it and writing it in a
 * transaction, for what is done most often. Errors: NOT_FOUND.
 */
export async function setCompleted(
  database: Database,
  viewer: Viewer,
  id: string,
  isCompleted: boolean,
  selection: Selection,
): Promise<Record<string, unknown>> {
  const [changed] = await database.write(
    viewer,
    `completed ${isCompleted} ${shapeOf(database, taskColumns, selection)}`,
    (values): Query<Record<string, unknown>> => {
      const [state, value] = isCompleted ? [sql`is null`, values.now] : [sql`is not null`, sql`null`];
      const query = sql<Record<string, unknown>>`
        update task set completed_at = ${value}, version = version + 1, updated_at = ${values.now}
        where user_id = ${values.owner} and id = ${values.id} and deleted_at is null and completed_at ${state}
          and not ${isListTrashed('task')}
        returning ${sql.join(selectedColumns(database, taskColumns, selection, 'task'))}`;
      return { compile: () => query.compile(database.build) };
    },
    { owner: viewer.id, id, now: new Date() },
  );
  return changed ?? (await unchanged(database, viewer, id, isCompleted, selection));
}

/** The task as it was already, or why it cannot be. */
async function unchanged(
  database: Database,
  viewer: Viewer,
  id: string,
  isCompleted: boolean,
  selection: Selection,
): Promise<Record<string, unknown>> {
  const task = await findTask(database, viewer, id, withFields(selection, 'completed', 'isTrashed'));
  if (!task) throw notFound(noSuch('task'));
  if (task.completed === isCompleted) return task;
  if (task.isTrashed === true) throw notFound(inTrash('task'));
  // It was opened or restored between the two statements.
  return setCompleted(database, viewer, id, isCompleted, selection);
}
