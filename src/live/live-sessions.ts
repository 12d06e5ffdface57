import { sql } from 'kysely';
import type { ServiceDatabase } from '../database/service-database.ts';
import type { SubscribedViewer, Subscriber } from './subscriber.ts';

type Session = Pick<SubscribedViewer, 'id' | 'sessionId'>;

/** Ids are unique per user only. A viewer without a session is found by the user alone. */
export function sessionKey({ id, sessionId }: Session): string {
  return `${id} ${sessionId}`;
}

/** The counters of the subscribers' users, by `sessionKey`, in one statement. What has ended is left out. */
export async function readRevisions(
  serviceDatabase: ServiceDatabase,
  subscribers: readonly Subscriber[],
): Promise<ReadonlyMap<string, string>> {
  const sessions = [...new Map(subscribers.map(({ viewer }) => [sessionKey(viewer), viewer])).values()];
  const userIds = sessions.map(({ id }) => id);
  const sessionIds = sessions.map(({ sessionId }) => sessionId);
  const build = (values: SessionIds) => revisionsOf(serviceDatabase, values);
  const rows = await serviceDatabase.read('live sessions', build, { userIds, sessionIds });
  return new Map(rows.map((row) => [sessionKey(row), row.revision]));
}

type SessionIds = { userIds: string[]; sessionIds: (string | null)[] };

function revisionsOf({ kysely }: ServiceDatabase, { userIds, sessionIds }: SessionIds) {
  const named = sql<{ user_id: string; id: string | null }>`unnest(${userIds}::uuid[], ${sessionIds}::uuid[])`;
  return kysely
    .selectFrom(named.as<'named'>(sql`named(user_id, id)`))
    .innerJoin('user', 'user.id', 'named.user_id')
    .leftJoin('session', (join) =>
      join.onRef('session.user_id', '=', 'named.user_id').onRef('session.id', '=', 'named.id'),
    )
    .leftJoin('user_change', 'user_change.user_id', 'named.user_id')
    .where('user.disabled_at', 'is', null)
    .where('user.purged_at', 'is', null)
    .where((where) => where.or([where('named.id', 'is', null), where('session.expires_at', '>', sql<Date>`now()`)]))
    .select(['named.user_id as id', 'named.id as sessionId'])
    .select(sql<string>`coalesce(user_change.revision, 0)::text`.as('revision'));
}
