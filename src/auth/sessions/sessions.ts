import { type RawBuilder, sql } from 'kysely';
import { v7 as uuidv7 } from 'uuid';
import type { Transaction } from '../../database/database.ts';
import type { Client } from '../../graphql/server/context.ts';
import type { SessionViewer } from '../../viewer.ts';
import type { AuthServices, Lifetimes } from '../auth-services.ts';
import { familyOf, hashOf } from '../tokens/refresh-tokens.ts';

/** Live sessions of one user at most: more than anybody has devices. */
const maximumSessions = 100;

/** Characters of a User-Agent that are stored: those of browsers have up to some 250. */
const longestUserAgent = 400;

/** Starts a session, and ends the oldest past the maximum. Call it with the user's row locked. */
export async function openSession(
  transaction: Transaction,
  { refreshTokens, lifetimes }: AuthServices,
  client: Client,
  userId: string,
): Promise<{ sessionId: string; refreshToken: string }> {
  const sessionId = uuidv7();
  const refreshToken = refreshTokens.first();
  await sql`
    insert into session (user_id, id, created_at, last_used_at, expires_at, user_agent, ip_address, family)
    values (${userId}, ${sessionId}, now(), now(), ${endOf(lifetimes, sql`now()`)}, ${userAgentOf(client)}, ${client.address},
      ${familyOf(refreshToken)})`.execute(transaction);
  await storeRefreshToken(transaction, { id: userId, sessionId }, refreshToken);
  await endOldestSessions(transaction, userId);
  return { sessionId, refreshToken };
}

export async function storeRefreshToken(
  transaction: Transaction,
  { id, sessionId }: Pick<SessionViewer, 'id' | 'sessionId'>,
  token: string,
): Promise<void> {
  await sql`
    insert into refresh_token (user_id, id, session_id, hash, created_at)
    values (${id}, ${uuidv7()}, ${sessionId}, ${hashOf(token)}, now())`.execute(transaction);
}

/** Postpones the end of a session. @returns the seconds until it must end */
export async function extendSession(
  transaction: Transaction,
  { id, sessionId }: SessionViewer,
  client: Client,
  lifetimes: Lifetimes,
): Promise<number> {
  const { rows } = await sql<{ remaining: number }>`
    update session set last_used_at = now(), ip_address = ${client.address}, user_agent = ${userAgentOf(client)},
      expires_at = ${endOf(lifetimes, sql`created_at`)}
    where user_id = ${id} and id = ${sessionId}
    returning extract(epoch from created_at - now())::float8 + ${lifetimes.session} as remaining`.execute(transaction);
  return rows[0]?.remaining ?? 0;
}

/** Until when a session that was opened at `createdAt` lives from now on, if it is not refreshed again. */
function endOf({ accessToken, refreshToken, session }: Lifetimes, createdAt: RawBuilder<unknown>) {
  const idle = Math.max(accessToken, refreshToken);
  return sql`least(${createdAt} + ${session} * interval '1 second', now() + ${idle} * interval '1 second')`;
}

export function userAgentOf({ userAgent }: Client): string | null {
  return userAgent?.slice(0, longestUserAgent) ?? null;
}

async function endOldestSessions(transaction: Transaction, userId: string): Promise<void> {
  await retire(
    transaction,
    sql`user_id = ${userId} and (expires_at <= now() or id in (
      select id from session where user_id = ${userId} and expires_at > now()
      order by created_at desc, id desc offset ${maximumSessions}))`,
  );
}

/** Ends one session: its tokens are rejected from the next request on. @returns null if there was none */
export async function endSession(
  transaction: Transaction,
  userId: string,
  id: string,
): Promise<'ended' | 'ended before' | null> {
  if ((await retire(transaction, sql`user_id = ${userId} and id = ${id}`)) > 0) return 'ended';
  const { rows } = await sql`
    select from retired_id where user_id = ${userId} and id = ${id} and kind = 'session'`.execute(transaction);
  return rows.length > 0 ? 'ended before' : null;
}

/** Ends every session of a user. @returns how many */
export function endSessions(transaction: Transaction, userId: string): Promise<number> {
  return retire(transaction, sql`user_id = ${userId}`);
}

/** Ends every session of some users. @returns how many */
export function endSessionsOfAll(transaction: Transaction, userIds: readonly string[]): Promise<number> {
  return retire(transaction, sql`user_id = any(${userIds}::uuid[])`);
}

/** Deletes sessions and retires their ids, so that no other record can take them. @returns how many */
async function retire(transaction: Transaction, condition: RawBuilder<unknown>): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    with ended as (delete from session where ${condition} returning user_id, id),
      retired as (insert into retired_id (user_id, id, kind) select user_id, id, 'session' from ended)
    select count(*)::int as count from ended`.execute(transaction);
  return rows[0]?.count ?? 0;
}
