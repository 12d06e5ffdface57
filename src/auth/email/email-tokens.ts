import { createHash, createHmac, hkdfSync } from 'node:crypto';
import { sql } from 'kysely';
import type { Transaction } from '../../database/database.ts';
import type { ServiceDatabase } from '../../database/service-database.ts';
import { AppError, ErrorCode } from '../../errors.ts';
import type { JobContext } from '../../jobs/job.ts';
import { EmailTokenKind } from './email-token.entity.ts';

/** Seconds. */
const lifetimes: Readonly<Record<EmailTokenKind, number>> = {
  [EmailTokenKind.RESET_PASSWORD]: 30 * 60,
  [EmailTokenKind.VERIFY_EMAIL]: 24 * 3_600,
  [EmailTokenKind.CHANGE_EMAIL]: 24 * 3_600,
};

/** Live tokens of a user and kind at most. */
const maximumLive = 5;

/** Days in which a job may issue its token. For as long, rows of tokens that are over are kept: no job issues one twice. */
export const daysToIssue = 1;

/** Identifies a token, also for programs that scan for leaked secrets. */
const prefix = 'tqm_';

/**
 * Makes the tokens of mails. A token is derived from the id of its job by HMAC: if the job has to send its mail again, it is the
 * same mail with the same token, although no token is stored.
 */
export class EmailTokens {
  readonly #keys: readonly Buffer[];

  /** @param secret also signs access tokens @param previousSecret may have made the token of a mail that is sent again */
  constructor(secret: string, previousSecret: string | null) {
    const secrets = previousSecret === null ? [secret] : [secret, previousSecret];
    this.#keys = secrets.map((each) => Buffer.from(hkdfSync('sha256', each, '', 'todoql e-mail token', 32)));
  }

  /**
   * Stores the token of a job, valid from the first call on. Call it with the user's row locked.
   * @param email empty: the token is to be mailed to nobody
   * @returns null if it is over, or was issued for another address; if tokens ended since the job was enqueued, or it is too old;
   *   and if the user has the maximum of live ones: those were mailed as well, and stay valid. Of kinds that only the owner can
   *   ask for, the oldest one ends instead.
   */
  async issue(
    transaction: Transaction,
    job: Pick<JobContext, 'id' | 'enqueuedAt' | 'logger'>,
    { userId, kind, email }: { readonly userId: string; readonly kind: EmailTokenKind; readonly email: string },
  ): Promise<string | null> {
    const tokens = this.#keys.map(
      (key) => prefix + createHmac('sha256', key).update(`${kind} ${userId} ${job.id}`).digest('base64url'),
    );
    const [token = ''] = tokens;
    const { rows } = await sql<Issued>`
      select email_token.email as "issuedFor", hash, ${isLive} as "isLive", ended_at is null
          and (expires_at <= now() or ${job.enqueuedAt} <= now() - ${daysToIssue} * interval '1 day') as "isTooLate"
      from "user" left join email_token on user_id = "user".id and email_token.id = ${job.id}
      where "user".id = ${userId} and (email_tokens_ended_at < ${job.enqueuedAt} or email_tokens_ended_at is null)`.execute(
      transaction,
    );
    const [found] = rows;
    if (found?.isTooLate) job.logger.warn({ mail: job.id }, 'a mail was not sent, because its link would be too old');
    if (!found || found.isTooLate) return null;
    if (found.hash !== null) {
      if (!found.isLive || found.issuedFor !== email) return null;
      const same = tokens.find((each) => hashOf(each) === found.hash);
      if (same !== undefined) return same;
      // The secret was replaced: the link in this mail works, and one that was mailed before does not.
      await sql`update email_token set hash = ${hashOf(token)} where user_id = ${userId} and id = ${job.id}`.execute(
        transaction,
      );
      return token;
    }
    if (kind !== EmailTokenKind.RESET_PASSWORD) await endOldest(transaction, userId, kind);
    const { rows: issued } = await sql`
      insert into email_token (user_id, id, kind, hash, email, expires_at)
      select ${userId}, ${job.id}, ${kind}, ${hashOf(token)}, ${email}, now() + ${lifetimes[kind]} * interval '1 second'
      where (select count(*) from email_token where user_id = ${userId} and kind = ${kind} and ${isLive}) < ${maximumLive}
      returning id`.execute(transaction);
    return issued.length > 0 ? token : null;
  }
}

/** What is known of the token of a job; the hash is null if it was not issued. */
interface Issued {
  readonly issuedFor: string;
  readonly hash: string | null;
  readonly isLive: boolean;
  /** Its user waits for it in vain: the mail server was away for longer than the link works. */
  readonly isTooLate: boolean;
}

const isLive = sql<boolean>`(email_token.ended_at is null and email_token.expires_at > now())`;

/** Leaves room for one more. */
async function endOldest(transaction: Transaction, userId: string, kind: EmailTokenKind): Promise<void> {
  await sql`
    update email_token set ended_at = now() where user_id = ${userId} and id in (
      select id from email_token where user_id = ${userId} and kind = ${kind} and ${isLive}
      order by expires_at desc offset ${maximumLive - 1})`.execute(transaction);
}

/** What a token stands for. */
export interface TokenOwner {
  readonly userId: string;
  /** The address that the token was mailed to. */
  readonly email: string;
}

/** Whom a live token belongs to. Does not use it. Errors: INVALID_CREDENTIALS. */
export async function findTokenOwner(
  serviceDatabase: ServiceDatabase,
  kind: EmailTokenKind,
  token: string,
): Promise<TokenOwner> {
  const [owner] = await serviceDatabase.read(
    'owner of an e-mail token',
    (values) =>
      serviceDatabase.kysely
        .selectFrom('email_token')
        .where('hash', '=', values.hash)
        .where('kind', '=', values.kind)
        .where(isLive)
        .select(['user_id as userId', 'email']),
    { hash: hashOf(token), kind },
  );
  if (!owner) throw tokenRefused();
  return owner;
}

/** Uses a token, and with it all of its kind; locks the user's row. Errors: INVALID_CREDENTIALS. */
export async function useToken(
  transaction: Transaction,
  { userId }: TokenOwner,
  kind: EmailTokenKind,
  token: string,
): Promise<void> {
  const account = await sql`
    select from "user" where id = ${userId} and purged_at is null and disabled_at is null for no key update`.execute(
    transaction,
  );
  const { rows: ended } = await sql<{ hash: string }>`
    update email_token set ended_at = now() where user_id = ${userId} and kind = ${kind} and ${isLive}
    returning hash`.execute(transaction);
  const wasLive = ended.some(({ hash }) => hash === hashOf(token));
  // Throwing rolls back: whoever uses a token twice ends no other.
  if (account.rows.length === 0 || !wasLive) throw tokenRefused();
}

/**
 * Ends all tokens of a user, also those that jobs would issue: after a change of the password or the address. Call it with the
 * user's row locked: what was asked for before the lock was there is then older than the time that is stored.
 */
export async function endTokens(transaction: Transaction, userId: string): Promise<void> {
  await sql`delete from email_token where user_id = ${userId}`.execute(transaction);
  await sql`update "user" set email_tokens_ended_at = clock_timestamp() where id = ${userId}`.execute(transaction);
}

function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('base64url');
}

export function tokenRefused(): AppError {
  const message = 'This link is no longer valid: it was used already, or it is too old. Ask for a new one.';
  return new AppError(ErrorCode.INVALID_CREDENTIALS, message);
}
