import { sessionEnded } from '../errors.ts';
import type { Client } from '../graphql/server/context.ts';
import type { Viewer } from '../viewer.ts';
import type { LoadViewer } from './sessions/viewers.ts';
import type { AccessTokens } from './tokens/access-tokens.ts';

export type Authenticate = (authorization: readonly string[], client: Client) => Promise<Viewer | null>;

/** No header is an anonymous request; a header that is there must be good. Errors: UNAUTHENTICATED. */
export function createAuthenticate(tokens: AccessTokens, loadViewer: LoadViewer): Authenticate {
  return async (authorization, client) => {
    const [header, ...others] = authorization;
    if (header === undefined) return null;
    // RFC 6750 2.1: the scheme in any case, spaces, one token68. Anything else, a second header included, is no credential.
    const token = others.length === 0 ? /^bearer +([\w.~+/-]+=*)$/i.exec(header)?.[1] : undefined;
    const claims = token === undefined ? null : tokens.verify(token);
    const viewer = claims && (await loadViewer(claims, client));
    if (viewer === null) throw sessionEnded();
    return viewer;
  };
}
