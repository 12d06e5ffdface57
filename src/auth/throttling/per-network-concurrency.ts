import { AppError, ErrorCode } from '../../errors.ts';
import type { Client } from '../../graphql/server/context.ts';
import { networkOf } from './networks.ts';

/** Hashes of one network that may be under way or wait at a time: an office that begins its day, and nobody's whole queue. */
const maximum = 20;

/** Keeps one network from filling the queue in which all log-ins wait. */
export class PerNetworkConcurrency {
  readonly #running = new Map<string, number>();

  /** @throws AppError SERVICE_UNAVAILABLE at once where the network has its share already */
  async run<Result>({ address }: Client, work: () => Promise<Result>): Promise<Result> {
    const network = networkOf(address);
    const running = this.#running.get(network) ?? 0;
    if (running >= maximum) {
      const message = 'Many people are logging in from where you are. Try again in a few seconds.';
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
