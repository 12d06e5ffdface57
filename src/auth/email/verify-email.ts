import { sql } from 'kysely';
import type { Transaction } from '../../database/database.ts';
import type { Revision } from '../../database/user-changes/revisions.ts';
import type { Client, Context } from '../../graphql/server/context.ts';
import { networkOf } from '../../graphql/server/networks.ts';
import type { AuthServices } from '../auth-services.ts';
import { SecurityEventKind } from '../events/security-event.entity.ts';
import { logEvent, recordEvent } from '../events/security-events.ts';
import { retryWhileUndecided } from '../passwords/credentials.ts';
import { mailSenderBudgets, verificationBudget } from '../throttling/budgets.ts';
import { countAttempt } from '../throttling/throttles.ts';
import { requireMail } from './account-mail.ts';
import { EmailTokenKind } from './email-token.entity.ts';
import { findTokenOwner, type TokenOwner, tokenRefused, useToken } from './email-tokens.ts';

/** Mails the viewer a link, unless the address is verified. Errors: SERVICE_UNAVAILABLE, RATE_LIMITED. */
export async function sendVerificationEmail(services: AuthServices, { client, db }: Context): Promise<void> {
  const { id, email, emailVerified } = db.viewer;
  if (emailVerified) return;
  const { verifyEmail } = requireMail(services.accountMail);
  const budgets = [verificationBudget(email), ...mailSenderBudgets(networkOf(client.address), id)];
  await retryWhileUndecided(() => countAttempt(services.serviceDatabase, budgets));
  await services.serviceDatabase.change((transaction) => services.jobs.enqueue(transaction, verifyEmail, { user: id }));
}

/** Marks the address that the token was mailed to as verified. Errors: INVALID_CREDENTIALS. */
export async function verifyEmail(
  { serviceDatabase, logger }: AuthServices,
  client: Client,
  token: string,
): Promise<void> {
  const kind = EmailTokenKind.VERIFY_EMAIL;
  const owner = await findTokenOwner(serviceDatabase, kind, token);
  const change = async (transaction: Transaction, _em: unknown, revision: Revision): Promise<void> => {
    await useToken(transaction, owner, kind, token);
    await markVerified(transaction, revision, owner, client);
  };
  await serviceDatabase.userChanges.run(owner.userId, change, { gone: tokenRefused });
  logEvent(logger, SecurityEventKind.EMAIL_VERIFIED, owner.userId, client);
}

/** Marks the address as verified, if it is still that of the account. Call it with the user's row locked. */
export async function markVerified(
  transaction: Transaction,
  revision: Revision,
  { userId, email }: TokenOwner,
  client: Client,
): Promise<void> {
  const { rows } = await sql`
    select from "user" where id = ${userId} and email = ${email} and not email_verified`.execute(transaction);
  if (rows.length === 0) return;
  await sql`
    update "user" set email_verified = true, revision = ${revision.next} where id = ${userId}`.execute(transaction);
  await recordEvent(transaction, userId, SecurityEventKind.EMAIL_VERIFIED, client);
}
