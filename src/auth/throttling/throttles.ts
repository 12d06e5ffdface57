import { type RawBuilder, sql } from 'kysely';
import type { Transaction } from '../../database/database.ts';
import { isLockTimeout } from '../../database/failures.ts';
import type { ServiceDatabase } from '../../database/service-database.ts';
import { AppError, ErrorCode } from '../../errors.ts';
import { outsideRequests } from '../../observability/request-scope.ts';
import { accountKey, type Budget } from './budgets.ts';

/** Deletes the counters of an account. */
export async function clearAttempts(transaction: Transaction, email: string): Promise<void> {
  const key = accountKey(email);
  // The account's own key, and one for each network: the account's key, a space and the network.
  const mine = sql`key = ${key} or (key > ${`${key} `} and key < ${`${key}!`})`;
  // In the order of the keys, as everywhere, against deadlocks.
  await sql`
    delete from throttle
    where key = any(array(select key from throttle where ${mine} order by key for update))`.execute(transaction);
}

/** Seconds for which an attempt may stay undecided: comparing takes less than one, recording the outcome at most ten. */
const longestUndecided = 15;

/** An attempt that was counted against a budget. */
export interface Attempt {
  readonly key: string;
  /** The window that it was counted in. */
  readonly endsAt: string;
}

/** Milliseconds to wait for a row, while holding a slot in the queue. A change takes a few milliseconds. */
const longestLock = 100;

interface Counted {
  readonly key: string;
  /** Attempts that are known to have failed. */
  readonly failed: number;
  /** Seconds until the window ends. */
  readonly retryAfter: number;
}

/** Thrown if undecided attempts use up a budget, or their rows are locked: worth retrying, outside the queue. */
export class UndecidedAttempts extends AppError {
  constructor() {
    const message = `Too many log-ins at once. Try again in ${longestUndecided} seconds.`;
    super(ErrorCode.SERVICE_UNAVAILABLE, message, { retryAfter: longestUndecided });
  }
}

/** Rejects a client whose failures have used up a budget, by one read that waits for no lock. Errors: RATE_LIMITED. */
export async function requireAttemptsLeft(serviceDatabase: ServiceDatabase, budgets: readonly Budget[]): Promise<void> {
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
  rejectSpent(counted, budgets);
}

/** Counts an attempt that will not be refunded. Otherwise like `startAttempt`. */
export async function countAttempt(serviceDatabase: ServiceDatabase, budgets: readonly Budget[]): Promise<void> {
  await serviceDatabase.change((transaction) => count(transaction, budgets, 0));
}

/** Counts an attempt as part of a change. @returns false if the budget is used up: then nothing is counted or thrown */
export async function countIfLeft(transaction: Transaction, { key, attempts, window }: Budget): Promise<boolean> {
  const { rows } = await sql`
    insert into throttle (key, count, ends_at) values (${key}, 1, now() + ${window} * interval '1 second')
    on conflict (key) do update set
      count = case when throttle.ends_at > now() then throttle.count + 1 else 1 end,
      ends_at = case when throttle.ends_at > now() then throttle.ends_at else excluded.ends_at end
    where throttle.ends_at <= now() or throttle.count < ${attempts}
    returning key`.execute(transaction);
  return rows.length > 0;
}

/**
 * Counts an undecided attempt against every budget, or against none if one is used up, before the attempt itself. Counted in
 * PostgreSQL, for all instances together. Call `failAttempts` or `refundAttempts` once the outcome is known.
 * @throws AppError RATE_LIMITED if failures have used up a budget; UndecidedAttempts if undecided attempts may have
 */
export function startAttempt(
  serviceDatabase: ServiceDatabase,
  budgets: readonly Budget[],
): Promise<readonly Attempt[]> {
  return serviceDatabase.change((transaction) => count(transaction, budgets, 1));
}

/** Throwing rolls back all of the counting: a rejected attempt counts against no budget. */
async function count(
  transaction: Transaction,
  budgets: readonly Budget[],
  undecided: 0 | 1,
): Promise<readonly Attempt[]> {
  const keys = budgets.map(({ key }) => key);
  const windows = budgets.map(({ window }) => window);
  await sql`set local lock_timeout = ${sql.lit(longestLock)}`.execute(transaction);
  // In the order of the keys, as everywhere, against deadlocks.
  const counting = sql<Counted & Attempt & { count: number }>`
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
    throw isLockTimeout(error) ? new UndecidedAttempts() : error;
  });
  rejectSpent(rows, budgets);
  if (rows.some(({ key, count: made }) => made > limitOf(key, budgets))) throw new UndecidedAttempts();
  return rows;
}

/** Errors: RATE_LIMITED. */
function rejectSpent(counted: readonly Counted[], budgets: readonly Budget[]): void {
  const spent = counted.filter(({ key, failed }) => failed >= limitOf(key, budgets));
  if (spent.length > 0) throw tooManyAttempts(Math.max(...spent.map(({ retryAfter }) => retryAfter)));
}

function limitOf(key: string, budgets: readonly Budget[]): number {
  return budgets.find((budget) => budget.key === key)?.attempts ?? 0;
}

const secondsLeft = sql`greatest(1, ceil(extract(epoch from ends_at - now())))::int`;

/** Counts attempts as failed. */
export async function failAttempts(transaction: Transaction, attempts: readonly Attempt[]): Promise<void> {
  await settle(transaction, attempts, sql`throttle.count`);
}

/** Refunds successful attempts. @param cleared a budget whose failures are reset */
export async function refundAttempts(
  serviceDatabase: ServiceDatabase,
  attempts: readonly Attempt[],
  cleared: Budget,
): Promise<void> {
  const remaining = sql`case when throttle.key = ${cleared.key} then ${otherUndecided} else greatest(throttle.count - 1, 0) end`;
  // Even after the request's deadline.
  await outsideRequests(() => serviceDatabase.change((transaction) => settle(transaction, attempts, remaining)));
}

/** Only in the windows that the attempts were counted in. */
async function settle(
  transaction: Transaction,
  attempts: readonly Attempt[],
  count: RawBuilder<unknown>,
): Promise<void> {
  const keys = attempts.map(({ key }) => key);
  const ends = attempts.map(({ endsAt }) => endsAt);
  await sql`
    update throttle set count = ${count}, undecided = ${otherUndecided}
    from (
      select key from throttle
      where (key, ends_at) in (select * from unnest(${keys}::text[], ${ends}::timestamptz[])) order by key for update
    ) mine
    where throttle.key = mine.key`.execute(transaction);
}

const otherUndecided = sql`greatest(throttle.undecided - 1, 0)`;

function tooManyAttempts(retryAfter: number): AppError {
  const wait = retryAfter <= 60 ? 'a minute' : `${Math.ceil(retryAfter / 60)} minutes`;
  return new AppError(ErrorCode.RATE_LIMITED, `Too many attempts. Try again in ${wait}.`, { retryAfter });
}
