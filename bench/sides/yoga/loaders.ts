import DataLoader from 'dataloader';
import { sql } from 'kysely';
import { columns, type Db, type LabelRow, type ListRow, type TaskRow } from './database.ts';

/** What belongs to the tasks of one request, each kind read by one statement. */
export function createLoaders(db: Db, viewerId: string) {
  return {
    list: new DataLoader<string, ListRow | null>(async (ids) => {
      const rows = await db
        .selectFrom('task_list')
        .where('user_id', '=', viewerId)
        .where('id', 'in', ids)
        .select(['id', 'name'])
        .execute();
      const lists = new Map(rows.map((row) => [row.id, row]));
      return ids.map((id) => lists.get(id) ?? null);
    }),
    labels: new DataLoader<string, LabelRow[]>(async (taskIds) => {
      const rows = await db
        .selectFrom('task_label')
        .innerJoin('label', (join) =>
          join.onRef('label.user_id', '=', 'task_label.user_id').onRef('label.id', '=', 'task_label.label_id'),
        )
        .where('task_label.user_id', '=', viewerId)
        .where('task_label.task_id', 'in', taskIds)
        .orderBy('label.name_key')
        .select(['task_label.task_id', 'label.id', 'label.name', 'label.color'])
        .execute();
      const labels = Map.groupBy(rows, ({ task_id }) => task_id);
      return taskIds.map((id) => labels.get(id) ?? []);
    }),
    subtasks: new DataLoader<{ id: string; first: number }, TaskRow[], string>(
      async (pages) => {
        const [ids, sizes] = [pages.map(({ id }) => id), pages.map(({ first }) => first + 1)];
        const parents = sql<{ id: string; size: number }>`unnest(${ids}::uuid[], ${sizes}::int[])`;
        const rows = await db
          .selectFrom(parents.as<'parent'>(sql`parent(id, size)`))
          .innerJoinLateral(
            (from) =>
              from
                .selectFrom('task')
                .where('user_id', '=', viewerId)
                .whereRef('task.parent_id', '=', 'parent.id')
                .where('deleted_at', 'is', null)
                .orderBy('position')
                .limit(sql<number>`parent.size`)
                .select(columns)
                .as('part'),
            (join) => join.onTrue(),
          )
          .selectAll('part')
          .select('parent.id as parent_id')
          .execute();
        const parts = Map.groupBy(rows, ({ parent_id }) => parent_id);
        return ids.map((id) => parts.get(id) ?? []);
      },
      { cacheKeyFn: ({ id, first }) => `${id} ${first}` },
    ),
  };
}

export type Loaders = ReturnType<typeof createLoaders>;
