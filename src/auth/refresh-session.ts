import { sql } from 'kysely';
import type { Transaction } from '../database/database.ts';
import { AppError, ErrorCode } from '../errors.ts';
import type { Client } from '../graphql/context.ts';
import type { Doors } from './doors.ts';
import { clientKeyOf, hashOf } from './refresh-tokens.ts';
import { SecurityEventKind } from './security-event.entity.ts';
import { logEvent, recordEvent } from './security-events.ts';
import { endSession, extendSession, keepRefreshToken } from './sessions.ts';
import { type SessionUser, type SignedIn, signedIn } from './signed-in.ts';

/**
 * Seconds in which the client that used a refresh token may send it again, because the answer was lost or another of its
 * tabs was as quick, and is given the same next token. Long enough for a phone to find its network again; short enough
 * that a thief who shares the place and the program has to be quick too.
 */
const grace = 30;

/** Refresh tokens that a session remembers: one that is older than so many others is unknown, not a replay. */
const maximumRemembered = 200;

/** What a refresh token turned out to be. */
type Outcome =
  | { readonly kind: 'refreshed'; readonly user: SessionUser; readonly token: string; readonly remaining: number }
  | { readonly kind: 'replayed'; readonly userId: string }
  | { readonly kind: 'refused' };

const refused: Outcome = { kind: 'refused' };

/**
 * Exchanges a refresh token, which is then used up, for new tokens of the same session. One that was used up before ends
 * the session, since either its owner or a thief has the next one. Errors: INVALID_CREDENTIALS.
 */
export async function refreshSession(doors: Doors, client: Client, token: string): Promise<SignedIn> {
  const outcome = await doors.database.change((_em, transaction) => exchange(transaction, doors, client, token));
  if (outcome.kind === 'refreshed') return signedIn(doors, outcome.user, outcome.token, outcome.remaining);
  if (outcome.kind === 'replayed') logEvent(doors.logger, SecurityEventKind.REFRESH_REPLAYED, outcome.userId, client);
  throw new AppError(ErrorCode.INVALID_CREDENTIALS, 'Your session has ended. Log in again.');
}

async function exchange(transaction: Transaction, doors: Doors, client: Client, token: string): Promise<Outcome> {
  const user = await lockSessionOf(transaction, hashOf(token));
  if (!user) return refused;
  const known = await findToken(transaction, doors, token);
  if (!known) return refused;
  if (known.isUnused) {
    return known.isFresh ? replace(transaction, doors, client, user, token) : refused;
  }
  const newest = await newestAfter(transaction, doors, clientKeyOf(client), token, known);
  if (newest) {
    const remaining = await extendSession(transaction, user.id, user.sessionId, client, doors.lifetimes);
    return { kind: 'refreshed', user, token: newest, remaining };
  }
  await endSession(transaction, user.id, user.sessionId);
  await recordEvent(transaction, user.id, SecurityEventKind.REFRESH_REPLAYED, client);
  return { kind: 'replayed', userId: user.id };
}

/** The live session that a token was given to, locked: of those who come with one token at once, one goes first. */
async function lockSessionOf(transaction: Transaction, hash: string): Promise<SessionUser | undefined> {
  const { rows } = await sql<SessionUser>`
    select "user".id, "user".email, "user".time_zone as "timeZone", "user".created_at as "createdAt",
      session.id as "sessionId"
    from refresh_token
    join session on session.user_id = refresh_token.user_id and session.id = refresh_token.session_id
    join "user" on "user".id = session.user_id
    where refresh_token.hash = ${hash} and session.expires_at > now()
    for update of session`.execute(transaction);
  return rows[0];
}

interface KnownToken {
  readonly isUnused: boolean;
  /** Not too long ago given out. */
  readonly isFresh: boolean;
  /** Used up so short a time ago that its client may ask again. */
  readonly isInGrace: boolean;
  readonly usedBy: string | null;
}

/** Read only when the session is locked: what it is may have changed while this request waited. */
async function findToken(
  transaction: Transaction,
  { lifetimes }: Doors,
  token: string,
): Promise<KnownToken | undefined> {
  const { rows } = await sql<KnownToken>`
    select used_at is null as "isUnused", used_by as "usedBy",
      created_at > now() - ${lifetimes.refreshToken} * interval '1 second' as "isFresh",
      used_at > now() - ${grace} * interval '1 second' as "isInGrace"
    from refresh_token where hash = ${hashOf(token)}`.execute(transaction);
  return rows[0];
}

/** The unused token that stands at the end of those which this client was given, all of them within the grace. */
async function newestAfter(
  transaction: Transaction,
  doors: Doors,
  clientKey: string,
  token: string,
  known: KnownToken,
): Promise<string | null> {
  let [newest, state] = [token, known];
  while (!state.isUnused) {
    if (!state.isInGrace || state.usedBy !== clientKey) return null;
    const next = await findNext(transaction, doors, newest);
    if (!next) return null;
    [newest, state] = next;
  }
  return newest;
}

async function findNext(
  transaction: Transaction,
  doors: Doors,
  token: string,
): Promise<[string, KnownToken] | undefined> {
  for (const next of doors.refreshTokens.possibleNext(token)) {
    const known = await findToken(transaction, doors, next);
    if (known) return [next, known];
  }
  return undefined;
}

async function replace(
  transaction: Transaction,
  doors: Doors,
  client: Client,
  user: SessionUser,
  token: string,
): Promise<Outcome> {
  const next = doors.refreshTokens.next(token);
  await sql`
    update refresh_token set used_at = now(), used_by = ${clientKeyOf(client)}
    where hash = ${hashOf(token)}`.execute(transaction);
  await keepRefreshToken(transaction, user.id, user.sessionId, next);
  await forgetOldest(transaction, user);
  const remaining = await extendSession(transaction, user.id, user.sessionId, client, doors.lifetimes);
  return { kind: 'refreshed', user, token: next, remaining };
}

async function forgetOldest(transaction: Transaction, { id, sessionId }: SessionUser): Promise<void> {
  await sql`
    delete from refresh_token where user_id = ${id} and id in (
      select id from refresh_token where user_id = ${id} and session_id = ${sessionId} and used_at is not null
      order by used_at desc offset ${maximumRemembered})`.execute(transaction);
}
