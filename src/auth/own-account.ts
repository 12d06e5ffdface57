import { sql } from 'kysely';
import type { Client, Viewer } from '../graphql/context.ts';
import type { ChangePasswordInput, DeleteAccountInput } from './auth.inputs.ts';
import { lockAccount, passwordChanged, requirePassword, setPasswordHash } from './credentials.ts';
import type { Doors } from './doors.ts';
import { requireUnguessable } from './password-rules.ts';
import { SecurityEventKind } from './security-event.entity.ts';
import { logAccountDeleted, logEvent, recordEvent } from './security-events.ts';
import { endSessions, extendSession, replaceRefreshTokens } from './sessions.ts';
import { type SignedIn, signedIn } from './signed-in.ts';
import { forgetTries } from './throttles.ts';

/**
 * Sets another password and ends every session but the viewer's, which goes on with new tokens. Errors:
 * INVALID_CREDENTIALS, BAD_USER_INPUT, RATE_LIMITED.
 */
export async function changePassword(
  doors: Doors,
  client: Client,
  viewer: Viewer,
  input: ChangePasswordInput,
): Promise<SignedIn> {
  const { database, passwords, refreshTokens, lifetimes, logger } = doors;
  await requireUnguessable(passwords, input.newPassword, viewer.email, 'newPassword');
  const account = await requireOwnPassword(doors, client, viewer, input.currentPassword, 'The current password');
  const newHash = await passwords.hash(input.newPassword);
  const refreshToken = refreshTokens.first();
  const remaining = await database.change(async (_em, transaction) => {
    if (!(await lockAccount(transaction, account))) throw passwordChanged();
    await setPasswordHash(transaction, viewer.id, newHash);
    await endSessions(transaction, viewer.id, viewer.sessionId);
    await recordEvent(transaction, viewer.id, SecurityEventKind.PASSWORD_CHANGED, client);
    // Locks the session first: a refresh that is under way would leave a token behind.
    const rest = await extendSession(transaction, viewer.id, viewer.sessionId, client, lifetimes);
    await replaceRefreshTokens(transaction, viewer, refreshToken);
    return rest;
  });
  logEvent(logger, SecurityEventKind.PASSWORD_CHANGED, viewer.id, client);
  return signedIn(doors, viewer, refreshToken, remaining);
}

/** Removes the account and all that it owns, in one transaction. Errors: INVALID_CREDENTIALS, RATE_LIMITED. */
export async function deleteAccount(
  doors: Doors,
  client: Client,
  viewer: Viewer,
  { password }: DeleteAccountInput,
): Promise<void> {
  const account = await requireOwnPassword(doors, client, viewer, password, 'The password');
  await doors.database.change(async (_em, transaction) => {
    // Minutes, for an account of a million tasks; a statement has ten seconds otherwise.
    await sql`set local statement_timeout = '10min'`.execute(transaction);
    if (!(await lockAccount(transaction, account, sql`for update`))) throw passwordChanged();
    await sql`delete from task where user_id = ${viewer.id}`.execute(transaction);
    // All else goes with the user.
    await sql`delete from "user" where id = ${viewer.id}`.execute(transaction);
    await forgetTries(transaction, viewer.email);
  });
  logAccountDeleted(doors.logger, viewer.id, client);
}

function requireOwnPassword(doors: Doors, client: Client, { email }: Viewer, password: string, label: string) {
  return requirePassword(doors, client, { email, password }, `${label} is not right.`);
}
