import { type RawBuilder, sql } from 'kysely';
import type { Change, Database } from '../../database/database.ts';
import type { Query } from '../../database/statements.ts';
import { lockedCounter, raisedCounter } from '../../database/user-changes/revisions.ts';
import { inTrash, notFound, unknownId } from '../../errors.ts';
import { columnsCacheKey, selectedColumns } from '../../read/columns.ts';
import { Selection, selectionAt, withFields } from '../../read/selection.ts';
import { namedIds, requireAll, type Target } from '../named-tasks.ts';
import { isListTrashed, taskColumns } from '../reading/task-columns.ts';
import { findTask } from '../reading/task-queries.ts';
import { byId, lockedStatesOf } from '../task-states.ts';
import { type Columns, setColumns } from './update-task.ts';

type TaskRow = Record<string, unknown>;

/**
 * Completes or reopens a task, and returns the selected fields. One statement, because this is the most frequent change:
 * loading, changing and writing would cost four times as much. Errors: NOT_FOUND.
 */
export async function setCompleted(
  db: Database,
  id: string,
  isCompleted: boolean,
  selection: Selection,
): Promise<TaskRow> {
  // The statement itself would count the task as it was.
  const isCounted = selectionAt(selection, 'parent').has('subtaskCounts');
  const returned = isCounted ? new Selection() : selection;
  const [changed] = await db.write(
    `completed ${isCompleted} ${columnsCacheKey(db, taskColumns, returned)}`,
    (values): Query<TaskRow> => {
      const [state, value] = isCompleted ? [sql`is null`, values.now] : [sql`is not null`, sql`null`];
      const query = sql<TaskRow>`
        with ${lockedCounter(values.owner)}, changed as (
          update task set completed_at = ${value}, version = version + 1, updated_at = ${values.now}, revision = counter.next
          from counter
          where user_id = ${values.owner} and id = ${values.id} and deleted_at is null and completed_at ${state}
            and not ${isListTrashed('task')}
          returning ${sql.join(selectedColumns(db, taskColumns, returned, 'task'))}
        ), ${raisedCounter(values.owner)}
        select * from changed`;
      return { compile: () => query.compile(db.kysely) };
    },
    { id, now: new Date() },
  );
  if (changed && !isCounted) return changed;
  return (changed && (await findTask(db, id, selection))) ?? (await unchanged(db, id, isCompleted, selection));
}

/** Returns a task that needed no change, or throws the reason why there is none. */
async function unchanged(db: Database, id: string, isCompleted: boolean, selection: Selection): Promise<TaskRow> {
  const task = await findTask(db, id, withFields(selection, 'completed', 'isTrashed'));
  if (!task) throw notFound(unknownId('task'));
  if (task.completed === isCompleted) return task;
  if (task.isTrashed === true) throw notFound(inTrash('task'));
  // It was reopened or restored between the two statements, or another change came before the first one. Or the account has no
  // counter yet, and gets one here.
  await db.change(async () => {});
  return setCompleted(db, id, isCompleted, selection);
}

/** Tasks that are already completed keep their completedAt. Errors: NOT_FOUND. */
export async function completeTasks(db: Change, target: Target): Promise<void> {
  await changeState(db, target, sql`completed_at is null`, { completed_at: new Date() });
}

/** Errors: NOT_FOUND. */
export async function reopenTasks(db: Change, target: Target): Promise<void> {
  await changeState(db, target, sql`completed_at is not null`, { completed_at: null });
}

/**
 * Changes all tasks or none. A task that already has the values is left alone without an error, so that retries are safe.
 * @param differs whether a task needs the change
 */
async function changeState(db: Change, target: Target, differs: RawBuilder<boolean>, columns: Columns): Promise<void> {
  const locked = lockedStatesOf(db, namedIds(target)).select(differs.as('differs'));
  const tasks = byId(await locked.execute());
  requireAll(tasks, target, (task) => task.isTrashed && task.differs);
  const changing = [...tasks.values()].filter((task) => task.differs);
  await setColumns(db, changing, columns);
}
