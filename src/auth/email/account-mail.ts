import { sql } from 'kysely';
import type { Transaction } from '../../database/database.ts';
import { AppError, ErrorCode } from '../../errors.ts';
import { type Job, type JobContext, job } from '../../jobs/job.ts';
import { type MailContent, MailRefused } from '../../mail/mail.ts';
import type { Mailer } from '../../mail/mailer.ts';
import { EmailTokenKind } from './email-token.entity.ts';
import type { EmailTokens } from './email-tokens.ts';
import { confirmEmailMail } from './mails/confirm-email.mail.ts';
import { emailTakenMail } from './mails/email-taken.mail.ts';
import { resetPasswordMail } from './mails/reset-password.mail.ts';
import { verifyEmailMail } from './mails/verify-email.mail.ts';
import { contentOf, type Notice } from './notices.ts';

/**
 * The jobs that send mails to users. Whatever depends on an account happens here and not in the request, which takes the same
 * time whether or not there is one.
 */
export class AccountMail {
  /** To the account with this address, if there is one. */
  readonly resetPassword: Job<{ readonly email: string }>;
  /** To a user whose address is not verified. */
  readonly verifyEmail: Job<{ readonly user: string }>;
  /** To the address that a user wants to have, or to the account that has it. */
  readonly changeEmail: Job<{ readonly user: string; readonly newEmail: string }>;
  readonly notify: Job<Notice>;

  constructor(mailer: Mailer, tokens: EmailTokens) {
    this.resetPassword = job('mail-password-reset', async ({ email }, context) => {
      const kind = EmailTokenKind.RESET_PASSWORD;
      const issued = await context.serviceDatabase.change(async (transaction) => {
        const account = await lockAccountOf(transaction, email);
        const token =
          account && (await tokens.issue(transaction, context, { userId: account.id, kind, email: account.email }));
        return token && { token, to: account.email };
      });
      if (!issued) return;
      const url = await mailer.linkTo('/reset-password', issued.token);
      await deliver(mailer, context, issued.to, resetPasswordMail(mailer.appName, url));
    });
    this.verifyEmail = job('mail-verification', async ({ user }, context) => {
      const kind = EmailTokenKind.VERIFY_EMAIL;
      const issued = await context.serviceDatabase.change(async (transaction) => {
        const account = await lockAccount(transaction, user);
        if (!account || account.isVerified) return null;
        const token = await tokens.issue(transaction, context, { userId: user, kind, email: account.email });
        return token && { token, to: account.email };
      });
      if (!issued) return;
      const url = await mailer.linkTo('/verify-email', issued.token);
      await deliver(mailer, context, issued.to, verifyEmailMail(mailer.appName, url));
    });
    this.changeEmail = job('mail-address-change', async ({ user, newEmail }, context) => {
      const kind = EmailTokenKind.CHANGE_EMAIL;
      const found = await context.serviceDatabase.change(async (transaction) => {
        if (!(await lockAccount(transaction, user))) return null;
        const holder = await holderOf(transaction, newEmail, user);
        // Also if nobody gets it: the oldest link ends either way, and does not show which addresses have accounts.
        const email = holder ? '' : newEmail;
        const token = await tokens.issue(transaction, context, { userId: user, kind, email });
        return token && { token, taken: holder?.email };
      });
      if (!found) return;
      if (found.taken !== undefined) return deliver(mailer, context, found.taken, emailTakenMail(mailer.appName));
      const url = await mailer.linkTo('/confirm-email', found.token);
      await deliver(mailer, context, newEmail, confirmEmailMail(mailer.appName, url));
    });
    this.notify = job('mail-notice', (notice, context) =>
      deliver(mailer, context, notice.to, contentOf(mailer.appName, notice)),
    );
  }

  get jobs(): Job<never>[] {
    return [this.resetPassword, this.verifyEmail, this.changeEmail, this.notify];
  }
}

/** Errors: SERVICE_UNAVAILABLE. */
export function requireMail(mail: AccountMail | null): AccountMail {
  if (mail) return mail;
  throw new AppError(ErrorCode.SERVICE_UNAVAILABLE, 'This server does not send mail. Ask its operator for help.');
}

async function lockAccountOf(transaction: Transaction, email: string) {
  const { rows } = await sql<{ id: string; email: string }>`
    select id, email from "user"
    where lower(email collate "C") = lower(${email}::text collate "C") and purged_at is null and disabled_at is null
    for no key update`.execute(transaction);
  return rows[0];
}

async function lockAccount(transaction: Transaction, id: string) {
  const { rows } = await sql<{ email: string; isVerified: boolean }>`
    select email, email_verified as "isVerified" from "user"
    where id = ${id} and purged_at is null and disabled_at is null for no key update`.execute(transaction);
  return rows[0];
}

/** Another account with this address. */
async function holderOf(transaction: Transaction, email: string, user: string) {
  const { rows } = await sql<{ email: string }>`
    select email from "user"
    where lower(email collate "C") = lower(${email}::text collate "C") and purged_at is null and id <> ${user}`.execute(
    transaction,
  );
  return rows[0];
}

/** Sends a mail; if it fails, the job is tried again. A mail that the server refuses for good is only logged. */
async function deliver(
  mailer: Mailer,
  { id, logger, stopping }: JobContext,
  to: string,
  content: MailContent,
): Promise<void> {
  try {
    await mailer.send(id, to, content, stopping);
  } catch (error) {
    if (!(error instanceof MailRefused)) throw error;
    logger.warn({ mail: id, reason: error.message }, 'a mail was refused for good');
  }
}
