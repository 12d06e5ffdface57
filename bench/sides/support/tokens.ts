import { createSecretKey, type KeyObject } from 'node:crypto';
import jwt from 'jsonwebtoken';

/** Which session of which user a token names. */
export interface Claims {
  readonly userId: string;
  readonly sessionId: string;
}

// As todoql has them (src/auth/tokens/access-tokens.ts).
const algorithm = 'HS256';
const [issuer, audience] = ['todoql', 'todoql'];
export const lifetime = 7 * 86_400;

/** Verifies and signs as todoql does. A KeyObject, because from a string the key would be made anew each time. */
export class Tokens {
  readonly #key: KeyObject;

  constructor(secret: string) {
    this.#key = createSecretKey(Buffer.from(secret));
  }

  sign(user: { id: string; email: string }, sessionId: string): string {
    const claims = { email: user.email, sid: sessionId };
    return jwt.sign(claims, this.#key, { algorithm, issuer, audience, subject: user.id, expiresIn: lifetime });
  }

  /** @returns null for a header that is missing or not good */
  verify(authorization: string | undefined): Claims | null {
    if (!authorization?.startsWith('Bearer ')) return null;
    try {
      const claims = jwt.verify(authorization.slice(7), this.#key, { algorithms: [algorithm], issuer, audience });
      return typeof claims === 'string' ? null : { userId: claims.sub ?? '', sessionId: String(claims.sid) };
    } catch {
      return null;
    }
  }
}
