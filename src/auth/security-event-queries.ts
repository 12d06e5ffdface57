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
import { SecurityEvent } from './security-event.entity.ts';
import { eventDays } from './security-events.ts';

const eventColumns: Columns = { entity: SecurityEvent };

/** The viewer's event with the selected fields; null where there is none. */
export function findSecurityEvent(database: Reader, viewer: Viewer, id: string, selection: Selection) {
  return readRecord(database, viewer, id, selection, eventColumns, eventsOf);
}

/** A page of what happened to the user's account, newest first. */
export function findSecurityEvents(
  database: Reader,
  userId: string,
  args: PageArgs,
  selection: Selection,
): Promise<Page<Keyed>> {
  return readPage(database, {
    shape: 'security events',
    values: { owner: userId },
    source: (values) => eventsOf(database, values.owner as string),
    columns: eventColumns,
    order: { key: sql.ref('at'), kind: 'instant', isDescending: true },
    cursors: new Cursors('instant', userId, 'security events'),
    args,
    selection,
  });
}

/** What is older may not have been purged yet. */
function eventsOf(database: Reader, owner: string) {
  return database.build
    .selectFrom('security_event')
    .where('user_id', '=', owner)
    .where('at', '>', sql<Date>`now() - ${sql.lit(eventDays)} * interval '1 day'`);
}
