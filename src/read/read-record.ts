import type { Reader } from '../database/database.ts';
import { type Columns, selectedColumns, shapeOf, tableOf } from './columns.ts';
import type { Source } from './pages/page-request.ts';
import type { Selection } from './selection.ts';

/**
 * The viewer's record of this id with the selected fields; null where there is none.
 * @param source all records that the owner may find
 */
export async function readRecord(
  database: Reader,
  id: string,
  selection: Selection,
  columns: Columns,
  source: (database: Reader, owner: string) => Source,
): Promise<Record<string, unknown> | null> {
  const table = tableOf(database, columns);
  const [row] = await database.read(
    `${table} by id ${shapeOf(database, columns, selection)}`,
    (values) =>
      source(database, values.owner)
        .where(`${table}.id`, '=', values.id)
        .select(selectedColumns(database, columns, selection, table)),
    { id },
  );
  return (row as Record<string, unknown> | undefined) ?? null;
}
