import { sql } from 'kysely';
import type { Transaction } from '../../database/database.ts';
import type { ServiceDatabase } from '../../database/service-database.ts';
import { AppError, ErrorCode } from '../../errors.ts';
import type { Client } from '../../graphql/server/context.ts';
import { viewerColumns } from '../../users/viewer-columns.ts';
import type { SessionViewer } from '../../viewer.ts';
import type { AuthPayload } from '../auth.payloads.ts';
import type { AuthServices } from '../auth-services.ts';
import { notifyOwner } from '../email/notify.ts';
import { SecurityEventKind } from '../events/security-event.entity.ts';
import { logEvent, recordEvent } from '../events/security-events.ts';
import { issueTokens } from '../tokens/issued-tokens.ts';
import { clientFingerprintOf, familyOf, hashOf } from '../tokens/refresh-tokens.ts';
import { endSession, extendSession, storeRefreshToken } from './sessions.ts';

/**
 * Seconds in which the client that used a refresh token may send it again, because the reply was lost or another tab sent it
 * too. A thief would need the same network and User-Agent, and those seconds.
 */
const grace = 30;

/** Exchanges that a session may make within the grace period: bounds the rows that it keeps. */
const maximumRecent = 30;

type Outcome =
  | { readonly kind: 'refreshed'; readonly user: SessionViewer; readonly token: string; readonly remaining: number }
  | { readonly kind: 'replayed'; readonly userId: string }
  | { readonly kind: 'refused' };

const refused = { kind: 'refused' } as const;

/**
 * Exchanges a refresh token for new tokens of its session. Reusing one ends the session: somebody else may have the newer
 * token. Errors: INVALID_CREDENTIALS.
 */
export async function refreshSession(services: AuthServices, client: Client, token: string): Promise<AuthPayload> {
  const { serviceDatabase, logger } = services;
  const userId = await ownerOf(serviceDatabase, token);
  const exchangeToken = (transaction: Transaction) => exchange(transaction, services, client, token);
  const outcome = userId ? await serviceDatabase.change(exchangeToken, `log-in ${userId}`) : refused;
  if (outcome.kind === 'refreshed') return issueTokens(services, outcome.user, outcome.token, outcome.remaining);
  if (outcome.kind === 'replayed') logEvent(logger, SecurityEventKind.REFRESH_REPLAYED, outcome.userId, client);
  throw new AppError(ErrorCode.INVALID_CREDENTIALS, 'Your session has ended. Log in again.');
}

/** The user whose session a token belongs to: all of a user's exchanges wait in one queue, since they lock the same row. */
async function ownerOf(serviceDatabase: ServiceDatabase, token: string): Promise<string | undefined> {
  const [session] = await serviceDatabase.read(
    'owner of a session',
    ({ family }) =>
      serviceDatabase.kysely.selectFrom('session').where('family', '=', family).select('user_id as userId'),
    { family: familyOf(token) },
  );
  return session?.userId;
}

async function exchange(
  transaction: Transaction,
  services: AuthServices,
  client: Client,
  token: string,
): Promise<Outcome> {
  const user = await lockSessionOf(transaction, services, token);
  if (!user || user.isDisabled) return refused;
  const tokens = await recentTokens(transaction, services, user);
  const known = tokens.get(hashOf(token));
  if (known?.isUnused) return known.isFresh ? replace(transaction, services, client, user, token) : refused;
  const newest = newestAfter(services, tokens, clientFingerprintOf(client), token);
  if (newest) {
    const remaining = await extendSession(transaction, user, client, services.lifetimes);
    return { kind: 'refreshed', user, token: newest, remaining };
  }
  await endSession(transaction, user.id, user.sessionId);
  await recordEvent(transaction, user.id, SecurityEventKind.REFRESH_REPLAYED, client);
  const notice = { user: user.id, to: user.email, notice: 'refreshReplayed' } as const;
  await notifyOwner(services, transaction, client, notice);
  return { kind: 'replayed', userId: user.id };
}

/** Locks the live session that a token belongs to, so that concurrent exchanges of one token run one at a time. */
async function lockSessionOf(
  transaction: Transaction,
  { serviceDatabase, lifetimes }: AuthServices,
  token: string,
): Promise<SessionViewer | undefined> {
  // The user's row first, as everywhere: in the other order, this could deadlock with the deletion of the account.
  const { rows } = await sql<SessionViewer>`
    with owner as materialized (
      select "user".* from "user" join session on session.user_id = "user".id
      where session.family = ${familyOf(token)} for key share of "user"
    )
    select ${sql.join(viewerColumns(serviceDatabase.metadata, 'owner'))}, session.id as "sessionId"
    from owner join session on session.user_id = owner.id
    where session.family = ${familyOf(token)} and session.expires_at > now()
      and session.created_at > now() - ${lifetimes.session} * interval '1 second'
    for update of session`.execute(transaction);
  return rows[0];
}

interface KnownToken {
  readonly hash: string;
  readonly isUnused: boolean;
  readonly isFresh: boolean;
  readonly usedBy: string | null;
}

/**
 * The unused token and those used within the grace period, by hash. Call it with the session locked.
 * Errors: RATE_LIMITED.
 */
async function recentTokens(
  transaction: Transaction,
  { lifetimes }: AuthServices,
  { id, sessionId }: SessionViewer,
): Promise<ReadonlyMap<string, KnownToken>> {
  await sql`
    delete from refresh_token where user_id = ${id} and session_id = ${sessionId}
      and used_at <= now() - ${grace} * interval '1 second'`.execute(transaction);
  const { rows } = await sql<KnownToken>`
    select hash, used_at is null as "isUnused", used_by as "usedBy",
      created_at > now() - ${lifetimes.refreshToken} * interval '1 second' as "isFresh"
    from refresh_token where user_id = ${id} and session_id = ${sessionId}`.execute(transaction);
  if (rows.length > maximumRecent) {
    const message = 'This session was refreshed too often. Try again in half a minute.';
    throw new AppError(ErrorCode.RATE_LIMITED, message, { retryAfter: grace });
  }
  return new Map(rows.map((row) => [row.hash, row]));
}

/** Follows the chain of tokens that this client exchanged within the grace period, to the unused one at its end. */
function newestAfter(
  { refreshTokens }: AuthServices,
  tokens: ReadonlyMap<string, KnownToken>,
  fingerprint: string,
  token: string,
): string | null {
  let newest: string | undefined = token;
  while (newest !== undefined) {
    const known = tokens.get(hashOf(newest));
    if (known?.isUnused) return newest;
    if (known?.usedBy !== fingerprint) return null;
    newest = refreshTokens.possibleNext(newest).find((next) => tokens.has(hashOf(next)));
  }
  return null;
}

async function replace(
  transaction: Transaction,
  { refreshTokens, lifetimes }: AuthServices,
  client: Client,
  user: SessionViewer,
  token: string,
): Promise<Outcome> {
  const next = refreshTokens.next(token);
  await sql`
    update refresh_token set used_at = now(), used_by = ${clientFingerprintOf(client)}
    where hash = ${hashOf(token)}`.execute(transaction);
  await storeRefreshToken(transaction, user, next);
  const remaining = await extendSession(transaction, user, client, lifetimes);
  return { kind: 'refreshed', user, token: next, remaining };
}
