import { type RawBuilder, type SqlBool, sql } from 'kysely';
import { type Columns, column } from '../graphql/columns.ts';
import { labelColumns } from '../labels/label-queries.ts';
import { listColumns } from '../lists/list-queries.ts';

/** How a task's fields are read. A field of Task that is stored needs its line here. */
export const taskColumns: Columns = {
  stored: {
    id: column('id'),
    title: column('title'),
    description: column('description'),
    completed: (row) => sql`${sql.ref(`${row}.completed_at`)} is not null`,
    completedAt: column('completed_at'),
    priority: column('priority'),
    position: column('position'),
    version: column('version'),
    createdAt: column('created_at'),
    updatedAt: column('updated_at'),
    deletedAt: column('deleted_at'),
    // No field: what a mutation asks for.
    isTrashed: (row) => sql`(${sql.ref(`${row}.deleted_at`)} is not null or ${isListTrashed(row)})`,
  },
  composed: {
    due: {
      isThere: (row) => sql`${sql.ref(`${row}.due_date`)} is not null`,
      fields: {
        date: column('due_date'),
        time: column('due_time'),
        timeZone: column('due_time_zone'),
        at: column('due_at'),
      },
    },
  },
  related: {
    list: {
      columns: () => listColumns,
      query: (row, alias, value) => sql`
        select ${value} from task_list ${sql.id(alias)}
        where ${sql.ref(`${alias}.user_id`)} = ${sql.ref(`${row}.user_id`)}
          and ${sql.ref(`${alias}.id`)} = ${sql.ref(`${row}.list_id`)}`,
    },
    parent: {
      columns: () => taskColumns,
      query: (row, alias, value) => sql`
        select ${value} from task ${sql.id(alias)}
        where ${sql.ref(`${alias}.user_id`)} = ${sql.ref(`${row}.user_id`)}
          and ${sql.ref(`${alias}.id`)} = ${sql.ref(`${row}.parent_id`)}`,
    },
    labels: {
      columns: () => labelColumns,
      query: (row, alias, value) => sql`
        select coalesce(array_to_json(array_agg(${value} order by ${sql.ref(`${alias}.name_key`)})), '[]')
        from task_label ${sql.id(`${alias}_link`)} join label ${sql.id(alias)}
          on ${sql.ref(`${alias}.user_id`)} = ${sql.ref(`${alias}_link.user_id`)}
          and ${sql.ref(`${alias}.id`)} = ${sql.ref(`${alias}_link.label_id`)} and ${sql.ref(`${alias}.purged_at`)} is null
        where ${sql.ref(`${alias}_link.user_id`)} = ${sql.ref(`${row}.user_id`)}
          and ${sql.ref(`${alias}_link.task_id`)} = ${sql.ref(`${row}.id`)}`,
    },
  },
  resolved: { subtasks: ['id', 'deletedAt'] },
  pages: {
    subtasks: (size) => ({
      columns: () => taskColumns,
      isExclusive: true,
      query: (row, alias, value) => sql`
        select coalesce(array_to_json(array_agg(${value} order by ${siblingOrder(alias)})), '[]')
        from (${firstSubtasks(row, `${alias}_part`, size)}) ${sql.id(alias)}`,
    }),
  },
};

/** By position, as the resolver finds them: see `subtasks` in trash-filters.ts. */
function firstSubtasks(row: string, alias: string, size: number): RawBuilder<unknown> {
  return sql`
    select * from task ${sql.id(alias)}
    where ${sql.ref(`${alias}.user_id`)} = ${sql.ref(`${row}.user_id`)}
      and ${sql.ref(`${alias}.parent_id`)} = ${sql.ref(`${row}.id`)}
      and ((${sql.ref(`${alias}.deleted_at`)} is null) = (${sql.ref(`${row}.deleted_at`)} is null) or ${isListTrashed(alias)})
    order by ${siblingOrder(alias)} limit ${sql.lit(size)}`;
}

function siblingOrder(alias: string): RawBuilder<unknown> {
  return sql`${sql.ref(`${alias}.position`)}, ${sql.ref(`${alias}.id`)}`;
}

/** Whether a task is in the trash because its list is. */
export function isListTrashed(row: string): RawBuilder<SqlBool> {
  return sql`exists (
    select from task_list where user_id = ${sql.ref(`${row}.user_id`)} and id = ${sql.ref(`${row}.list_id`)}
      and deleted_at is not null)`;
}
