import type { PoolClient } from 'pg';
import { outsideRequests, requestScope } from '../../observability/request-scope.ts';
import { timedOut } from '../failures.ts';

/** Milliseconds that what a request started in time may go on after its deadline: it is refused within twelve seconds. */
const grace = 500;

/** Milliseconds by which a wait may be given up late: one timer looks at all of them, since one for each cost more. */
const accuracy = 100;

/** What a wait for the database is given up by. */
export interface Wait {
  isOver: boolean;
  /** The connection whose answer is waited for. */
  client: PoolClient | null;
}

interface Pending extends Wait {
  /** As performance.now() counts. */
  readonly end: number;
  readonly reject: (error: Error) => void;
}

/** A request whose time is up starts nothing more, however many fields it still has. @throws AppError SERVICE_UNAVAILABLE */
export function requireTime(): void {
  const scope = requestScope();
  if (scope !== undefined && performance.now() > scope.deadline) throw timedOut();
}

/** Milliseconds that the running code may wait: what is left of its request, or `otherwise` where it belongs to none. */
export function timeLeft(otherwise: number): number {
  const scope = requestScope();
  return scope === undefined ? otherwise : Math.max(0, scope.deadline + grace - performance.now());
}

/** Rejects when the time is over, and ends the connection that `work` waits on: packets may vanish without a word. */
export function withinTime<Result>(milliseconds: number, work: (wait: Wait) => Promise<Result>): Promise<Result> {
  const { promise, resolve, reject } = Promise.withResolvers<Result>();
  const wait: Pending = { isOver: false, client: null, end: performance.now() + milliseconds, reject };
  pending.add(wait);
  if (!isWatching) watch();
  // Nothing else hangs on the promise: the stacks of errors go on only where one awaits another.
  settled(wait, work).then(resolve, reject);
  return promise;
}

async function settled<Result>(wait: Pending, work: (wait: Wait) => Promise<Result>): Promise<Result> {
  try {
    return await work(wait);
  } finally {
    pending.delete(wait);
  }
}

const pending = new Set<Pending>();
let isWatching = false;

function watch(): void {
  isWatching = true;
  outsideRequests(() => setTimeout(giveUpOverdue, accuracy).unref());
}

function giveUpOverdue(): void {
  isWatching = false;
  const now = performance.now();
  for (const wait of pending) {
    if (wait.end > now) continue;
    pending.delete(wait);
    wait.isOver = true;
    wait.reject(noAnswer());
    wait.client?.connection.stream.destroy();
  }
  if (pending.size > 0) watch();
}

function noAnswer(): Error {
  return Object.assign(new Error('The database did not answer in time.'), { code: 'ETIMEDOUT' });
}
