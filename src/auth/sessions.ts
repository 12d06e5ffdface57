import type { EntityManager } from '@mikro-orm/postgresql';
import DataLoader from 'dataloader';
import { sql } from 'kysely';
import { v7 as uuidv7 } from 'uuid';
import type { Database } from '../database/database.ts';
import type { Viewer } from '../graphql/context.ts';
import { outsideRequests } from '../observability/request-scope.ts';
import { User } from '../users/user.entity.ts';
import type { AccessClaims } from './access-tokens.ts';
import { Session } from './session.entity.ts';

/**
 * Starts a session of the user's.
 * @param lifetime seconds
 */
export function openSession(em: EntityManager, userId: string, lifetime: number): Session {
  const now = Date.now();
  return em.create(Session, {
    user: em.getReference(User, userId, { wrapped: true }),
    id: uuidv7(),
    createdAt: new Date(now),
    expiresAt: new Date(now + lifetime * 1_000),
  });
}

/** Ends a session: the tokens that name it are refused from the next request on. */
export async function endSession(em: EntityManager, viewer: Viewer): Promise<void> {
  await em.nativeDelete(Session, { user: viewer.id, id: viewer.sessionId });
}

/** Drops what no token can name any more. Called at log-in, so that the table does not grow with every log-in. */
export async function dropExpiredSessions(em: EntityManager, userId: string): Promise<void> {
  await em.nativeDelete(Session, { user: userId, expiresAt: { $lt: new Date() } });
}

/** Finds the user and session that a token names; null where either is gone. */
export type LoadViewer = (claims: AccessClaims) => Promise<Viewer | null>;

// Bounds one statement's parameters; past it the loader simply sends a second one.
const maximumBatch = 200;

/** Requests that arrive in the same turn of the event loop share one statement. */
export function createViewerLoader(database: Database): LoadViewer {
  const loader = new DataLoader<AccessClaims, Viewer | null>((claims) => loadViewers(database, claims), {
    cache: false,
    maxBatchSize: maximumBatch,
    // Microtasks run between two requests that came in together; an immediate runs after both.
    batchScheduleFn: (send) => outsideRequests(() => setImmediate(send)),
  });
  return (claims) => loader.load(claims);
}

async function loadViewers(database: Database, claims: readonly AccessClaims[]): Promise<(Viewer | null)[]> {
  const userIds = claims.map(({ userId }) => userId);
  const sessionIds = claims.map(({ sessionId }) => sessionId);
  const rows = await database.read('viewers', (values) => viewersOf(database, values), { userIds, sessionIds });
  const bySession = new Map(rows.map((row) => [row.sessionId, row]));
  return claims.map(({ userId, sessionId }) => {
    const viewer = bySession.get(sessionId);
    return viewer?.id === userId ? viewer : null;
  });
}

function viewersOf(database: Database, { userIds, sessionIds }: { userIds: string[]; sessionIds: string[] }) {
  const named = sql<{ user_id: string; id: string }>`unnest(${userIds}::uuid[], ${sessionIds}::uuid[])`;
  return database.build
    .selectFrom(named.as<'named'>(sql`named(user_id, id)`))
    .innerJoin('session', (join) =>
      join.onRef('session.user_id', '=', 'named.user_id').onRef('session.id', '=', 'named.id'),
    )
    .innerJoin('user', 'user.id', 'session.user_id')
    .where('session.expires_at', '>', sql<Date>`now()`)
    .select([
      'user.id',
      'user.email',
      'user.time_zone as timeZone',
      'user.created_at as createdAt',
      'session.id as sessionId',
    ]);
}
