import { createSecretKey, type KeyObject } from 'node:crypto';
import jwt from 'jsonwebtoken';
import { LRUCache } from 'lru-cache';
import { validate as isUuid } from 'uuid';
import { productName } from '../../product-name.ts';
import type { SessionViewer } from '../../viewer.ts';

/** The claims of a valid access token. Whether the user and the session still exist is up to the database. */
export interface AccessClaims {
  readonly userId: string;
  readonly sessionId: string;
  /** In seconds since 1970. */
  readonly expiresAt: number;
}

// RFC 8725 3.1 and 3.8: one algorithm, and an issuer and audience, so that tokens made for other purposes are rejected.
const algorithm = 'HS256';
const issuer = productName;
const audience = productName;

/** Verified tokens that are cached; at some 500 bytes each, 5 MB. */
const maximumRemembered = 10_000;

export class AccessTokens {
  readonly #signingKey: KeyObject;
  readonly #keys: readonly KeyObject[];
  /** Verified tokens: computing the signature again would take a tenth of a small read. */
  readonly #remembered = new LRUCache<string, AccessClaims>({ max: maximumRemembered });

  /** @param previousSecret still verifies tokens, so that changing the secret logs nobody out */
  constructor(secret: string, previousSecret: string | null) {
    this.#signingKey = keyOf(secret);
    this.#keys = previousSecret === null ? [this.#signingKey] : [this.#signingKey, keyOf(previousSecret)];
  }

  /** @param expiresIn seconds */
  issue({ id, email, sessionId }: SessionViewer, expiresIn: number): string {
    const options = { algorithm, issuer, audience, subject: id, expiresIn } as const;
    return jwt.sign({ email, sid: sessionId }, this.#signingKey, options);
  }

  /** @returns null unless it is an unexpired token of this service */
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

function verifyWith(key: KeyObject, token: string): AccessClaims | null {
  try {
    const claims = jwt.verify(token, key, { algorithms: [algorithm], issuer, audience });
    return typeof claims === 'string' ? null : readClaims(claims);
  } catch {
    return null;
  }
}

/** jsonwebtoken accepts a token without exp as one that never expires, and any JSON as sub. */
function readClaims({ sub, sid, exp }: jwt.JwtPayload): AccessClaims | null {
  const isComplete = typeof exp === 'number' && isUuid(sub) && isUuid(sid);
  return isComplete ? { userId: sub as string, sessionId: sid as string, expiresAt: exp } : null;
}
