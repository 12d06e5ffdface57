import { createHash } from 'node:crypto';
import { type RawBuilder, sql } from 'kysely';
import type { Transaction } from '../../database/database.ts';
import { isHeldUp } from '../../database/failures.ts';
import type { ServiceDatabase } from '../../database/service-database.ts';
import { AppError, ErrorCode } from '../../errors.ts';
import { outsideRequests } from '../../observability/request-scope.ts';

/** How often something may be tried before its window is over; two budgets with one key are one. */
export interface Budget {
  readonly key: string;
  readonly tries: number;
  /** Seconds that a window lasts, from the first try in it. */
  readonly window: number;
}

const logInWindow = 15 * 60;

/** What a try at a password takes from. */
export interface LogInBudgets {
  /** Of this account from this place: a log-in starts it anew. */
  readonly own: Budget;
  /** What strangers share: a log-in only gives its own try back. */
  readonly shared: readonly Budget[];
}

/**
 * Budgets of failed log-ins in 15 minutes.
 * @param isKnown from a network that has logged in lately: what strangers try elsewhere does not count against it
 */
export function logInBudgets(email: string, network: string, isKnown: boolean): LogInBudgets {
  const account = accountKey(email);
  const fromNetwork = { key: `log-in from ${network}`, tries: 100, window: logInWindow };
  const ofAccount = { key: account, tries: 50, window: logInWindow };
  return {
    own: { key: `${account} from ${network}`, tries: 10, window: logInWindow },
    shared: isKnown ? [fromNetwork] : [fromNetwork, ofAccount],
  };
}

export function signUpBudget(network: string, perHour: number): Budget {
  return { key: `sign-up from ${network}`, tries: perHour, window: 3_600 };
}

/** Forgets what was counted of an account. */
export async function forgetTries(transaction: Transaction, email: string): Promise<void> {
  const key = accountKey(email);
  // The account alone, and from each place: what begins with it and a space.
  const mine = sql`key = ${key} or (key > ${`${key} `} and key < ${`${key}!`})`;
  // In the order of the keys, as all who lock several of them do.
  await sql`
    delete from throttle
    where key = any(array(select key from throttle where ${mine} order by key for update))`.execute(transaction);
}

/** Compared as the database compares addresses; hashed, so that the table names nobody who has no account. */
function accountKey(email: string): string {
  const folded = email.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase());
  return `log-in to ${createHash('sha256').update(folded).digest('base64url')}`;
}

/** How long a try may be undecided, in seconds: comparing takes under one, and writing what came of it ten at most. */
const longestUndecided = 15;

/** A try that was taken from a budget. */
export interface Try {
  readonly key: string;
  /** The window that it was taken in. */
  readonly endsAt: string;
}

/** Milliseconds to wait for a row while others wait for the turn. Who changes one needs a few of them. */
const longestLock = 100;

interface Counted {
  readonly key: string;
  /** Tries that are known to have failed. */
  readonly failed: number;
  /** Seconds until the window is over. */
  readonly retryAfter: number;
}

/** Thrown where tries that are still undecided leave none, or are being settled: it is worth waiting, out of turn. */
export class UndecidedTries extends AppError {
  constructor() {
    const message = `Many are logging in at once. Try again in ${longestUndecided} seconds.`;
    super(ErrorCode.SERVICE_UNAVAILABLE, message, { retryAfter: longestUndecided });
  }
}

/** Refuses a client whose failures have spent a budget: with one read, which waits for no lock. Errors: RATE_LIMITED. */
export async function requireUnspent(serviceDatabase: ServiceDatabase, budgets: readonly Budget[]): Promise<void> {
  const counted = await serviceDatabase.read(
    'budgets',
    (values) => ({
      compile: () =>
        sql<Counted>`
          select key, count - case when decided_by > now() then undecided else 0 end as failed,
            ${secondsLeft} as "retryAfter"
          from throttle where key = any(${values.keys}::text[]) and ends_at > now()`.compile(serviceDatabase.kysely),
    }),
    { keys: budgets.map(({ key }) => key) },
  );
  refuseSpent(counted, budgets);
}

/** Takes one try from every budget, which counts whatever comes of it. Otherwise as `takeUndecided`. */
export async function spend(serviceDatabase: ServiceDatabase, budgets: readonly Budget[]): Promise<void> {
  await serviceDatabase.change((transaction) => count(transaction, budgets, 0));
}

