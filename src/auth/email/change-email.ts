import { sql } from 'kysely';
import type { Transaction } from '../../database/database.ts';
import type { Revision } from '../../database/user-changes/revisions.ts';
import { AppError, badUserInput, ErrorCode } from '../../errors.ts';
import type { Client, Context } from '../../graphql/server/context.ts';
import { networkOf } from '../../graphql/server/networks.ts';
import { requireOwnPassword } from '../account-settings.ts';
import type { AuthServices } from '../auth-services.ts';
import { SecurityEventKind } from '../events/security-event.entity.ts';
import { logEvent, recordEvent } from '../events/security-events.ts';
import { lockAccount, passwordChanged, retryWhileUndecided } from '../passwords/credentials.ts';
import { emailChangeBudget, mailSenderBudgets } from '../throttling/budgets.ts';
import { countAttempt } from '../throttling/throttles.ts';
import { requireMail } from './account-mail.ts';
import type { RequestEmailChangeInput } from './email.inputs.ts';
import { EmailTokenKind } from './email-token.entity.ts';
import { endTokens, findTokenOwner, type TokenOwner, tokenRefused, useToken } from './email-tokens.ts';
import { notifyOwner } from './notify.ts';

/**
 * Has a link mailed to the new address, or, if it is another account's, a mail to its owner: which of the two, neither the
 * answer nor its timing shows. The present address is told. Errors: as for `logIn`, BAD_USER_INPUT, SERVICE_UNAVAILABLE.
 */
export async function requestEmailChange(
  services: AuthServices,
  context: Context,
  { newEmail, password }: RequestEmailChangeInput,
): Promise<void> {
  const { serviceDatabase, jobs, logger } = services;
  const { client, db } = context;
  const { id, email } = db.viewer;
  const { changeEmail } = requireMail(services.accountMail);
  if (newEmail === email) throw sameEmail();
  const account = await requireOwnPassword(services, context, password, 'The password');
  const budgets = [emailChangeBudget(newEmail), ...mailSenderBudgets(networkOf(client.address), id)];
  await retryWhileUndecided(() => countAttempt(serviceDatabase, budgets));
  await db.change(async ({ kysely }) => {
    if (!(await lockAccount(kysely, account))) throw passwordChanged();
    await recordEvent(kysely, id, SecurityEventKind.EMAIL_CHANGE_REQUESTED, client);
    await jobs.enqueue(kysely, changeEmail, { user: id, newEmail });
    await notifyOwner(services, kysely, client, { user: id, to: email, notice: 'emailChangeRequested', newEmail });
  }, passwordChanged);
  logEvent(logger, SecurityEventKind.EMAIL_CHANGE_REQUESTED, id, client);
}

/** Gives the account the address that the token was mailed to. Errors: INVALID_CREDENTIALS, CONFLICT. */
export async function confirmEmailChange(services: AuthServices, client: Client, token: string): Promise<void> {
  const { serviceDatabase, logger } = services;
  const kind = EmailTokenKind.CHANGE_EMAIL;
  const owner = await findTokenOwner(serviceDatabase, kind, token);
  const { userId, email: newEmail } = owner;
  const change = async (transaction: Transaction, _em: unknown, revision: Revision): Promise<void> => {
    await useToken(transaction, owner, kind, token);
    const oldEmail = await setEmail(transaction, revision, owner);
    await endTokens(transaction, userId);
    await recordEvent(transaction, userId, SecurityEventKind.EMAIL_CHANGED, client);
    const notice = { user: userId, to: oldEmail, notice: 'emailChanged', newEmail } as const;
    await notifyOwner(services, transaction, client, notice);
  };
  await serviceDatabase.userChanges.run(userId, change, { gone: tokenRefused }).catch((error: unknown) => {
    throw error instanceof AppError && error.code === ErrorCode.CONFLICT ? takenMeanwhile() : error;
  });
  logEvent(logger, SecurityEventKind.EMAIL_CHANGED, userId, client);
}

/** @returns the address before. Call it with the user's row locked. Errors: CONFLICT if it is another account's */
async function setEmail(transaction: Transaction, revision: Revision, { userId, email }: TokenOwner): Promise<string> {
  const { rows } = await sql<{ email: string }>`
    with before as (select email from "user" where id = ${userId})
    update "user" set email = ${email}, email_verified = true, revision = ${revision.next}
    from before where id = ${userId}
    returning before.email`.execute(transaction);
  return rows[0]?.email ?? '';
}

function sameEmail(): AppError {
  const message = 'This is your e-mail address already.';
  return badUserInput([{ path: ['input', 'newEmail'], code: 'SAME_AS_CURRENT', message }]);
}

function takenMeanwhile(): AppError {
  return new AppError(ErrorCode.CONFLICT, 'Another account has this e-mail address by now. Use another address.');
}
