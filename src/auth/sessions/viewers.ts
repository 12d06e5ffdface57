import DataLoader from 'dataloader';
import { sql } from 'kysely';
import type { ServiceDatabase } from '../../database/service-database.ts';
import type { Client } from '../../graphql/server/context.ts';
import type { Logger } from '../../observability/logger.ts';
import { outsideRequests } from '../../observability/request-scope.ts';
import { viewerColumns } from '../../users/viewer-columns.ts';
import type { Viewer } from '../../viewer.ts';
import type { AccessClaims } from '../tokens/access-tokens.ts';
import { userAgentOf } from './sessions.ts';

/** Finds the user and session of a token; null if either is gone. */
export type LoadViewer = (claims: AccessClaims, client: Client) => Promise<Viewer | null>;

// Bounds the parameters of one statement; past it, the loader sends another.
const maximumBatch = 200;

interface Asked {
  readonly claims: AccessClaims;
  readonly client: Client;
}

/** Requests that arrive in the same turn of the event loop share one statement. */
export function createViewerLoader(serviceDatabase: ServiceDatabase, logger: Logger): LoadViewer {
  const loader = new DataLoader<Asked, Viewer | null>((asked) => loadViewers(serviceDatabase, logger, asked), {
    cache: false,
    maxBatchSize: maximumBatch,
    // Microtasks run between two requests that arrive together; an immediate runs after both.
    batchScheduleFn: (send) => outsideRequests(() => setImmediate(send)),
  });
  return (claims, client) => loader.load({ claims, client });
}

async function loadViewers(serviceDatabase: ServiceDatabase, logger: Logger, asked: readonly Asked[]) {
  const userIds = asked.map(({ claims }) => claims.userId);
  const sessionIds = asked.map(({ claims }) => claims.sessionId);
  const build = (values: SessionIds) => viewersOf(serviceDatabase, values);
  const rows = await serviceDatabase.read('viewers', build, { userIds, sessionIds });
  const bySession = new Map(rows.map((row) => [sessionKey(row.id, row.sessionId), row]));
  const stale: Asked[] = [];
  const viewers = asked.map((one) => {
    const row = bySession.get(keyOf(one));
    if (!row) return null;
    if (row.isStale) stale.push(one);
    return row;
  });
  if (stale.length > 0) {
    // Not awaited: a request is answered whether or not this can be written.
    recordUse(serviceDatabase, stale).catch((error: unknown) =>
      logger.warn({ err: error }, 'could not record the use of sessions'),
    );
  }
  return viewers;
}

/** Ids are unique per user only. */
function keyOf({ claims }: Asked): string {
  return sessionKey(claims.userId, claims.sessionId);
}

function sessionKey(userId: string, sessionId: string): string {
  return `${userId} ${sessionId}`;
}

type SessionIds = { userIds: string[]; sessionIds: string[] };

function viewersOf(serviceDatabase: ServiceDatabase, { userIds, sessionIds }: SessionIds) {
  const named = sql<{ user_id: string; id: string }>`unnest(${userIds}::uuid[], ${sessionIds}::uuid[])`;
  return serviceDatabase.kysely
    .selectFrom(named.as<'named'>(sql`named(user_id, id)`))
    .innerJoin('session', (join) =>
      join.onRef('session.user_id', '=', 'named.user_id').onRef('session.id', '=', 'named.id'),
    )
    .innerJoin('user', 'user.id', 'session.user_id')
    .where('session.expires_at', '>', sql<Date>`now()`)
    .select([...viewerColumns(serviceDatabase.metadata), 'session.id as sessionId', isStale.as('isStale')]);
}

/** The last use is written at most once a minute, since sessions are read at every request. */
const isStale = sql<boolean>`session.last_used_at < now() - interval '1 minute'`;

/** Skips locked rows: of several instances one writes, and none waits for a session that is being changed. */
async function recordUse(serviceDatabase: ServiceDatabase, stale: readonly Asked[]): Promise<void> {
  const asked = [...new Map(stale.map((one) => [keyOf(one), one])).values()];
  await serviceDatabase.write(
    'note use',
    (values) => ({
      compile: () =>
        sql`
          update session set last_used_at = now(), ip_address = used.address, user_agent = used.agent
          from (
            select session.user_id, session.id, asked.address, asked.agent
            from unnest(${values.userIds}::uuid[], ${values.ids}::uuid[], ${values.addresses}::text[], ${values.agents}::text[])
              as asked(user_id, id, address, agent)
            join session on session.user_id = asked.user_id and session.id = asked.id
            where ${isStale} for update of session skip locked
          ) used
          where session.user_id = used.user_id and session.id = used.id`.compile(serviceDatabase.kysely),
    }),
    {
      userIds: asked.map(({ claims }) => claims.userId),
      ids: asked.map(({ claims }) => claims.sessionId),
      addresses: asked.map(({ client }) => client.address),
      agents: asked.map(({ client }) => userAgentOf(client)),
    },
  );
}
