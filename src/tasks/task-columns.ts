import { type RawBuilder, type SqlBool, sql } from 'kysely';
import { jsonBuildObject } from 'kysely/helpers/postgres';
import type { Columns } from '../graphql/columns.ts';
import { Label } from '../labels/label.entity.ts';
import { listColumns } from '../lists/list-queries.ts';
import { Task } from './task.entity.ts';

const labelColumns: Columns = { entity: Label };

/** How those of a task's fields are read that are no columns of the entity's. */
export const taskColumns: Columns = {
  entity: Task,
  computed: {
    completed: (row) => sql`${sql.ref(`${row}.completed_at`)} is not null`,
    due: (row) => {
      const [date, time] = [sql.ref(`${row}.due_date`), sql.ref(`${row}.due_time`)];
      const [timeZone, at] = [sql.ref(`${row}.due_time_zone`), sql.ref(`${row}.due_at`)];
      return sql`case when ${date} is not null then ${jsonBuildObject({ date, time, timeZone, at })} end`;
    },
    // No field: what a mutation asks for.
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
  resolved: { subtasks: ['id', 'deletedAt'] },
};

/** Whether a task is in the trash because its list is. */
export function isListTrashed(row: string): RawBuilder<SqlBool> {
  return sql`exists (
    select from task_list where user_id = ${sql.ref(`${row}.user_id`)} and id = ${sql.ref(`${row}.list_id`)}
      and deleted_at is not null)`;
}
