import bcrypt from 'bcrypt';
import pLimit from 'p-limit';
import { AppError, ErrorCode } from '../errors.ts';

/**
 * bcrypt reads 72 bytes and ignores the rest, so a longer password is refused where one is chosen, and matches nothing
 * where one is tried.
 */
export const maximumPasswordBytes = 72;
export const minimumPasswordBytes = 8;

/** Hashes that may wait for their turn. Two are done in some 0.4 s at cost 12: more would wait longer than they may. */
const maximumWaiting = 200;

/** Milliseconds that a hash may wait for its turn; a person who waits longer than that tries again anyway. */
const longestWait = 5_000;

/**
 * Hashes passwords, and compares them in a time that does not tell whether there is anything to compare with. As many at
 * once as leave the rest of the program its threads: every look-up of a name and every file goes through the same few.
 */
export class Passwords {
  readonly #cost: number;
  readonly #turns: ReturnType<typeof pLimit>;
  #common: Promise<ReadonlySet<string>> | undefined;

  /**
   * @param cost bcrypt's: the work doubles with each step
   * @param atOnce how many hashes may be computed at the same time
   */
  constructor(cost: number, atOnce: number) {
    this.#cost = cost;
    this.#turns = pLimit(atOnce);
  }

  /**
   * Runs `work`, which hashes or compares one password, when its turn comes. What goes before it, such as counting the
   * try, belongs into it: whatever is refused here was no try.
   * @throws AppError SERVICE_UNAVAILABLE while too many others wait
   */
  inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    if (this.#turns.pendingCount >= maximumWaiting) return Promise.reject(tooBusy());
    const since = performance.now();
    return this.#turns(() => (performance.now() - since > longestWait ? Promise.reject(tooBusy()) : work()));
  }

  /** To be called in turn, where there may be others. */
  hash(password: string): Promise<string> {
    return bcrypt.hash(password, this.#cost);
  }

  /**
   * To be called in turn, where there may be others.
   * @param hash null where there is no account: the same work is done, and nothing matches
   */
  async matches(password: string, hash: string | null): Promise<boolean> {
    const isEqual = await bcrypt.compare(password, hash ?? hashOfNothing(this.#cost));
    if (isEqual && hash !== null && Buffer.byteLength(password) <= maximumPasswordBytes) return true;
    if (hash !== null) await this.#makeUpFor(bcrypt.getRounds(hash));
    return false;
  }

  /** Whether a hash is cheaper to guess against than a new one would be. */
  isOutdated(hash: string): boolean {
    return bcrypt.getRounds(hash) < this.#cost;
  }

  /**
   * Whether it is one of the 49,000 that leaks hold most often, in any case. The list takes some ten megabytes and fifty
   * milliseconds, which a server that nobody signs up at is spared.
   */
  async isCommon(password: string): Promise<boolean> {
    this.#common ??= import('@zxcvbn-ts/language-common').then(
      ({ dictionary }) => new Set(dictionary['passwords-common']),
    );
    return (await this.#common).has(password.toLowerCase());
  }

  /**
   * Does what a comparison at the full cost has on top of one that was cheaper, or the time would tell that there is an
   * account, and an old one: each step doubles the work, so c, c, c + 1, … up to the step before the last are the last.
   */
  async #makeUpFor(cheaper: number): Promise<void> {
    for (let cost = cheaper; cost < this.#cost; cost++) await bcrypt.compare('', hashOfNothing(cost));
  }
}

/** Well-formed, and the hash of no known password. */
function hashOfNothing(cost: number): string {
  return `$2b$${String(cost).padStart(2, '0')}$${'.'.repeat(53)}`;
}

function tooBusy(): AppError {
  const message = 'Very many people are logging in right now. Try again in a few seconds.';
  return new AppError(ErrorCode.SERVICE_UNAVAILABLE, message, { retryAfter: longestWait / 1_000 });
}
