import { sql } from 'kysely';
import { endTokens } from '../../auth/email/email-tokens.ts';
import { SecurityEventKind } from '../../auth/events/security-event.entity.ts';
import { recordEvent } from '../../auth/events/security-events.ts';
import { endSessions } from '../../auth/sessions/sessions.ts';
import type { Config } from '../../config.ts';
import type { Transaction } from '../../database/database.ts';
import { withDatabase } from '../command-database.ts';
import { confirm } from '../confirm.ts';
import { type Account, change, findAccount, lockAccount, printable } from './account.ts';

/** Ends the sessions of an account and refuses its log-ins, after asking. @returns the exit code */
export function disableUser(config: Config, name: string, isAgreed: boolean): Promise<number> {
  const warning = (email: string) =>
    `This ends all sessions of ${email}, and nobody can log in to the account until it is enabled.`;
  return changeAccount(config, name, { warning, isAgreed }, async (transaction, { id, email, isDisabled }) => {
    if (isDisabled) return `${email} is already disabled. Nothing was changed.`;
    await sql`update "user" set disabled_at = now() where id = ${id}`.execute(transaction);
    const ended = await endSessions(transaction, id);
    await endTokens(transaction, id);
    await recordEvent(transaction, id, SecurityEventKind.ACCOUNT_DISABLED, null);
    return `Disabled ${email}. Sessions ended: ${ended}.`;
  });
}

/** Lets the owner of a disabled account log in again. @returns the exit code */
export function enableUser(config: Config, name: string): Promise<number> {
  return changeAccount(config, name, null, async (transaction, { id, email, isDisabled }) => {
    if (!isDisabled) return `${email} is not disabled. Nothing was changed.`;
    await sql`update "user" set disabled_at = null where id = ${id}`.execute(transaction);
    await recordEvent(transaction, id, SecurityEventKind.ACCOUNT_ENABLED, null);
    return `Enabled ${email}.`;
  });
}

/** Ends the sessions of an account, after asking. @returns the exit code */
export function endSessionsOf(config: Config, name: string, isAgreed: boolean): Promise<number> {
  const warning = (email: string) => `This ends all sessions of ${email}.`;
  return changeAccount(config, name, { warning, isAgreed }, async (transaction, { id, email }) => {
    const ended = await endSessions(transaction, id);
    if (ended === 0) return `${email} has no sessions. Nothing was changed.`;
    await recordEvent(transaction, id, SecurityEventKind.SESSIONS_ENDED_BY_OPERATOR, null);
    return `Sessions of ${email} ended: ${ended}.`;
  });
}

interface Question {
  readonly warning: (email: string) => string;
  readonly isAgreed: boolean;
}

/** @param work changes the locked account, and returns what to print */
function changeAccount(
  config: Config,
  name: string,
  question: Question | null,
  work: (transaction: Transaction, account: Account) => Promise<string>,
): Promise<number> {
  return withDatabase(config, async (database) => {
    const account = await change(database, (transaction) => findAccount(transaction, name));
    if (question) await confirm(question.warning(printable(account.email)), question.isAgreed);
    const done = await change(database, async (transaction) => {
      const locked = await lockAccount(transaction, account);
      return work(transaction, { ...locked, email: printable(locked.email) });
    });
    console.log(done);
    return 0;
  });
}
