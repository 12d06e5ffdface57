import bcrypt from 'bcrypt';
import pLimit from 'p-limit';
import { AppError, ErrorCode } from '../../errors.ts';
import { maximumPasswordBytes } from './password-rules.ts';

/** Hashes that may wait in the queue. At cost 12, two take some 0.4 s: further ones would exceed `longestWait`. */
const maximumWaiting = 200;

/** Milliseconds that a hash may wait in the queue. */
const longestWait = 5_000;

/**
 * Hashes and compares passwords. The time does not show whether there is a hash to compare with. Only a few run at once:
 * bcrypt shares its threads with DNS lookups and file access.
 */
export class Passwords {
  readonly #turns: ReturnType<typeof pLimit>;
  #common: Promise<ReadonlySet<string>> | undefined;

  /** @param cost of bcrypt: each step doubles the work @param atOnce how many may be computed at the same time */
  constructor(
    private readonly cost: number,
    atOnce: number,
  ) {
    this.#turns = pLimit(atOnce);
  }

  /**
   * Queues `work`, which counts an attempt and hashes or compares one password.
   * @throws AppError SERVICE_UNAVAILABLE if too many others wait
   */
  inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    if (this.#turns.pendingCount >= maximumWaiting) return Promise.reject(tooBusy());
    const since = performance.now();
    return this.#turns(() => (performance.now() - since > longestWait ? Promise.reject(tooBusy()) : work()));
  }

  /** Call it within `inTurn`. */
  hash(password: string): Promise<string> {
    return bcrypt.hash(password, this.cost);
  }

  /** Call it within `inTurn`. @param hash null if there is no account: does the same work, and never matches */
  async matches(password: string, hash: string | null): Promise<boolean> {
    const isEqual = await bcrypt.compare(password, hash ?? hashOfNothing(this.cost));
    if (isEqual && hash !== null && Buffer.byteLength(password) <= maximumPasswordBytes) return true;
    if (hash !== null) await this.#makeUpFor(bcrypt.getRounds(hash));
    return false;
  }

  /** Whether a hash has a lower cost than new ones. */
  isOutdated(hash: string): boolean {
    return bcrypt.getRounds(hash) < this.cost;
  }

  /** Whether it is a common leaked password, ignoring case. The list takes 10 MB and 50 ms: the first sign-up loads it. */
  async isCommon(password: string): Promise<boolean> {
    this.#common ??= import('@zxcvbn-ts/language-common').then(
      ({ dictionary }) => new Set(dictionary['passwords-common']),
    );
    return (await this.#common).has(password.toLowerCase());
  }

  /**
   * Does the remaining work of a comparison at full cost; otherwise the time would reveal an old account. Each step doubles
   * the work, so comparisons at c, c, c + 1, …, n - 1 take as long as one at n.
   */
  async #makeUpFor(cheaper: number): Promise<void> {
    for (let cost = cheaper; cost < this.cost; cost++) await bcrypt.compare('', hashOfNothing(cost));
  }
}

/** A well-formed hash of no known password. */
function hashOfNothing(cost: number): string {
  return `$2b$${String(cost).padStart(2, '0')}$${'.'.repeat(53)}`;
}

function tooBusy(): AppError {
  const message = 'Too many people are logging in right now. Try again in a few seconds.';
  return new AppError(ErrorCode.SERVICE_UNAVAILABLE, message, { retryAfter: longestWait / 1_000 });
}
