import { sessionEnded } from '../errors.ts';
import type { Client } from '../graphql/server/context.ts';
import type { Viewer } from '../viewer.ts';
import type { LoadViewer } from './sessions/viewers.ts';
import type { AccessTokens } from './tokens/access-tokens.ts';

export type Authenticate = (authorization: readonly string[], client: Client) => Promise<Viewer | null>;

/** A way to authenticate: the viewer of a bearer token; null if this is not a valid token of its kind. */
export type FindViewer = (token: string, client: Client) => Promise<Viewer | null>;

/**
 * Without the header a request is anonymous; with it, the token must be valid, and the account not disabled. Errors: UNAUTHENTICATED.
 * @param ways tried one after the other
 */
export function createAuthenticate(ways: readonly FindViewer[]): Authenticate {
  return async (authorization, client) => {
    const [header, ...others] = authorization;
    if (header === undefined) return null;
    // RFC 6750 2.1: the scheme in any case, spaces, one token68. Anything else, such as a second header, is invalid.
    const token = others.length === 0 ? /^bearer +([\w.~+/-]+=*)$/i.exec(header)?.[1] : undefined;
    for (const findViewer of ways) {
      const viewer = token === undefined ? null : await findViewer(token, client);
      if (viewer === null) continue;
      // Checked here, for every way.
      if (viewer.isDisabled) break;
      return viewer;
    }
    throw sessionEnded();
  };
}

/** Finds viewers by the access tokens that this service issues. */
export function byAccessToken(tokens: AccessTokens, loadViewer: LoadViewer): FindViewer {
  return async (token, client) => {
    const claims = tokens.verify(token);
    const viewer = claims && (await loadViewer(claims, client));
    return viewer && { ...viewer, authenticatedUntil: claims.expiresAt };
  };
}
