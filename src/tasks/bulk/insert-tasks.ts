import type { Change } from '../../database/database.ts';
import { positionsFor } from '../../records/positions.ts';
import { newTaskColumns } from '../changing/task-values.ts';
import { dueKeysFor } from '../due/due.ts';
import { searchTextOf } from '../reading/search-text.ts';
import { siblingsIn } from '../tree/task-location.ts';
import type { LocatedTask } from './new-task-locations.ts';

/** Inserts tasks after their siblings, in this order, by one statement. */
export async function insertTasks(db: Change, tasks: readonly LocatedTask[]): Promise<void> {
  const positions = await positionsOf(db, tasks);
  const dueKeys = await dueKeysFor(
    db,
    tasks.map(({ due }) => due),
  );
  const now = new Date();
  const rows = tasks.map((task, index) => ({
    ...rowOf(db, task),
    position: positions.get(task.id),
    due_key: dueKeys[index],
    version: 1,
    created_at: now,
    updated_at: now,
    revision: db.revision,
  }));
  // Which columns of Task an input sets is known to its metadata, and not to the compiler.
  await db.kysely
    .insertInto('task')
    .values(rows as never)
    .execute();
}

/** By id. */
async function positionsOf(db: Change, tasks: readonly LocatedTask[]): Promise<Map<string, string>> {
  const positions = new Map<string, string>();
  const groups = Map.groupBy(tasks, ({ listId, parentId }) => JSON.stringify([listId, parentId]));
  for (const siblings of groups.values()) {
    const [first] = siblings;
    const ids = siblings.map(({ id }) => id);
    const keys = first && (await positionsFor(db, siblingsIn(db, first), ids, {}));
    for (const [index, id] of ids.entries()) positions.set(id, keys?.[index] ?? '');
  }
  return positions;
}

function rowOf(db: Change, { id, input, inputHash, due, listId, parentId }: LocatedTask) {
  return {
    ...newTaskColumns(db.metadata, input),
    user_id: db.viewer.id,
    id,
    list_id: listId,
    parent_id: parentId,
    input_hash: inputHash,
    due_date: due.dueDate,
    due_time: due.dueTime,
    due_time_zone: due.dueTimeZone,
    due_at: due.dueAt,
    search_text: searchTextOf(input.title, input.description ?? ''),
  };
}
