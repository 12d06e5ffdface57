import { sql } from 'kysely';
import type { Reader } from '../database/database.ts';
import { type Columns, columnsCacheKey, selectedColumns, tableOf } from './columns.ts';
import type { Source } from './pages/page-request.ts';
import { type Selection, withFields } from './selection.ts';

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

/** Reads the selected fields of the viewer's records with these ids, each once, in this order. Missing ones are left out. */
type RecordsReader = (
  database: Reader,
  ids: readonly string[],
  selection: Selection,
) => Promise<Record<string, unknown>[]>;

/** Like recordReader, for several records in one statement. */
export function recordsReader(columns: Columns, source: (database: Reader, owner: string) => Source): RecordsReader {
  const reader = readers++;
  return async (database, ids, selection) => {
    const needed = withFields(selection, 'id');
    const table = tableOf(database, columns);
    const rows = await database.read(
      `${table} by ids ${reader} ${columnsCacheKey(database, columns, needed)}`,
      (values) =>
        source(database, values.owner)
          .where(sql<boolean>`${sql.ref(`${table}.id`)} = any(${values.ids}::uuid[])`)
          .select(selectedColumns(database, columns, needed, table)),
      { ids },
    );
    const byId = new Map(rows.map((row): [unknown, Record<string, unknown>] => [Object(row).id, Object(row)]));
    return [...new Set(ids)].map((id) => byId.get(id)).filter((row) => row !== undefined);
  };
}
