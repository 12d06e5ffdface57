import { sessionEnded } from '../errors.ts';
import type { Context } from '../graphql/server/context.ts';
import { markUserForRemoval, removeRows } from '../records/purge-users.ts';
import type { ChangePasswordInput } from './auth.inputs.ts';
import type { AuthPayload } from './auth.payloads.ts';
import type { AuthServices } from './auth-services.ts';
import { endTokens } from './email/email-tokens.ts';
import { notifyOwner } from './email/notify.ts';
import { SecurityEventKind } from './events/security-event.entity.ts';
import { logAccountDeleted, logEvent, recordEvent } from './events/security-events.ts';
import { lockAccount, passwordChanged, requirePassword, setPasswordHash } from './passwords/credentials.ts';
import { requireStrongPassword } from './passwords/password-rules.ts';
import { endSession, endSessions, openSession } from './sessions/sessions.ts';
import { clearAttempts } from './throttling/throttles.ts';
import { issueTokens } from './tokens/issued-tokens.ts';

/** Changes the password and ends every session, so that stolen tokens stop working. Errors: as for `logIn`. */
export async function changePassword(
  services: AuthServices,
  context: Context,
  { currentPassword, newPassword }: ChangePasswordInput,
): Promise<AuthPayload> {
  const { passwords, perNetwork, logger } = services;
  const { client, db } = context;
  const { viewer } = db;
  await requireStrongPassword(passwords, newPassword, viewer.email, 'newPassword');
  const account = await requireOwnPassword(services, context, currentPassword, 'The current password');
  const newHash = await perNetwork.run(client, () => passwords.inTurn(() => passwords.hash(newPassword)));
  const { sessionId, refreshToken } = await db.change(async ({ kysely }) => {
    if (!(await lockAccount(kysely, account))) throw passwordChanged();
    await setPasswordHash(kysely, viewer.id, newHash);
    const { id, sessionId: own } = viewer;
    if (own === null || (await endSession(kysely, id, own)) !== 'ended') throw sessionEnded();
    await endSessions(kysely, viewer.id);
    await endTokens(kysely, viewer.id);
    await recordEvent(kysely, viewer.id, SecurityEventKind.PASSWORD_CHANGED, client);
    const notice = { user: viewer.id, to: viewer.email, notice: 'passwordChanged' } as const;
    await notifyOwner(services, kysely, client, notice);
    return openSession(kysely, services, client, viewer.id);
  }, passwordChanged);
  logEvent(logger, SecurityEventKind.PASSWORD_CHANGED, viewer.id, client);
  return issueTokens(services, { ...viewer, sessionId }, refreshToken);
}

/** Deletes the account and its first rows at once, the remaining rows in the background. Errors: as for `logIn`. */
export async function deleteAccount(services: AuthServices, context: Context, password: string): Promise<void> {
  const { client, db } = context;
  const { id, email } = db.viewer;
  const account = await requireOwnPassword(services, context, password, 'The password');
  await db.change(async ({ kysely }) => {
    if (!(await lockAccount(kysely, account))) throw passwordChanged();
    await markUserForRemoval(kysely, services.jobs, id);
    await clearAttempts(kysely, email);
  }, passwordChanged);
  logAccountDeleted(services.logger, id, client);
  await removeRows(services.serviceDatabase, services.jobs, id);
}

/** Wrong guesses from elsewhere do not lock out an owner who is logged in. */
export function requireOwnPassword(services: AuthServices, { client, db }: Context, password: string, label: string) {
  const credentials = { email: db.viewer.email, password };
  return requirePassword(services, client, credentials, { isOwner: true, refusal: `${label} is incorrect.` });
}
