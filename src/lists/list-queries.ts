import { sql } from 'kysely';
import type { Reader } from '../database/database.ts';
import { TrashFilter } from '../graphql/inputs/trash-filter.ts';
import type { Columns } from '../read/columns.ts';
import type { Page } from '../read/pages/connection.ts';
import { CursorCodec } from '../read/pages/cursor.ts';
import { readPage } from '../read/pages/page.ts';
import type { PageRow } from '../read/pages/page-request.ts';
import { recordReader, recordsReader } from '../read/read-record.ts';
import type { Selection } from '../read/selection.ts';
import { TaskList } from './list.entity.ts';
import type { ListsArgs } from './list.inputs.ts';

export const listColumns: Columns = { entity: TaskList };

/** The viewer's list with the selected fields, also from the trash; null if there is none. */
export const findList = recordReader(listColumns, listsOf);

/** The viewer's lists with these ids. */
export const findListsById = recordsReader(listColumns, listsOf);

/** A page of the viewer's lists, by position. */
export function findLists(db: Reader, { filter, ...args }: ListsArgs, selection: Selection): Promise<Page<PageRow>> {
  const archived = filter?.archived ?? false;
  const trash = filter?.trash ?? TrashFilter.EXCLUDE;
  return readPage(db, {
    cacheKey: `lists ${trash}`,
    values: { archived },
    source: (values) =>
      listsOf(db, values.owner as string)
        .where('archived', '=', values.archived as boolean)
        .$if(trash === TrashFilter.EXCLUDE, (lists) => lists.where('deleted_at', 'is', null))
        .$if(trash === TrashFilter.ONLY, (lists) => lists.where('deleted_at', 'is not', null)),
    columns: listColumns,
    order: { key: sql.ref('position'), kind: 'text', isDescending: false },
    cursors: new CursorCodec('text', db.viewer.id, 'lists', archived, trash),
    args,
    selection,
  });
}

/** The start of all reads of lists. */
function listsOf(db: Reader, owner: string) {
  return db.kysely.selectFrom('task_list').where('user_id', '=', owner).where('purged_at', 'is', null);
}
