import bcrypt from 'bcrypt';
import pLimit from 'p-limit';
import { AppError, ErrorCode } from '../../errors.ts';

/** bcrypt ignores what follows: a longer password is refused where it is chosen, and matches nothing where it is tried. */
export const maximumPasswordBytes = 72;
export const minimumPasswordBytes = 8;

/** Hashes that may wait for their turn. Two are done in some 0.4 s at cost 12: more would wait longer than they may. */
const maximumWaiting = 200;

/** Milliseconds that a hash may wait for its turn. */
const longestWait = 5_000;

/**
 * Hashes and compares passwords, in a time that does not tell whether there is a hash to compare with, and a few at once: the
 * threads that it takes also look up names and files.
 */
export class Passwords {
  readonly #turns: ReturnType<typeof pLimit>;
  #common: Promise<ReadonlySet<string>> | undefined;

  /** @param cost bcrypt's: the work doubles with each step @param atOnce hashes that may be computed at the same time */
  constructor(
    private readonly cost: number,
    atOnce: number,
  ) {
    this.#turns = pLimit(atOnce);
  }

  /**
   * Runs `work`, which hashes or compares one password, when its turn comes; the counting of the try belongs into it.
   * @throws AppError SERVICE_UNAVAILABLE while too many others wait
   */
  inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    if (this.#turns.pendingCount >= maximumWaiting) return Promise.reject(tooBusy());
    const since = performance.now();
    return this.#turns(() => (performance.now() - since > longestWait ? Promise.reject(tooBusy()) : work()));
  }

  /** To be called in turn. */
  hash(password: string): Promise<string> {
    return bcrypt.hash(password, this.cost);
  }

  /** To be called in turn. @param hash null where there is no account: the same work is done, and nothing matches */
  async matches(password: string, hash: string | null): Promise<boolean> {
    const isEqual = await bcrypt.compare(password, hash ?? hashOfNothing(this.cost));
    if (isEqual && hash !== null && Buffer.byteLength(password) <= maximumPasswordBytes) return true;
    if (hash !== null) await this.#makeUpFor(bcrypt.getRounds(hash));
    return false;
  }

  /** Whether a hash is cheaper to guess against than a new one would be. */
  isOutdated(hash: string): boolean {
    return bcrypt.getRounds(hash) < this.cost;
  }

  /** Whether leaks hold it often, in any case. The list takes 10 MB and 50 ms: it is loaded for the first sign-up. */
  async isCommon(password: string): Promise<boolean> {
    this.#common ??= import('@zxcvbn-ts/language-common').then(
      ({ dictionary }) => new Set(dictionary['passwords-common']),
    );
    return (await this.#common).has(password.toLowerCase());
  }

  /**
   * Does the rest of a comparison at the full cost, or the time would tell of an old account. Each step doubles the work, so
   * c, c, c + 1, … up to the step before the last are the last.
   */
  async #makeUpFor(cheaper: number): Promise<void> {
    for (let cost = cheaper; cost < this.cost; cost++) await bcrypt.compare('', hashOfNothing(cost));
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
