import { sql } from 'kysely';
import type { Reader } from '../database/database.ts';
import type { Columns } from '../graphql/columns.ts';
import type { Viewer } from '../graphql/context.ts';
import type { Page } from '../graphql/pages/connection.ts';
import { Cursors } from '../graphql/pages/cursor.ts';
import { readPage } from '../graphql/pages/page.ts';
import type { PageArgs } from '../graphql/pages/page-args.ts';
import type { Keyed } from '../graphql/pages/page-request.ts';
import { readRecord } from '../graphql/read-record.ts';
import type { Selection } from '../graphql/selection.ts';
import { Label } from './label.entity.ts';

export const labelColumns: Columns = { entity: Label };

/** The viewer's label with the selected fields; null where there is none. */
export function findLabel(database: Reader, viewer: Viewer, id: string, selection: Selection) {
  return readRecord(database, viewer, id, selection, labelColumns, labelsOf);
}

/** A page of the viewer's labels, by name. */
export function findLabels(
  database: Reader,
  viewer: Viewer,
  args: PageArgs,
  selection: Selection,
): Promise<Page<Keyed>> {
  return readPage(database, {
    shape: 'labels',
    values: { owner: viewer.id },
    source: (values) => labelsOf(database, values.owner as string),
    columns: labelColumns,
    order: { key: sql.ref('name_key'), kind: 'text', isDescending: false },
    cursors: new Cursors('text', viewer.id, 'labels'),
    args,
    selection,
  });
}

/** Where every read of labels starts. */
function labelsOf(database: Reader, owner: string) {
  return database.build.selectFrom('label').where('user_id', '=', owner).where('purged_at', 'is', null);
}
