import { AsyncLocalStorage } from 'node:async_hooks';
import { AppError, ErrorCode } from '../errors.ts';
import { requestScope } from '../observability/request-scope.ts';
import { timedOut } from './failures.ts';

/** Pieces of work that may wait in a queue: no client of ours sends half as many of one user at once. */
const maximumWaiting = 200;

/** Seconds, in which most of a full queue is done. */
const retryAfter = 1;

/** Starts what waits. */
type Start = () => void;

interface Queue {
  /** How many are under way. */
  running: number;
  readonly waiting: Start[];
}

/**
 * Runs what one user asks for a few at a time, before it takes a connection. Changes go one after another, which most of them
 * would do in any case: they lock the same rows.
 */
export class UserQueues {
  readonly #queues = new Map<string, Queue>();
  readonly #running = new AsyncLocalStorage<string>();

  /** @param atOnce how many of a queue may be under way */
  constructor(private readonly atOnce: number) {}

  /**
   * @param name usually the id of the user; null: the work waits for none
   * @throws AppError RATE_LIMITED where too many wait already, SERVICE_UNAVAILABLE where the time is up before its turn
   */
  async run<Result>(name: string | null, work: () => Promise<Result>): Promise<Result> {
    if (name === null) return work();
    if (this.#running.getStore() === name) throw new Error('This would wait for what it is part of.');
    const queue = this.#queues.get(name) ?? { running: 0, waiting: [] };
    this.#queues.set(name, queue);
    // Who waits takes over the turn of another, which counts on.
    if (queue.running < this.atOnce) queue.running += 1;
    else await waitIn(queue.waiting);
    try {
      return await this.#running.run(name, work);
    } finally {
      this.#passOn(name, queue);
    }
  }

  #passOn(name: string, queue: Queue): void {
    const start = queue.waiting.shift();
    if (start) start();
    else queue.running -= 1;
    if (queue.running === 0) this.#queues.delete(name);
  }
}

/** Resolves when those before it are done. */
function waitIn(waiting: Start[]): Promise<void> {
  if (waiting.length >= maximumWaiting) throw tooManyAtOnce();
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  waiting.push(resolve);
  const scope = requestScope();
  if (scope === undefined) return promise;
  const giveUp = (): void => {
    waiting.splice(waiting.indexOf(resolve), 1);
    reject(timedOut());
  };
  const timer = setTimeout(giveUp, Math.max(0, scope.deadline - performance.now()));
  return promise.finally(() => clearTimeout(timer));
}

function tooManyAtOnce(): AppError {
  const message = 'You are asking for very much at once. Wait until some of it is done.';
  return new AppError(ErrorCode.RATE_LIMITED, message, { retryAfter });
}
