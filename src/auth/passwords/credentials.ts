import { setTimeout } from 'node:timers/promises';
import { sql } from 'kysely';
import type { Transaction } from '../../database/database.ts';
import type { ServiceDatabase } from '../../database/service-database.ts';
import { AppError, ErrorCode } from '../../errors.ts';
import type { Client } from '../../graphql/server/context.ts';
import type { Viewer } from '../../viewer.ts';
import type { AuthServices } from '../auth-services.ts';
import { SecurityEventKind } from '../events/security-event.entity.ts';
import { logEvent, recordFailedLogIn } from '../events/security-events.ts';
import { networkOf } from '../throttling/networks.ts';
import { giveBack, logInBudgets, requireUnspent, takeUndecided, UndecidedTries } from '../throttling/throttles.ts';

export interface Account extends Omit<Viewer, 'sessionId'> {
  /** The hash that the password matched: where it is another by now, so is the password. */
  readonly passwordHash: string;
}

/** Days for which an address that logged in to an account is not counted among its strangers. */
const knownDays = 30;

/**
 * Finds the account of an address and a password. Neither the answer nor its time tells whether there is such an account: the
 * statements and the work are the same. Errors: INVALID_CREDENTIALS, RATE_LIMITED, SERVICE_UNAVAILABLE.
 * @param how whether the account's owner asks, logged in; and the message where the address is known to be right
 */
export async function requirePassword(
  { serviceDatabase, passwords, perNetwork, logger }: AuthServices,
  client: Client,
  { email, password }: { readonly email: string; readonly password: string },
  { isOwner = false, refusal = 'The e-mail address or the password is not right.' } = {},
): Promise<Account> {
  const network = networkOf(client.address);
  const account = await findByEmail(serviceDatabase, email, network);
  const { own, shared } = logInBudgets(email, network, isOwner || (account?.isKnown ?? false));
  const budgets = [own, ...shared];
  await requireUnspent(serviceDatabase, budgets);
  const compare = async () => {
    const tries = await takeUndecided(serviceDatabase, budgets);
    return { tries, isMatch: await passwords.matches(password, account?.passwordHash ?? null) };
  };
  const { tries, isMatch } = await perNetwork.run(client, () => onceDecided(() => passwords.inTurn(compare)));
  if (account && isMatch) {
    await giveBack(serviceDatabase, tries, own);
    return account;
  }
  await recordFailedLogIn(serviceDatabase, account?.id ?? null, client, tries);
  logEvent(logger, SecurityEventKind.LOGIN_FAILED, account?.id ?? null, client);
  throw new AppError(ErrorCode.INVALID_CREDENTIALS, refusal);
}

/** Milliseconds for which a try waits for others that may be given back, and between two looks at them. */
const [longestWait, pause] = [5_000, 100];

/** Waits, holding nothing that others need, for tries that are undecided. Errors: SERVICE_UNAVAILABLE. */
export async function onceDecided<Result>(attempt: () => Promise<Result>): Promise<Result> {
  // From when it first found them in its way, however long its turn took to come.
  for (let since: number | undefined; ; await setTimeout(pause)) {
    try {
      return await attempt();
    } catch (error) {
      since ??= performance.now();
      if (!(error instanceof UndecidedTries) || performance.now() - since > longestWait) throw error;
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
        .select(['id', 'email', 'time_zone as timeZone', 'password_hash as passwordHash', 'created_at as createdAt'])
        .select([hasOldDueKeys, isKnown(values.network).as('isKnown')]),
    { email, network },
  );
  return row;
}

/** See Viewer. */
export const hasOldDueKeys = sql<boolean>`"user".due_keys_up_to is not null`.as('hasOldDueKeys');

/** Whether the user has logged in from there lately. */
function isKnown(network: string) {
  const { LOGIN, SIGNUP } = SecurityEventKind;
  return sql<boolean>`exists (
    select from security_event where user_id = "user".id and network = ${network}
      and kind in (${sql.lit(LOGIN)}, ${sql.lit(SIGNUP)}) and at > now() - ${sql.lit(knownDays)} * interval '1 day')`;
}

/** Locks the user's row. @returns whether the account is there, its password hash still the one that was compared with */
export async function lockAccount(transaction: Transaction, { id, passwordHash }: Account): Promise<boolean> {
  const { rows } = await sql`
    select from "user" where id = ${id} and password_hash = ${passwordHash} for no key update`.execute(transaction);
  return rows.length > 0;
}

export function passwordChanged(): AppError {
  return new AppError(ErrorCode.INVALID_CREDENTIALS, 'The password was changed a moment ago.');
}

export async function setPasswordHash(transaction: Transaction, userId: string, hash: string): Promise<void> {
  await sql`update "user" set password_hash = ${hash} where id = ${userId}`.execute(transaction);
}
