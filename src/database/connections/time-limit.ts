import type { PoolClient } from 'pg';
import { outsideRequests, requestScope } from '../../observability/request-scope.ts';
import { timedOut } from '../failures.ts';

/** Milliseconds that a statement may run past its request's deadline. The request fails within eleven seconds. */
const grace = 500;

/** Milliseconds by which a timeout may be late: one timer serves all waits, since one each cost more. */
const accuracy = 100;

/** A wait for the database, as its timeout sees it. */
export interface Wait {
  isOver: boolean;
  /** The connection that is waited on. */
  client: PoolClient | null;
}

interface Pending extends Wait {
  /** As performance.now() counts. */
  readonly end: number;
  readonly reject: (error: Error) => void;
}

/** Past its deadline a request starts no more statements. @throws AppError SERVICE_UNAVAILABLE */
export function requireTimeLeft(): void {
  const scope = requestScope();
  if (scope !== undefined && performance.now() > scope.deadline) throw timedOut();
}

/** Milliseconds that the running code may wait: what is left of its request, or `otherwise` outside a request. */
export function timeLeft(otherwise: number): number {
  const scope = requestScope();
  return scope === undefined ? otherwise : Math.max(0, scope.deadline + grace - performance.now());
}

/** Rejects after `milliseconds`, and closes the connection that `work` waits on: lost packets raise no error. */
export function withTimeout<Result>(milliseconds: number, work: (wait: Wait) => Promise<Result>): Promise<Result> {
  const { promise, resolve, reject } = Promise.withResolvers<Result>();
  const wait: Pending = { isOver: false, client: null, end: performance.now() + milliseconds, reject };
  pending.add(wait);
  if (!isWatching) watch();
  // Nothing else awaits this promise: stack traces continue only from one await to the next.
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
