import { sql } from 'kysely';
import type { Transaction } from '../database/database.ts';
import { AppError, ErrorCode } from '../errors.ts';
import type { Client, Viewer } from '../graphql/context.ts';
import type { ChangePasswordInput, DeleteAccountInput } from './auth.inputs.ts';
import { lockAccount, passwordChanged, requirePassword, setPasswordHash } from './credentials.ts';
import type { Doors } from './doors.ts';
import { requireUnguessable } from './password-rules.ts';
import { SecurityEventKind } from './security-event.entity.ts';
import { logAccountDeleted, logEvent, recordEvent } from './security-events.ts';
import { endSession, endSessions, openSession } from './sessions.ts';
import { type SignedIn, signedIn } from './signed-in.ts';
import { forgetTries } from './throttles.ts';

/**
 * Sets another password and ends every session, the viewer's own for a new one: a token that was stolen is worth nothing
 * afterwards. Errors: INVALID_CREDENTIALS, BAD_USER_INPUT, RATE_LIMITED.
 */
export async function changePassword(
  doors: Doors,
  client: Client,
  viewer: Viewer,
  input: ChangePasswordInput,
): Promise<SignedIn> {
  const { database, passwords, refreshTokens, lifetimes, shares, logger } = doors;
  await requireUnguessable(passwords, input.newPassword, viewer.email, 'newPassword');
  const account = await requireOwnPassword(doors, client, viewer, input.currentPassword, 'The current password');
  const newHash = await shares.take(client, () => passwords.inTurn(() => passwords.hash(input.newPassword)));
  const refreshToken = refreshTokens.first();
  const sessionId = await database.change(viewer.id, async (_em, transaction) => {
    if (!(await lockAccount(transaction, account))) throw passwordChanged();
    await setPasswordHash(transaction, viewer.id, newHash);
    const own = await endSession(transaction, viewer.id, viewer.sessionId);
    if (own !== 'ended') throw new AppError(ErrorCode.UNAUTHENTICATED, 'Your session has ended. Log in again.');
    await endSessions(transaction, viewer.id);
    await recordEvent(transaction, viewer.id, SecurityEventKind.PASSWORD_CHANGED, client);
    return openSession(transaction, viewer.id, client, refreshToken, lifetimes);
  });
  logEvent(logger, SecurityEventKind.PASSWORD_CHANGED, viewer.id, client);
  return signedIn(doors, { ...viewer, sessionId }, refreshToken);
}

/** Removes the account and all that it owns, in one transaction. Errors: INVALID_CREDENTIALS, RATE_LIMITED. */
export async function deleteAccount(
  doors: Doors,
  client: Client,
  viewer: Viewer,
  { password }: DeleteAccountInput,
): Promise<void> {
  const account = await requireOwnPassword(doors, client, viewer, password, 'The password');
  // Not in the user's queue: nothing of theirs has to wait for minutes there, and only one deletion gets past the first line.
  await doors.database.change(null, async (_em, transaction) => {
    await requireOnlyDeletion(transaction, viewer);
    if (!(await lockAccount(transaction, account, sql`for update`))) throw passwordChanged();
    // Minutes, for an account of a million tasks; a statement has ten seconds otherwise.
    await sql`set local statement_timeout = '10min'`.execute(transaction);
    // PostgreSQL looks up, for each row that goes, what refers to it. A plan for that which this connection made while
    // the tables were small reads all of them each time: 85 s for 20,000 tasks, 0.7 s with a new one.
    await sql`discard plans`.execute(transaction);
    await sql`delete from task where user_id = ${viewer.id}`.execute(transaction);
    // All else goes with the user.
    await sql`delete from "user" where id = ${viewer.id}`.execute(transaction);
    await forgetTries(transaction, viewer.email);
  });
  logAccountDeleted(doors.logger, viewer.id, client);
}

/** A second one would wait for the first, for as long as that takes, and keep a connection from others. */
async function requireOnlyDeletion(transaction: Transaction, { id }: Viewer): Promise<void> {
  const { rows } = await sql<{ isFirst: boolean }>`
    select pg_try_advisory_xact_lock(hashtextextended(${`delete ${id}`}, 0)) as "isFirst"`.execute(transaction);
  if (rows[0]?.isFirst) return;
  const message = 'This account is being deleted already.';
  throw new AppError(ErrorCode.SERVICE_UNAVAILABLE, message, { retryAfter: 5 });
}

/** Nobody can keep an owner who is logged in from this by guessing from elsewhere. */
function requireOwnPassword(doors: Doors, client: Client, { email }: Viewer, password: string, label: string) {
  return requirePassword(doors, client, { email, password }, { isOwner: true, refusal: `${label} is not right.` });
}
