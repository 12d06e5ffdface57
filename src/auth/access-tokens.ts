import { createSecretKey, type KeyObject } from 'node:crypto';
import jwt from 'jsonwebtoken';
import { LRUCache } from 'lru-cache';
import { validate as isUuid } from 'uuid';

/** What a valid access token says: which session of which user. Whether they still exist, only the database knows. */
export interface AccessClaims {
  readonly userId: string;
  readonly sessionId: string;
}

// RFC 8725 3.1 and 3.8: one algorithm, and who made the token for whom, so that no token made for something else fits.
const algorithm = 'HS256';
const issuer = 'todoql';
const audience = 'todoql';

interface Verified extends AccessClaims {
  /** Seconds since 1970. */
  readonly expiresAt: number;
}

/** Tokens that are remembered; at some 500 bytes each, 5 MB. */
const maximumRemembered = 10_000;

export class AccessTokens {
  readonly #signingKey: KeyObject;
  readonly #keys: readonly KeyObject[];
  /** What was verified stays so until it expires: the signature is not computed again, a tenth of a small read. */
  readonly #remembered = new LRUCache<string, Verified>({ max: maximumRemembered });

  /** @param previousSecret still verifies, so that changing the secret logs no one out */
  constructor(secret: string, previousSecret: string | null) {
    this.#signingKey = keyOf(secret);
    this.#keys = previousSecret === null ? [this.#signingKey] : [this.#signingKey, keyOf(previousSecret)];
  }

  /** @param expiresIn seconds */
  issue(user: { id: string; email: string }, sessionId: string, expiresIn: number): string {
    return jwt.sign({ email: user.email, sid: sessionId }, this.#signingKey, {
      algorithm,
      issuer,
      audience,
      subject: user.id,
      expiresIn,
    });
  }

  /** @returns null for anything but an unexpired token of ours */
  verify(token: string): AccessClaims | null {
    const verified = this.#remembered.get(token) ?? this.#verifyAnew(token);
    return verified && verified.expiresAt > Date.now() / 1_000 ? verified : null;
  }

  #verifyAnew(token: string): Verified | null {
    const verified = this.#keys.map((key) => verifyWith(key, token)).find((each) => each !== null) ?? null;
    if (verified) this.#remembered.set(token, verified);
    return verified;
  }
}

function keyOf(secret: string): KeyObject {
  return createSecretKey(Buffer.from(secret));
}

function verifyWith(key: KeyObject, token: string): Verified | null {
  try {
    const claims = jwt.verify(token, key, { algorithms: [algorithm], issuer, audience });
    return typeof claims === 'string' ? null : readClaims(claims);
  } catch {
    return null;
  }
}

/** jsonwebtoken takes a token without exp for one that never expires, and any JSON for sub. */
function readClaims({ sub, sid, exp }: jwt.JwtPayload): Verified | null {
  const isComplete = typeof exp === 'number' && isUuid(sub) && isUuid(sid);
  return isComplete ? { userId: sub as string, sessionId: sid as string, expiresAt: exp } : null;
}
