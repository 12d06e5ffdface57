import { AsyncLocalStorage } from 'node:async_hooks';
import { AppError, ErrorCode } from '../../errors.ts';
import { requestScope } from '../../observability/request-scope.ts';
import { timedOut } from '../failures.ts';

/** Operations that may wait in a queue: our clients send less than half as many for one user at once. */
const maximumWaiting = 200;

/** Seconds in which most of a full queue completes. */
const retryAfter = 1;

/** Starts a waiting operation. */
type Start = () => void;

interface Queue {
  /** How many are running. */
  running: number;
  readonly waiting: Start[];
}

/**
 * Limits how many operations of one user run at once, before they take a connection. Changes run one at a time; most would
 * anyway, since they lock the same rows.
 */
export class UserQueues {
  readonly #queues = new Map<string, Queue>();
  readonly #running = new AsyncLocalStorage<string>();

  /** @param atOnce how many of a queue may run at once */
  constructor(private readonly atOnce: number) {}

  /**
   * @param name usually the user's id; null: run without waiting
   * @throws AppError RATE_LIMITED if too many wait already, SERVICE_UNAVAILABLE if the request's time ends before its turn
   */
  async run<Result>(name: string | null, work: () => Promise<Result>): Promise<Result> {
    if (name === null) return work();
    if (this.#running.getStore() === name)
      throw new Error('Deadlock: this work would wait for the work that called it.');
    const queue = this.#queues.get(name) ?? { running: 0, waiting: [] };
    this.#queues.set(name, queue);
    // A waiting operation takes over the slot of a finished one, so `running` stays the same.
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

/** Resolves when the operations before it are done. */
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
  const message = 'Too many requests at once. Wait until some of them are done.';
  return new AppError(ErrorCode.RATE_LIMITED, message, { retryAfter });
}
