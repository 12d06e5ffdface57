import { AppError, ErrorCode } from '../errors.ts';
import type { Client } from '../graphql/context.ts';
import { networkOf } from './networks.ts';

/** Hashes of one place that may be under way or wait at a time: an office that begins its day, and nobody's whole queue. */
const maximumOfPlace = 20;

/** Keeps one place from filling the queue in which all log-ins wait, right passwords or not. */
export class FairShares {
  readonly #taken = new Map<string, number>();

  /** @throws AppError SERVICE_UNAVAILABLE at once where the place has its share already */
  async take<Result>({ address }: Client, work: () => Promise<Result>): Promise<Result> {
    const place = networkOf(address);
    const taken = this.#taken.get(place) ?? 0;
    if (taken >= maximumOfPlace) throw tooManyAtOnce();
    this.#taken.set(place, taken + 1);
    try {
      return await work();
    } finally {
      this.#giveBack(place);
    }
  }

  #giveBack(place: string): void {
    const left = (this.#taken.get(place) ?? 1) - 1;
    if (left > 0) this.#taken.set(place, left);
    else this.#taken.delete(place);
  }
}

function tooManyAtOnce(): AppError {
  const message = 'Many people are logging in from where you are. Try again in a few seconds.';
  return new AppError(ErrorCode.SERVICE_UNAVAILABLE, message, { retryAfter: 2 });
}
