import type { Viewer } from '../viewer.ts';
import type { AuthServices } from './auth-services.ts';

export interface IssuedTokens {
  readonly accessToken: string;
  readonly tokenType: string;
  /** Seconds that the access token is good for. */
  readonly expiresIn: number;
  readonly refreshToken: string;
  readonly user: Viewer;
}

/** @param remaining seconds that the session can live at most from now on: no token outlives it */
export function issueTokens(
  { accessTokens, lifetimes }: AuthServices,
  user: Viewer,
  refreshToken: string,
  remaining = lifetimes.session,
): IssuedTokens {
  const expiresIn = Math.max(1, Math.min(lifetimes.accessToken, Math.floor(remaining)));
  const accessToken = accessTokens.issue(user, user.sessionId, expiresIn);
  return { accessToken, tokenType: 'bearer', expiresIn, refreshToken, user };
}
