import { setTimeout } from 'node:timers/promises';
import { sql } from 'kysely';
import type { Transaction } from '../../database/database.ts';
import type { ServiceDatabase } from '../../database/service-database.ts';
import { AppError, ErrorCode } from '../../errors.ts';
import type { Client } from '../../graphql/server/context.ts';
import { networkOf } from '../../graphql/server/networks.ts';
import { viewerColumns } from '../../users/viewer-columns.ts';
import type { Viewer } from '../../viewer.ts';
import type { AuthServices } from '../auth-services.ts';
import { SecurityEventKind } from '../events/security-event.entity.ts';
import { logEvent, recordEvent, recordFailedLogIn } from '../events/security-events.ts';
import { logInBudgets } from '../throttling/budgets.ts';
import { refundAttempts, requireAttemptsLeft, startAttempt, UndecidedAttempts } from '../throttling/throttles.ts';

export interface Account extends Omit<Viewer, 'sessionId'> {
  /** The hash that the password matched. If it has changed by now, so has the password. */
  readonly passwordHash: string;
}

/** Days for which a network that logged in to an account counts as known to it. */
const knownDays = 30;

/**
 * Finds the account with an e-mail address and password. Neither the answer nor its timing shows whether the account exists:
 * the statements and the work are the same. Errors: INVALID_CREDENTIALS, ACCOUNT_DISABLED, RATE_LIMITED,
 * SERVICE_UNAVAILABLE.
 * @param options whether the owner is asking, logged in; and the message for a wrong password
 */
export async function requirePassword(
  { serviceDatabase, passwords, perNetwork, logger }: AuthServices,
  client: Client,
  { email, password }: { readonly email: string; readonly password: string },
  { isOwner = false, refusal = 'The e-mail address or password is incorrect.' } = {},
): Promise<Account> {
  const network = networkOf(client.address);
  const account = await findByEmail(serviceDatabase, email, network);
  const { own, shared } = logInBudgets(email, network, isOwner || (account?.isKnown ?? false));
  const budgets = [own, ...shared];
  await requireAttemptsLeft(serviceDatabase, budgets);
  const compare = async () => {
    const attempts = await startAttempt(serviceDatabase, budgets);
    return { attempts, isMatch: await passwords.matches(password, account?.passwordHash ?? null) };
  };
  const { attempts, isMatch } = await perNetwork.run(client, () =>
    retryWhileUndecided(() => passwords.inTurn(compare)),
  );
  if (account && isMatch) {
    await refundAttempts(serviceDatabase, attempts, own);
    // Only now: without the password, nobody learns that the account exists.
    if (account.isDisabled) {
      const kind = SecurityEventKind.LOGIN_REFUSED;
      await serviceDatabase.change((transaction) => recordEvent(transaction, account.id, kind, client));
      logEvent(logger, kind, account.id, client);
      throw accountDisabled();
    }
    return account;
  }
  await recordFailedLogIn(serviceDatabase, account?.id ?? null, client, attempts);
  logEvent(logger, SecurityEventKind.LOGIN_FAILED, account?.id ?? null, client);
  throw new AppError(ErrorCode.INVALID_CREDENTIALS, refusal);
}

/** Milliseconds for which an attempt waits for undecided ones, and the interval of its retries. */
const [longestWait, pause] = [5_000, 100];

/** Retries while undecided attempts are in the way; meanwhile it holds no slot. Errors: SERVICE_UNAVAILABLE. */
export async function retryWhileUndecided<Result>(attempt: () => Promise<Result>): Promise<Result> {
  // Measured from the first conflict, not from when it was queued.
  for (let since: number | undefined; ; await setTimeout(pause)) {
    try {
      return await attempt();
    } catch (error) {
      since ??= performance.now();
      if (!(error instanceof UndecidedAttempts) || performance.now() - since > longestWait) throw error;
    }
  }
}

async function findByEmail(serviceDatabase: ServiceDatabase, email: string, network: string) {
  const [row] = await serviceDatabase.read(
    'user by e-mail',
    (values) =>
      serviceDatabase.kysely
        .selectFrom('user')
        .where(sql`lower(email collate "C")`, '=', sql`lower(${values.email}::text collate "C")`)
        .where('purged_at', 'is', null)
        .select(viewerColumns(serviceDatabase.metadata))
        .select(['password_hash as passwordHash', isKnown(values.network).as('isKnown')]),
    { email, network },
  );
  return row;
}

/** Whether the user has recently logged in from the network. */
function isKnown(network: string) {
  const { LOGIN, SIGNUP } = SecurityEventKind;
  return sql<boolean>`exists (
    select from security_event where user_id = "user".id and network = ${network}
      and kind in (${sql.lit(LOGIN)}, ${sql.lit(SIGNUP)}) and at > now() - ${sql.lit(knownDays)} * interval '1 day')`;
}

/** Locks the user's row. @returns whether the account is there, not disabled, and its password hash still the one compared */
export async function lockAccount(transaction: Transaction, { id, passwordHash }: Account): Promise<boolean> {
  const { rows } = await sql`
    select from "user" where id = ${id} and password_hash = ${passwordHash} and disabled_at is null
    for no key update`.execute(transaction);
  return rows.length > 0;
}

function accountDisabled(): AppError {
  const message = 'This account is disabled. Ask the operator of this server to enable it.';
  return new AppError(ErrorCode.ACCOUNT_DISABLED, message);
}

export function passwordChanged(): AppError {
  return new AppError(
    ErrorCode.INVALID_CREDENTIALS,
    'The password was changed, or the account disabled, a moment ago.',
  );
}

export async function setPasswordHash(transaction: Transaction, userId: string, hash: string): Promise<void> {
  await sql`update "user" set password_hash = ${hash} where id = ${userId}`.execute(transaction);
}
