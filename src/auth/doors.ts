import type { Database } from '../database/database.ts';
import type { Logger } from '../observability/logger.ts';
import type { AccessTokens } from './access-tokens.ts';
import type { FairShares } from './fair-shares.ts';
import type { Passwords } from './passwords.ts';
import type { RefreshTokens } from './refresh-tokens.ts';
import type { Lifetimes } from './sessions.ts';

/** What the ways into an account, and out of it, need. */
export interface Doors {
  readonly database: Database;
  readonly accessTokens: AccessTokens;
  readonly refreshTokens: RefreshTokens;
  readonly passwords: Passwords;
  readonly shares: FairShares;
  readonly lifetimes: Lifetimes;
  /** From one place. */
  readonly signUpsPerHour: number;
  readonly logger: Logger;
}
