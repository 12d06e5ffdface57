import type { Reader } from '../database/database.ts';
import { type Columns, columnsCacheKey, selectedColumns, tableOf } from './columns.ts';
import type { Source } from './pages/page-request.ts';
import type { Selection } from './selection.ts';

/** Reads the selected fields of the viewer's record with this id, or null. */
interface RecordReader {
  (database: Reader, id: string, selection: Selection): Promise<Record<string, unknown> | null>;
  readonly columns: Columns;
}

let readers = 0;

/** @param source all records that the owner may read */
export function recordReader(columns: Columns, source: (database: Reader, owner: string) => Source): RecordReader {
  // Readers of one table may differ in their source.
  const reader = readers++;
  async function read(database: Reader, id: string, selection: Selection) {
    const table = tableOf(database, columns);
    const [row] = await database.read(
      `${table} by id ${reader} ${columnsCacheKey(database, columns, selection)}`,
      (values) =>
        source(database, values.owner)
          .where(`${table}.id`, '=', values.id)
          .select(selectedColumns(database, columns, selection, table)),
      { id },
    );
    return (row as Record<string, unknown> | undefined) ?? null;
  }
  return Object.assign(read, { columns });
}