/**
 * Takes one try from every budget, or none where one is spent, before the try itself; in PostgreSQL, so that all instances
 * count together. To be settled as soon as its outcome is known.
 * @throws AppError RATE_LIMITED where failures have spent a budget; UndecidedTries where others may have
 */
export function takeUndecided(serviceDatabase: ServiceDatabase, budgets: readonly Budget[]): Promise<readonly Try[]> {
  return serviceDatabase.change((transaction) => count(transaction, budgets, 1));
}

/** Throwing undoes all of the counting: what is refused takes nothing from the other budgets. */
async function count(transaction: Transaction, budgets: readonly Budget[], undecided: 0 | 1): Promise<readonly Try[]> {
  const keys = budgets.map(({ key }) => key);
  const windows = budgets.map(({ window }) => window);
  await sql`set local lock_timeout = ${sql.lit(longestLock)}`.execute(transaction);
  // In the order of the keys, as all who lock several of them do.
  const counting = sql<Counted & Try & { count: number }>`
    insert into throttle (key, count, undecided, decided_by, ends_at)
    select key, 1, ${undecided}::int, now() + ${longestUndecided} * interval '1 second', now() + seconds * interval '1 second'
    from unnest(${keys}::text[], ${windows}::int[]) as asked(key, seconds) order by key collate "C"
    on conflict (key) do update set
      count = case when throttle.ends_at > now() then throttle.count + 1 else 1 end,
      undecided = excluded.undecided
        + case when throttle.ends_at > now() and throttle.decided_by > now() then throttle.undecided else 0 end,
      decided_by = excluded.decided_by,
      ends_at = case when throttle.ends_at > now() then throttle.ends_at else excluded.ends_at end
    returning key, count, count - greatest(undecided, 1) as failed, ends_at::text as "endsAt", ${secondsLeft} as "retryAfter"`;
  const { rows } = await counting.execute(transaction).catch((error: unknown) => {
    throw isHeldUp(error) ? new UndecidedTries() : error;
  });
  refuseSpent(rows, budgets);
  if (rows.some(({ key, count: made }) => made > limitOf(key, budgets))) throw new UndecidedTries();
  return rows;
}

/** Errors: RATE_LIMITED. */
function refuseSpent(counted: readonly Counted[], budgets: readonly Budget[]): void {
  const spent = counted.filter(({ key, failed }) => failed >= limitOf(key, budgets));
  if (spent.length > 0) throw tooManyTries(Math.max(...spent.map(({ retryAfter }) => retryAfter)));
}

function limitOf(key: string, budgets: readonly Budget[]): number {
  return budgets.find((budget) => budget.key === key)?.tries ?? 0;
}

const secondsLeft = sql`greatest(1, ceil(extract(epoch from ends_at - now())))::int`;

/** Leaves tries counted, now as failures. */
export async function keepTries(transaction: Transaction, tries: readonly Try[]): Promise<void> {
  await settle(transaction, tries, sql`throttle.count`);
}

/** Gives tries back that were none after all. @param cleared a budget whose failures are forgotten */
export async function giveBack(
  serviceDatabase: ServiceDatabase,
  tries: readonly Try[],
  cleared: Budget,
): Promise<void> {
  const remaining = sql`case when throttle.key = ${cleared.key} then ${otherUndecided} else greatest(throttle.count - 1, 0) end`;
  // Also where the request's own time is up.
  await outsideRequests(() => serviceDatabase.change((transaction) => settle(transaction, tries, remaining)));
}

/** In the windows that they were taken in: a window that is over counts no more. */
async function settle(transaction: Transaction, tries: readonly Try[], count: RawBuilder<unknown>): Promise<void> {
  const keys = tries.map(({ key }) => key);
  const ends = tries.map(({ endsAt }) => endsAt);
  await sql`
    update throttle set count = ${count}, undecided = ${otherUndecided}
    from (
      select key from throttle
      where (key, ends_at) in (select * from unnest(${keys}::text[], ${ends}::timestamptz[])) order by key for update
    ) mine
    where throttle.key = mine.key`.execute(transaction);
}

const otherUndecided = sql`greatest(throttle.undecided - 1, 0)`;

function tooManyTries(retryAfter: number): AppError {
  const wait = retryAfter <= 60 ? 'a minute' : `${Math.ceil(retryAfter / 60)} minutes`;
  return new AppError(ErrorCode.RATE_LIMITED, `Too many attempts. Try again in ${wait}.`, { retryAfter });
}
