import { createHash, createHmac, hkdfSync, randomBytes } from 'node:crypto';
import type { Client } from '../../graphql/server/context.ts';
import { networkOf } from '../../graphql/server/networks.ts';

/** Identifies a refresh token, also for programs that scan for leaked secrets. */
const prefix = 'tqr_';

/** 256 bits cannot be guessed: a plain SHA-256 of the token can be stored. */
const secretBytes = 32;

/** All tokens of a session share a prefix of 128 bits: it identifies a used token although that is not stored. */
const familyBytes = 16;

const familyLength = Math.ceil((familyBytes * 4) / 3);

/**
 * Creates refresh tokens. Each token is derived from the one before by HMAC: a client that repeats an exchange gets the same
 * token again, although no token is stored.
 */
export class RefreshTokens {
  readonly #keys: readonly Buffer[];

  /** @param secret also signs access tokens @param previousSecret may have created the token that a retry asks for */
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

  /** What `next` returns now, and what it returned before the secret was changed. */
  possibleNext(token: string): readonly string[] {
    const secrets = this.#keys.map((key) => createHmac('sha256', key).update(token).digest('base64url'));
    return secrets.map((secret) => token.slice(0, prefix.length + familyLength) + secret);
  }
}

/** The hash of the prefix that all tokens of one session share. */
export function familyOf(token: string): string {
  return hashOf(token.slice(0, prefix.length + familyLength));
}

export function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('base64url');
}

/** Identifies a client as far as a server can: by network and User-Agent. */
export function clientFingerprintOf({ address, userAgent }: Client): string {
  return hashOf(JSON.stringify([networkOf(address), userAgent]));
}
