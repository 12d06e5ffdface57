import type { User } from '../users/user.entity.ts';
import type { Doors } from './doors.ts';

/** A user with the session that was opened or kept open, so that its tokens can be made. */
export type SessionUser = Pick<User, 'id' | 'email' | 'timeZone'> & {
  readonly createdAt: Date | string;
  readonly sessionId: string;
};

/** An open session and the tokens that name it. */
export interface SignedIn {
  readonly accessToken: string;
  /** Seconds that the access token is good for. */
  readonly expiresIn: number;
  readonly refreshToken: string;
  readonly user: SessionUser;
}

/**
 * @param remaining seconds that the session can live at most from now on: no token outlives it
 */
export function signedIn(
  { accessTokens, lifetimes }: Doors,
  user: SessionUser,
  refreshToken: string,
  remaining = lifetimes.session,
): SignedIn {
  const expiresIn = Math.max(1, Math.min(lifetimes.accessToken, Math.floor(remaining)));
  return { accessToken: accessTokens.issue(user, user.sessionId, expiresIn), expiresIn, refreshToken, user };
}
