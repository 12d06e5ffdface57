import type { Reader } from '../database/database.ts';
import { type Columns, selectedColumns, shapeOf } from './columns.ts';
import type { Viewer } from './context.ts';
import type { Source } from './pages/page-request.ts';
import type { Selection } from './selection.ts';

/** Where records of one type are, and how their fields are read. */
interface RecordKind {
  readonly table: string;
  readonly columns: Columns;
  /** Those of one owner. */
  readonly source: (database: Reader, owner: string) => Source;
}

/** The viewer's record of this id with the selected fields; null where there is none. */
export async function readRecord(
  database: Reader,
  viewer: Viewer,
  id: string,
  selection: Selection,
  { table, columns, source }: RecordKind,
): Promise<Record<string, unknown> | null> {
  const [row] = await database.read(
    `${table} by id ${shapeOf(columns, selection)}`,
    (values) =>
      source(database, values.owner)
        .where(`${table}.id`, '=', values.id)
        .select(selectedColumns(columns, selection, table)),
    { owner: viewer.id, id },
  );
  return (row as Record<string, unknown> | undefined) ?? null;
}
