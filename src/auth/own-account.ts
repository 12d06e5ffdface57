import { sessionEnded } from '../errors.ts';
import type { Client, Viewer } from '../graphql/context.ts';
import { markUser, purgeUser } from '../users/purge-users.ts';
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
  const sessionId = await database.change(viewer, async (_em, transaction) => {
    if (!(await lockAccount(transaction, account))) throw passwordChanged();
    await setPasswordHash(transaction, viewer.id, newHash);
    const own = await endSession(transaction, viewer.id, viewer.sessionId);
    if (own !== 'ended') throw sessionEnded();
    await endSessions(transaction, viewer.id);
    await recordEvent(transaction, viewer.id, SecurityEventKind.PASSWORD_CHANGED, client);
    return openSession(transaction, viewer.id, client, refreshToken, lifetimes);
  });
  logEvent(logger, SecurityEventKind.PASSWORD_CHANGED, viewer.id, client);
  return signedIn(doors, { ...viewer, sessionId }, refreshToken);
}

/**
 * Ends the account at once, and removes all that it owns: of a large one the first rows, the rest in the background.
 * Errors: INVALID_CREDENTIALS, RATE_LIMITED.
 */
export async function deleteAccount(
  doors: Doors,
  client: Client,
  viewer: Viewer,
  { password }: DeleteAccountInput,
): Promise<void> {
  const account = await requireOwnPassword(doors, client, viewer, password, 'The password');
  await doors.database.change(viewer, async (_em, transaction) => {
    if (!(await lockAccount(transaction, account))) throw passwordChanged();
    await markUser(transaction, viewer.id);
    await forgetTries(transaction, viewer.email);
  });
  logAccountDeleted(doors.logger, viewer.id, client);
  await purgeUser(doors.database, viewer.id);
}

/** Nobody can keep an owner who is logged in from this by guessing from elsewhere. */
function requireOwnPassword(doors: Doors, client: Client, { email }: Viewer, password: string, label: string) {
  return requirePassword(doors, client, { email, password }, { isOwner: true, refusal: `${label} is not right.` });
}
