import type { SessionViewer } from '../../viewer.ts';
import type { AuthPayload } from '../auth.payloads.ts';
import type { AuthServices } from '../auth-services.ts';

/** @param remaining seconds until the session must end: no token outlives it */
export function issueTokens(
  { accessTokens, lifetimes }: AuthServices,
  user: SessionViewer,
  refreshToken: string,
  remaining = lifetimes.session,
): AuthPayload {
  const expiresIn = Math.max(1, Math.min(lifetimes.accessToken, Math.floor(remaining)));
  const accessToken = accessTokens.issue(user, expiresIn);
  return { accessToken, tokenType: 'bearer', expiresIn, refreshToken, user };
}
