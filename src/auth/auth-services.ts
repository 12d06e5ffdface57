import type { ServiceDatabase } from '../database/service-database.ts';
import type { Jobs } from '../jobs/jobs.ts';
import type { Logger } from '../observability/logger.ts';
import type { AccountMail } from './email/account-mail.ts';
import type { Passwords } from './passwords/passwords.ts';
import type { PerNetworkConcurrency } from './throttling/per-network-concurrency.ts';
import type { AccessTokens } from './tokens/access-tokens.ts';
import type { RefreshTokens } from './tokens/refresh-tokens.ts';

export interface AuthServices {
  readonly serviceDatabase: ServiceDatabase;
  readonly accessTokens: AccessTokens;
  readonly refreshTokens: RefreshTokens;
  readonly passwords: Passwords;
  readonly perNetwork: PerNetworkConcurrency;
  readonly lifetimes: Lifetimes;
  /** Whether people may create accounts themselves. */
  readonly signupEnabled: boolean;
  /** Per network. */
  readonly signUpsPerHour: number;
  readonly jobs: Jobs;
  /** null: mail is off. */
  readonly accountMail: AccountMail | null;
  readonly logger: Logger;
}

/** Seconds. */
export interface Lifetimes {
  readonly accessToken: number;
  /** From the issue of a refresh token to its expiry. */
  readonly refreshToken: number;
  /** From log-in to the end of the session, however often it is refreshed. */
  readonly session: number;
}
