import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import type { Database, Transaction } from '../database/database.ts';
import { AppError, ErrorCode } from '../errors.ts';
import { outsideRequests } from '../observability/request-scope.ts';

/** How often something may be tried before its window is over. */
export interface Budget {
  /** What is counted; two budgets with one key are one. */
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
 * @param isKnown whether the account was logged in to from there lately: then what strangers guess from elsewhere does
 *   not count against its owner
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
  await sql`delete from throttle where key = ${key} or (key > ${`${key} `} and key < ${`${key}!`})`.execute(
    transaction,
  );
}

/** Compared as the database compares addresses; hashed, so that the table names nobody who has no account. */
function accountKey(email: string): string {
  const folded = email.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase());
  return `log-in to ${createHash('sha256').update(folded).digest('base64url')}`;
}

/**
 * Takes one try from every budget, or none where one of them is spent. In PostgreSQL, so that all instances count
 * together, and by its clock; before the try itself, so that as many at once as there are get no more than one by one.
 * @throws AppError RATE_LIMITED with the seconds until the last of the spent budgets is there again
 */
export async function spend(database: Database, budgets: readonly Budget[]): Promise<void> {
  // Looked at first: whoever goes on after the last try costs a read, and nobody has to wait for a row.
  requireRest(await look(database, budgets), budgets, 1);
  await database.change(null, async (_em, transaction) => {
    // Throwing undoes all of the counting: what is refused takes nothing from the others.
    requireRest(await count(transaction, budgets), budgets, 0);
  });
}

/** @param tries that are still to be counted. Errors: RATE_LIMITED. */
function requireRest(counted: readonly Counted[], budgets: readonly Budget[], tries: number): void {
  const limits = new Map(budgets.map((budget) => [budget.key, budget.tries]));
  const spent = counted.filter(({ key, count: made }) => made + tries > (limits.get(key) ?? 0));
  if (spent.length > 0) throw tooManyTries(Math.max(...spent.map(({ retryAfter }) => retryAfter)));
}

function look(database: Database, budgets: readonly Budget[]): Promise<readonly Counted[]> {
  return database.read(
    'budgets',
    (values) => ({
      compile: () =>
        sql<Counted>`
          select key, count, ${secondsLeft} as "retryAfter" from throttle
          where key = any(${values.keys}::text[]) and ends_at > now()`.compile(database.build),
    }),
    { keys: budgets.map(({ key }) => key) },
  );
}

const secondsLeft = sql`greatest(1, ceil(extract(epoch from ends_at - now())))::int`;

interface Counted {
  readonly key: string;
  readonly count: number;
  readonly retryAfter: number;
}

async function count(transaction: Transaction, budgets: readonly Budget[]): Promise<readonly Counted[]> {
  const keys = budgets.map(({ key }) => key);
  const windows = budgets.map(({ window }) => window);
  // In the order of the keys, as all who lock several of them do.
  const { rows } = await sql<Counted>`
    insert into throttle (key, count, ends_at)
    select key, 1, now() + seconds * interval '1 second'
    from unnest(${keys}::text[], ${windows}::int[]) as asked(key, seconds) order by key collate "C"
    on conflict (key) do update set
      count = case when throttle.ends_at > now() then throttle.count + 1 else 1 end,
      ends_at = case when throttle.ends_at > now() then throttle.ends_at else excluded.ends_at end
    returning key, count, ${secondsLeft} as "retryAfter"`.execute(transaction);
  return rows;
}

/** Gives a try back that was not a failure after all. @param cleared budgets that start anew */
export async function giveBack(
  database: Database,
  budgets: readonly Budget[],
  cleared: readonly Budget[] = [],
): Promise<void> {
  const keys = [...budgets, ...cleared].map(({ key }) => key);
  const clearedKeys = cleared.map(({ key }) => key);
  // Also where the request's own time is up.
  await outsideRequests(() => reduceCounts(database, keys, clearedKeys));
}

async function reduceCounts(
  database: Database,
  keys: readonly string[],
  clearedKeys: readonly string[],
): Promise<void> {
  await database.write(
    null,
    'give tries back',
    (values) => ({
      compile: () =>
        sql`
          update throttle
          set count = case when throttle.key = any(${values.clearedKeys}::text[]) then 0 else greatest(throttle.count - 1, 0) end
          from (select key from throttle where key = any(${values.keys}::text[]) order by key for update) mine
          where throttle.key = mine.key`.compile(database.build),
    }),
    { keys, clearedKeys },
  );
}

function tooManyTries(retryAfter: number): AppError {
  const minutes = Math.ceil(retryAfter / 60);
  const wait = minutes === 1 ? 'a minute' : `${minutes} minutes`;
  return new AppError(ErrorCode.RATE_LIMITED, `Too many attempts. Try again in ${wait}.`, { retryAfter });
}
