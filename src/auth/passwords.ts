import bcrypt from 'bcrypt';

/**
 * bcrypt reads 72 bytes and ignores the rest, so a longer password is refused where one is chosen, and matches nothing
 * where one is tried.
 */
export const maximumPasswordBytes = 72;
export const minimumPasswordBytes = 8;

/** Hashes passwords, and compares them in a time that does not tell whether there is anything to compare with. */
export class Passwords {
  readonly #cost: number;
  readonly #hashOfNothing: string;

  /** @param cost bcrypt's: the work doubles with each step */
  constructor(cost: number) {
    this.#cost = cost;
    // Well-formed, and the hash of no known password.
    this.#hashOfNothing = `$2b$${String(cost).padStart(2, '0')}$${'.'.repeat(53)}`;
  }

  hash(password: string): Promise<string> {
    return bcrypt.hash(password, this.#cost);
  }

  /** @param hash null where there is no account: the same work is done, and nothing matches */
  async matches(password: string, hash: string | null): Promise<boolean> {
    const isEqual = await bcrypt.compare(password, hash ?? this.#hashOfNothing);
    return isEqual && hash !== null && Buffer.byteLength(password) <= maximumPasswordBytes;
  }
}
