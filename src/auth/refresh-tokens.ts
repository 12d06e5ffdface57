import { createHash, createHmac, hkdfSync, randomBytes } from 'node:crypto';
import type { Client } from '../graphql/context.ts';
import { networkOf } from './networks.ts';

/** Tells a refresh token from any other, also to programs that look for secrets where they should not be. */
const prefix = 'tqr_';

/** 256 bits, out of reach of guessing: a token can be stored as a plain SHA-256. */
const tokenBytes = 32;

/**
 * Makes refresh tokens. The first of a session is random; each next one is an HMAC of the one before, so that whoever
 * asks twice with the same token is given the same next one, although no token is kept.
 */
export class RefreshTokens {
  readonly #keys: readonly Buffer[];

  /**
   * @param secret also signs access tokens; what is derived of it here fits nothing else
   * @param previousSecret may have made the token that is asked for again
   */
  constructor(secret: string, previousSecret: string | null) {
    this.#keys = [secret, ...(previousSecret === null ? [] : [previousSecret])].map(deriveKey);
  }

  first(): string {
    return prefix + randomBytes(tokenBytes).toString('base64url');
  }

  next(token: string): string {
    return this.possibleNext(token)[0] ?? '';
  }

  /** What `next` answers now, and what it may have answered before the secret was changed. */
  possibleNext(token: string): readonly string[] {
    return this.#keys.map((key) => prefix + createHmac('sha256', key).update(token).digest('base64url'));
  }
}

function deriveKey(secret: string): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, '', 'todoql refresh token', tokenBytes));
}

export function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('base64url');
}

/** Tells whether two requests come from the same client, as far as a server can see: place and program. */
export function clientKeyOf({ address, userAgent }: Client): string {
  return hashOf(JSON.stringify([networkOf(address), userAgent]));
}
