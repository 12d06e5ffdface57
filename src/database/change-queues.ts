import { AsyncLocalStorage } from 'node:async_hooks';
import { AppError, ErrorCode } from '../errors.ts';
import { requestScope } from '../observability/request-scope.ts';
import { tookTooLong } from './failures.ts';

/** Changes that may wait in a queue: no client of ours sends half as many of one user at once. */
const maximumWaiting = 200;

/** Seconds, in which most of a full queue is done. */
const retryAfter = 1;

/** Starts a waiting change. */
type Start = () => void;

/**
 * Runs the changes of a user one after another. They lock the same rows, so that most of them would wait in any case: for
 * a lock, while each holds a connection that others need. Here they wait before they take one. A queue with no change
 * under way takes no memory.
 */
export class ChangeQueues {
  /** An entry for each queue with a change under way: those that wait for it to end. */
  readonly #queues = new Map<string, Start[]>();
  readonly #running = new AsyncLocalStorage<string>();

  /**
   * @param queue usually the id of the user; null: the change waits for none
   * @throws AppError RATE_LIMITED where too many wait already, SERVICE_UNAVAILABLE where the request's time is up before
   *   its turn comes
   */
  async run<Result>(queue: string | null, change: () => Promise<Result>): Promise<Result> {
    if (queue === null) return change();
    if (this.#running.getStore() === queue) throw new Error('A change would wait for the one that it is part of.');
    const waiting = this.#queues.get(queue);
    if (waiting === undefined) this.#queues.set(queue, []);
    else await waitIn(waiting);
    try {
      return await this.#running.run(queue, change);
    } finally {
      this.#startNext(queue);
    }
  }

  #startNext(queue: string): void {
    const start = this.#queues.get(queue)?.shift();
    if (start) start();
    else this.#queues.delete(queue);
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
    reject(tookTooLong());
  };
  const timer = setTimeout(giveUp, Math.max(0, scope.deadline - performance.now()));
  return promise.finally(() => clearTimeout(timer));
}

function tooManyAtOnce(): AppError {
  const message = 'You are making very many changes at once. Wait until some of them are done.';
  return new AppError(ErrorCode.RATE_LIMITED, message, { retryAfter });
}
