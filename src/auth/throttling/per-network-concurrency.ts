import { AppError, ErrorCode } from '../../errors.ts';
import type { Client } from '../../graphql/server/context.ts';
import { networkOf } from '../../graphql/server/networks.ts';

/** Hashes of one network that may run or wait at a time: enough for an office in the morning, but not the whole queue. */
const maximum = 20;

/** Keeps one network from filling the queue of all log-ins. */
export class PerNetworkConcurrency {
  readonly #running = new Map<string, number>();

  /** @throws AppError SERVICE_UNAVAILABLE if the network has reached its maximum */
  async run<Result>({ address }: Client, work: () => Promise<Result>): Promise<Result> {
    const network = networkOf(address);
    const running = this.#running.get(network) ?? 0;
    if (running >= maximum) {
      const message = 'Too many people are logging in from your network. Try again in a few seconds.';
      throw new AppError(ErrorCode.SERVICE_UNAVAILABLE, message, { retryAfter: 2 });
    }
    this.#running.set(network, running + 1);
    try {
      return await work();
    } finally {
      const left = (this.#running.get(network) ?? 1) - 1;
      if (left > 0) this.#running.set(network, left);
      else this.#running.delete(network);
    }
  }
}
