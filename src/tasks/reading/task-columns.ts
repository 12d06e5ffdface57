import { type RawBuilder, type SqlBool, sql } from 'kysely';
import { jsonBuildObject } from 'kysely/helpers/postgres';
import { Label } from '../../labels/label.entity.ts';
import { listColumns } from '../../lists/list-queries.ts';
import type { Columns } from '../../read/columns.ts';
import { Task } from '../task.entity.ts';
import { TaskPriority } from '../task-priority.ts';
import { isNotEmptied } from '../trash/hidden-tasks.ts';

const priorityNames = Object.values(TaskPriority).filter((name) => typeof name === 'string');
const labelColumns: Columns = { entity: Label };

/** Fields of Task that are not columns of the entity. */
export const taskColumns: Columns = {
  entity: Task,
  computed: {
    priority: (row) => sql`(array[${sql.join(priorityNames.map(sql.lit))}])[${sql.ref(`${row}.priority`)} + 1]`,
    completed: (row) => sql`${sql.ref(`${row}.completed_at`)} is not null`,
    due: (row) => {
      const [date, time] = [sql.ref(`${row}.due_date`), sql.ref(`${row}.due_time`)];
      const [timeZone, at] = [sql.ref(`${row}.due_time_zone`), sql.ref(`${row}.due_at`)];
      return sql`case when ${date} is not null then ${jsonBuildObject({ date, time, timeZone, at })} end`;
    },
    // What EXCLUDE finds among the subtasks: see `subtasks` in hidden-tasks.ts.
    subtaskCounts: (row) => {
      const of = (column: string) => sql.ref(`${row}.${column}`);
      const counts = { total: sql`count(*)`, completed: sql`count(counted.completed_at)` };
      return sql`(
        select ${jsonBuildObject(counts)} from task as counted
        where counted.user_id = ${of('user_id')} and counted.parent_id = ${of('id')}
          and (counted.deleted_at is null or ${isListTrashed(row)})
          and ${isNotEmptied('counted', of('user_id'))})`;
    },
    // Not a field of the API; mutations select it.
    isTrashed: (row) => sql`(${sql.ref(`${row}.deleted_at`)} is not null or ${isListTrashed(row)})`,
  },
  related: {
    list: { columns: () => listColumns },
    parent: { columns: () => taskColumns },
    labels: {
      columns: () => labelColumns,
      from: (row, alias) => sql`
        task_label as link join label as ${sql.id(alias)}
          on ${sql.ref(`${alias}.user_id`)} = link.user_id and ${sql.ref(`${alias}.id`)} = link.label_id
        where link.user_id = ${sql.ref(`${row}.user_id`)} and link.task_id = ${sql.ref(`${row}.id`)}
          and ${sql.ref(`${alias}.purged_at`)} is null
        order by ${sql.ref(`${alias}.name_key`)}`,
    },
  },
};

/**
 * Also reads the first page of a task's subtasks. Not for a parent, whose subtasks would be read once for each task of a page;
 * nor in a statement that changes the task, because the subquery would see its old state.
 */
export const taskColumnsWithSubtasks: Columns = {
  ...taskColumns,
  related: {
    ...taskColumns.related,
    // Like the resolver: see `subtasks` in hidden-tasks.ts.
    subtasks: {
      columns: () => taskColumnsWithSubtasks,
      isPage: true,
      from: (row, alias, size) => {
        const of = (name: string, column: string) => sql.ref(`${name}.${column}`);
        return sql`
          task as ${sql.id(alias)}
          where ${of(alias, 'user_id')} = ${of(row, 'user_id')} and ${of(alias, 'parent_id')} = ${of(row, 'id')} and (
            (${of(alias, 'deleted_at')} is null) = (${of(row, 'deleted_at')} is null) or ${isListTrashed(alias, row)})
            and ${isNotEmptied(alias, of(row, 'user_id'))}
          order by ${of(alias, 'position')}, ${of(alias, 'id')} limit ${size}`;
      },
    },
  },
};

/**
 * Whether a task is in the trash because its list is.
 * @param owned another row of the owner: with the task itself, PostgreSQL may read the lists of all users
 */
export function isListTrashed(row: string, owned = row): RawBuilder<SqlBool> {
  return sql`exists (
    select from task_list where user_id = ${sql.ref(`${owned}.user_id`)} and id = ${sql.ref(`${row}.list_id`)}
      and deleted_at is not null)`;
}
