import { createSecretKey, type KeyObject } from 'node:crypto';
import jwt from 'jsonwebtoken';
import { LRUCache } from 'lru-cache';
import { validate as isUuid } from 'uuid';
import type { Viewer } from '../../viewer.ts';

/** What a valid access token says: which session of which user. Whether they still exist, only the database knows. */
export interface AccessClaims {
  readonly userId: string;
  readonly sessionId: string;
}

// RFC 8725 3.1 and 3.8: one algorithm, and who made the token for whom, so that no token made for something else fits.
const algorithm = 'HS256';
const issuer = 'todoql';
const audience = 'todoql';

/** `expiresAt` in seconds since 1970. */
type Verified = AccessClaims & { readonly expiresAt: number };

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
  issue({ id, email, sessionId }: Viewer, expiresIn: number): string {
    const options = { algorithm, issuer, audience, subject: id, expiresIn } as const;
    return jwt.sign({ email, sid: sessionId }, this.#signingKey, options);
  }

  /** @returns null for anything but an unexpired token of ours */
  verify(token: string): AccessClaims | null {
    const remembered = this.#remembered.get(token);
    const verified = remembered ?? this.#keys.map((key) => verifyWith(key, token)).find((each) => each !== null);
    if (verified && !remembered) this.#remembered.set(token, verified);
    return verified && verified.expiresAt > Date.now() / 1_000 ? verified : null;
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
