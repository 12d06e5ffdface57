import type { Reader } from '../database/database.ts';
import { type Columns, columnsCacheKey, selectedColumns, tableOf } from './columns.ts';
import type { Source } from './pages/page-request.ts';
import type { Selection } from './selection.ts';

/**
 * The selected fields of the viewer's record with this id, or null.
 * @param source all records that the owner may read
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
    `${table} by id ${columnsCacheKey(database, columns, selection)}`,
    (values) =>
      source(database, values.owner)
        .where(`${table}.id`, '=', values.id)
        .select(selectedColumns(database, columns, selection, table)),
    { id },
  );
  return (row as Record<string, unknown> | undefined) ?? null;
}
