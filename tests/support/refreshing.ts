import { randomUUID } from 'node:crypto';
import jwt from 'jsonwebtoken';
import { expect } from 'vitest';
import type { Client, Reply } from './client.ts';
import type { TestServer } from './server.ts';

const signup = `mutation ($email: String!) {
  signup(input: { email: $email, password: "correct horse" }) { accessToken refreshToken user { id } }
}`;
const refreshing = `mutation ($token: String!) {
  refreshSession(input: { refreshToken: $token }) { accessToken refreshToken tokenType expiresIn user { id email } }
}`;
export const me = '{ me { id } }';

/** A new user's session: a client without Authorization, and the response to the sign-up. */
export async function enter(server: TestServer) {
  const client = server.client();
  const email = `${randomUUID()}@example.com`;
  const { accessToken, refreshToken, user } = (await client.run(signup, { email })).data.signup;
  const claims = jwt.decode(accessToken, { json: true });
  return { client, email, accessToken, first: refreshToken as string, userId: user.id, sessionId: claims?.sid };
}

export const refresh = (client: Client, token: string): Promise<Reply> => client.run(refreshing, { token });
/** Refreshes. @returns the next refresh token */
export const next = async (client: Client, token: string): Promise<string> =>
  (await refresh(client, token)).data.refreshSession.refreshToken;
export const statusOf = async (client: Client, token: string) => (await client.withToken(token).run(me)).status;
/** Makes a user's refresh tokens appear to have been used earlier. */
export const age = (server: TestServer, userId: string, seconds: number) =>
  server.sql('update refresh_token set used_at = used_at - $2 * interval $$1 s$$ where user_id = $1', [
    userId,
    seconds,
  ]);
/** The kinds of a user's security events, oldest first. */
export const kindsOf = async (server: TestServer, userId: string) =>
  (await server.sql('select kind from security_event where user_id = $1 order by at, id', [userId])).map(
    ({ kind }) => kind,
  );
export const unusedOf = (server: TestServer, userId: string) =>
  server.sql('select id from refresh_token where user_id = $1 and used_at is null', [userId]);

/** Expects that the call was rejected, the session has ended, and a replay was recorded. */
export async function expectEnded(server: TestServer, userId: string, reply: Reply): Promise<void> {
  expect([reply.status, reply.code, reply.partialData], String(reply)).toEqual([
    200,
    'INVALID_CREDENTIALS',
    { refreshSession: null },
  ]);
  expect(await server.sql('select from session where user_id = $1', [userId])).toHaveLength(0);
  expect(await kindsOf(server, userId)).toEqual(['SIGNUP', 'REFRESH_REPLAYED']);
}

export async function expectAlive(server: TestServer, userId: string): Promise<void> {
  expect(await server.sql('select from session where user_id = $1', [userId])).toHaveLength(1);
  expect(await kindsOf(server, userId)).toEqual(['SIGNUP']);
}
