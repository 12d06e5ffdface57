import { sessionEnded } from '../errors.ts';
import type { Client } from '../graphql/context.ts';
import type { Viewer } from '../viewer.ts';
import type { AccessTokens } from './access-tokens.ts';
import type { LoadViewer } from './viewers.ts';

/** Finds out who sends a request, from all the Authorization headers that it carries. */
export type Authenticate = (authorization: readonly string[], client: Client) => Promise<Viewer | null>;

/** One way to authenticate: the viewer for credentials of its scheme, null for credentials that are not good. */
interface Scheme {
  /** Lower case; RFC 9110 11.1: a scheme's case does not matter. */
  readonly name: string;
  verify(credentials: string, client: Client): Promise<Viewer | null>;
}

/**
 * No header is an anonymous request; a header that is there must be good.
 * @returns a function that throws UNAUTHENTICATED for a header that is malformed or names nobody, and
 *   SERVICE_UNAVAILABLE while the database is away
 */
export function createAuthenticate(tokens: AccessTokens, loadViewer: LoadViewer): Authenticate {
  const schemes: readonly Scheme[] = [bearerToken(tokens, loadViewer)];
  return async (authorization, client) => {
    if (authorization.length === 0) return null;
    const [name, credentials] = parseHeader(authorization);
    const scheme = schemes.find((known) => known.name === name);
    const viewer = scheme && credentials ? await scheme.verify(credentials, client) : null;
    if (viewer === null) throw sessionEnded();
    return viewer;
  };
}

function bearerToken(tokens: AccessTokens, loadViewer: LoadViewer): Scheme {
  return {
    name: 'bearer',
    async verify(token, client) {
      const claims = tokens.verify(token);
      return claims && loadViewer(claims, client);
    },
  };
}

/** RFC 6750 2.1: one scheme, spaces, one token68. Anything else, a second header included, is no credential. */
function parseHeader(authorization: readonly string[]): readonly (string | undefined)[] {
  const match = authorization.length === 1 ? /^(\S+) +([\w.~+/-]+=*)$/.exec(authorization[0] ?? '') : null;
  return match ? [match[1]?.toLowerCase(), match[2]] : [];
}
