import type { Session } from '../../docs/clients/session.ts';
import type { TestServer } from '../support/server.ts';

/** The address of the API, and a session of a new user. */
export async function signIn(server: TestServer): Promise<[url: string, session: Session]> {
  const { token } = await server.newUser();
  return [`${server.url}/graphql`, { accessToken: token }];
}

/** Lets the next request through to the server and loses its answer, as a phone in a lift does. @returns what undoes it */
export function loseNextAnswer(): () => void {
  const { fetch } = globalThis;
  const restore = (): void => {
    globalThis.fetch = fetch;
  };
  globalThis.fetch = async (...request) => {
    restore();
    await fetch(...request);
    throw new TypeError('fetch failed');
  };
  return restore;
}
