import { sessionEnded } from '../errors.ts';
import type { Client } from '../graphql/server/context.ts';
import type { Viewer } from '../viewer.ts';
import type { LoadViewer } from './sessions/viewers.ts';
import type { AccessTokens } from './tokens/access-tokens.ts';

export type Authenticate = (authorization: readonly string[], client: Client) => Promise<Viewer | null>;

/** Without the header a request is anonymous; with it, the token must be valid. Errors: UNAUTHENTICATED. */
export function createAuthenticate(tokens: AccessTokens, loadViewer: LoadViewer): Authenticate {
  return async (authorization, client) => {
    const [header, ...others] = authorization;
    if (header === undefined) return null;
    // RFC 6750 2.1: the scheme in any case, spaces, one token68. Anything else, such as a second header, is invalid.
    const token = others.length === 0 ? /^bearer +([\w.~+/-]+=*)$/i.exec(header)?.[1] : undefined;
    const claims = token === undefined ? null : tokens.verify(token);
    const viewer = claims && (await loadViewer(claims, client));
    if (viewer === null) throw sessionEnded();
    return viewer;
  };
}
