import type { Transaction } from '../../database/database.ts';
import type { Revision } from '../../database/user-changes/revisions.ts';
import type { Client } from '../../graphql/server/context.ts';
import { networkOf } from '../../graphql/server/networks.ts';
import type { AuthServices } from '../auth-services.ts';
import { SecurityEventKind } from '../events/security-event.entity.ts';
import { logEvent, recordEvent } from '../events/security-events.ts';
import { retryWhileUndecided, setPasswordHash } from '../passwords/credentials.ts';
import { requireStrongPassword } from '../passwords/password-rules.ts';
import { endSessions } from '../sessions/sessions.ts';
import { mailSenderBudgets, resetBudget } from '../throttling/budgets.ts';
import { clearAttempts, countAttempt } from '../throttling/throttles.ts';
import { requireMail } from './account-mail.ts';
import type { RequestPasswordResetInput, ResetPasswordInput } from './email.inputs.ts';
import { EmailTokenKind } from './email-token.entity.ts';
import { endTokens, findTokenOwner, tokenRefused, useToken } from './email-tokens.ts';
import { notifyOwner } from './notify.ts';
import { markVerified } from './verify-email.ts';

/**
 * Has a link mailed to the account with this address. Neither the answer nor its timing shows whether there is one: all that
 * happens here is that the request is counted and a job written. Errors: SERVICE_UNAVAILABLE, RATE_LIMITED.
 */
export async function requestPasswordReset(
  { serviceDatabase, jobs, accountMail }: AuthServices,
  client: Client,
  { email }: RequestPasswordResetInput,
): Promise<void> {
  const { resetPassword } = requireMail(accountMail);
  const budgets = [resetBudget(email), ...mailSenderBudgets(networkOf(client.address))];
  await retryWhileUndecided(() => countAttempt(serviceDatabase, budgets));
  await serviceDatabase.change((transaction) => jobs.enqueue(transaction, resetPassword, { email }));
}

/** Sets a new password, and ends every session. Errors: INVALID_CREDENTIALS, BAD_USER_INPUT, SERVICE_UNAVAILABLE. */
export async function resetPassword(
  services: AuthServices,
  client: Client,
  { token, newPassword }: ResetPasswordInput,
): Promise<void> {
  const { serviceDatabase, passwords, perNetwork, logger } = services;
  const kind = EmailTokenKind.RESET_PASSWORD;
  // Before anything that takes time: only with a token can hashes be computed.
  const owner = await findTokenOwner(serviceDatabase, kind, token);
  const { userId, email } = owner;
  await requireStrongPassword(passwords, newPassword, email, 'newPassword');
  const hash = await perNetwork.run(client, () => passwords.inTurn(() => passwords.hash(newPassword)));
  const change = async (transaction: Transaction, _em: unknown, revision: Revision): Promise<void> => {
    await useToken(transaction, owner, kind, token);
    await setPasswordHash(transaction, userId, hash);
    await endTokens(transaction, userId);
    // The mail arrived.
    await markVerified(transaction, revision, owner, client);
    await endSessions(transaction, userId);
    // The owner, locked out by guesses of others, can log in again.
    await clearAttempts(transaction, email);
    await recordEvent(transaction, userId, SecurityEventKind.PASSWORD_RESET, client);
    await notifyOwner(services, transaction, client, { user: userId, to: email, notice: 'passwordReset' });
  };
  await serviceDatabase.userChanges.run(userId, change, { queue: `log-in ${userId}`, gone: tokenRefused });
  logEvent(logger, SecurityEventKind.PASSWORD_RESET, userId, client);
}
