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
import { Session } from './session.entity.ts';
import type { SessionUser } from './signed-in.ts';

const sessionColumns: Columns = { entity: Session, resolved: { current: ['id'] } };

/** Whose sessions, seen from which of them. */
type Seer = Pick<SessionUser, 'id' | 'sessionId'>;

/** The viewer's live session with the selected fields; null where there is none. */
export async function findSession(database: Reader, viewer: Viewer, id: string, selection: Selection) {
  const found = await readRecord(database, viewer, id, selection, sessionColumns, liveSessionsOf);
  return found && { ...found, current: id === viewer.sessionId };
}

/** A page of the user's live sessions, newest first. */
export async function findSessions(
  database: Reader,
  { id, sessionId }: Seer,
  args: PageArgs,
  selection: Selection,
): Promise<Page<Keyed>> {
  const { nodes, edges, ...page } = await readPage(database, {
    shape: 'sessions',
    values: { owner: id },
    source: (values) => liveSessionsOf(database, values.owner as string),
    columns: sessionColumns,
    order: { key: sql.ref('created_at'), kind: 'instant', isDescending: true },
    cursors: new Cursors('instant', id, 'sessions'),
    args,
    selection,
  });
  const marked = (row: Keyed) => ({ ...row, current: row.orderId === sessionId });
  return {
    ...page,
    nodes: nodes.map(marked),
    edges: edges.map(({ node, cursor }) => ({ node: marked(node), cursor })),
  };
}

function liveSessionsOf(database: Reader, owner: string) {
  return database.build.selectFrom('session').where('user_id', '=', owner).where('expires_at', '>', sql<Date>`now()`);
}
