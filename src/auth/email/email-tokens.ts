import { createHash, createHmac, hkdfSync } from 'node:crypto';
import { sql } from 'kysely';
import type { Transaction } from '../../database/database.ts';
import type { ServiceDatabase } from '../../database/service-database.ts';
import { AppError, ErrorCode } from '../../errors.ts';
import { EmailTokenKind } from './email-token.entity.ts';

/** Seconds. */
const lifetimes: Readonly<Record<EmailTokenKind, number>> = {
  [EmailTokenKind.RESET_PASSWORD]: 30 * 60,
  [EmailTokenKind.VERIFY_EMAIL]: 24 * 3_600,
  [EmailTokenKind.CHANGE_EMAIL]: 24 * 3_600,
};

/** Live tokens of a user and kind at most. */
const maximumLive = 5;

/** Identifies a token, also for programs that scan for leaked secrets. */
const prefix = 'tqm_';

/**
 * Makes the tokens of mails. A token is derived from the id of its job by HMAC: if the job has to send its mail again, it is the
 * same mail with the same token, although no token is stored.
 */
export class EmailTokens {
  readonly #key: Buffer;

  /** @param secret also signs access tokens */
  constructor(secret: string) {
    this.#key = Buffer.from(hkdfSync('sha256', secret, '', 'todoql e-mail token', 32));
  }

  /**
   * Stores the token of a job, valid from now on. Call it with the user's row locked.
   * @returns null if the user has the maximum of live ones: those were mailed as well, and stay valid. Of kinds that only the
   *   owner can ask for, the oldest one ends instead.
   */
  async issue(
    transaction: Transaction,
    job: { readonly id: string },
    { userId, kind, email }: { readonly userId: string; readonly kind: EmailTokenKind; readonly email: string },
  ): Promise<string | null> {
    const token = prefix + createHmac('sha256', this.#key).update(`${kind} ${userId} ${job.id}`).digest('base64url');
    if (kind !== EmailTokenKind.RESET_PASSWORD) await endOldest(transaction, userId, kind);
    const { rows } = await sql`
      insert into email_token (user_id, id, kind, hash, email, expires_at)
      select ${userId}, ${job.id}, ${kind}, ${hashOf(token)}, ${email}, now() + ${lifetimes[kind]} * interval '1 second'
      where (
        select count(*) from email_token
        where user_id = ${userId} and kind = ${kind} and expires_at > now() and id <> ${job.id}
      ) < ${maximumLive}
      on conflict (user_id, id) do update set hash = excluded.hash, email = excluded.email, expires_at = excluded.expires_at
      returning id`.execute(transaction);
    return rows.length > 0 ? token : null;
  }
}

/** Leaves room for one more. */
async function endOldest(transaction: Transaction, userId: string, kind: EmailTokenKind): Promise<void> {
  await sql`
    delete from email_token where user_id = ${userId} and id in (
      select id from email_token where user_id = ${userId} and kind = ${kind}
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
        .where('expires_at', '>', sql<Date>`now()`)
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
  const { rows: ended } = await sql<{ hash: string; isLive: boolean }>`
    delete from email_token where user_id = ${userId} and kind = ${kind}
    returning hash, expires_at > now() as "isLive"`.execute(transaction);
  const isLive = ended.some(({ hash, isLive }) => isLive && hash === hashOf(token));
  // Throwing rolls back: whoever uses a token twice ends no other.
  if (account.rows.length === 0 || !isLive) throw tokenRefused();
}

/** Ends all tokens of a user: after a change of the password or the address. */
export async function endTokens(transaction: Transaction, userId: string): Promise<void> {
  await sql`delete from email_token where user_id = ${userId}`.execute(transaction);
}

function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('base64url');
}

function tokenRefused(): AppError {
  const message = 'This link is no longer valid: it was used already, or it is too old. Ask for a new one.';
  return new AppError(ErrorCode.INVALID_CREDENTIALS, message);
}
