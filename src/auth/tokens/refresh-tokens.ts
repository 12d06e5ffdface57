import { createHash, createHmac, hkdfSync, randomBytes } from 'node:crypto';
import type { Client } from '../../graphql/server/context.ts';
import { networkOf } from '../throttling/networks.ts';

/** Tells a refresh token from any other, also to programs that look for secrets where they should not be. */
const prefix = 'tqr_';

/** 256 bits, out of reach of guessing: a token can be stored as a plain SHA-256. */
const secretBytes = 32;

/** 128 bits that all tokens of a session begin with, so that a used token is known for one although it is not kept. */
const familyBytes = 16;

const familyLength = Math.ceil((familyBytes * 4) / 3);

/**
 * Makes refresh tokens. The secret of each next one is an HMAC of the token before: who asks twice with the same token gets
 * the same next one, although no token is kept.
 */
export class RefreshTokens {
  readonly #keys: readonly Buffer[];

  /** @param secret also signs access tokens @param previousSecret may have made the token that is asked for again */
  constructor(secret: string, previousSecret: string | null) {
    const secrets = previousSecret === null ? [secret] : [secret, previousSecret];
    this.#keys = secrets.map((each) => Buffer.from(hkdfSync('sha256', each, '', 'todoql refresh token', secretBytes)));
  }

  first(): string {
    return prefix + randomBytes(familyBytes).toString('base64url') + randomBytes(secretBytes).toString('base64url');
  }

  next(token: string): string {
    return this.possibleNext(token)[0] ?? '';
  }

  /** What `next` answers now, and what it may have answered before the secret was changed. */
  possibleNext(token: string): readonly string[] {
    const secrets = this.#keys.map((key) => createHmac('sha256', key).update(token).digest('base64url'));
    return secrets.map((secret) => token.slice(0, prefix.length + familyLength) + secret);
  }
}

/** The hash of what all tokens of one session have in common. */
export function familyOf(token: string): string {
  return hashOf(token.slice(0, prefix.length + familyLength));
}

export function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('base64url');
}

/** Tells whether two requests come from the same client, as far as a server can see: place and program. */
export function clientKeyOf({ address, userAgent }: Client): string {
  return hashOf(JSON.stringify([networkOf(address), userAgent]));
}
