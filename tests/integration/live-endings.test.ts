import { describe, expect, onTestFinished, test } from 'vitest';
import type { Client } from '../support/client.ts';
import { liveClients } from '../support/live-clients.ts';
import { startServer, useServer } from '../support/server.ts';

const server = useServer();

const unauthenticated = [{ extensions: { code: 'UNAUTHENTICATED' } }];

/** What ends the session of a client, done with another session of the same user. */
const endings: Record<string, (other: Client, client: Client) => Promise<unknown>> = {
  'a log-out': (_other, client) => client.run('mutation { logout { success } }'),
  'a log-out everywhere': (other) => other.run('mutation { logoutEverywhere { success } }'),
  'a revocation': async (other, client) => {
    const { data } = await client.run('{ me { sessions { nodes { id current } } } }');
    const { id } = data.me.sessions.nodes.find(({ current }: { current: boolean }) => current);
    return other.run('mutation ($id: ID!) { revokeSession(input: { id: $id }) { success } }', { id });
  },
  'a change of the password': (other) =>
    other.run(
      `mutation { changePassword(input: { currentPassword: "correct horse", newPassword: "battery staple" }) { user { id } } }`,
    ),
  'a deletion of the account': (other) =>
    other.run('mutation { deleteAccount(input: { password: "correct horse" }) { success } }'),
  'an operator who disables the account': (other) =>
    server.sql('update "user" set disabled_at = now() where email = $1', [other.email]),
};

async function logIn(user: Client): Promise<Client> {
  const login =
    'mutation ($email: String!, $password: String!) { login(input: { email: $email, password: $password }) { accessToken } }';
  const { data } = await user.run(login, { email: user.email, password: user.password });
  return user.withToken(data.login.accessToken);
}

describe.each(Object.entries(endings))('%s', (_name, end) => {
  test('ends subscriptions on every instance with UNAUTHENTICATED', async () => {
    const app = await startServer(server.databaseUrl);
    onTestFinished(() => app.stop());
    const other = await server.newUser();
    const client = await logIn(other);
    const seen = Object.values(liveClients).flatMap((subscribe) => [
      subscribe(client, {}),
      subscribe(client.at(app.url), {}),
    ]);
    await expect.poll(() => seen.every(({ pages }) => pages.length === 1)).toBe(true);
    await end(other, client);
    const start = performance.now();
    for (const each of seen) await expect.poll(() => each.errors).toMatchObject(unauthenticated);
    // 1.5 seconds, and time for a busy machine.
    expect(performance.now() - start).toBeLessThan(6_000);
  });
});

test('other sessions of the user go on', async () => {
  const user = await server.newUser();
  const client = await logIn(user);
  const [seen, other] = Object.values(liveClients).map((subscribe, index) =>
    subscribe(index === 0 ? client : user, {}),
  );
  await expect.poll(() => [seen?.pages.length, other?.pages.length]).toEqual([1, 1]);
  await client.run('mutation { logout { success } }');
  await expect.poll(() => seen?.errors).toMatchObject(unauthenticated);
  const id = await user.createTask();
  await expect.poll(() => other?.pages.at(-1)?.changes).toMatchObject([{ id }]);
  expect(other?.errors).toEqual([]);
});

describe('a token of three seconds', () => {
  const briefly = useServer({ accessTokenTtl: 3 });

  test.each(Object.entries(liveClients))('ends the subscription of %s when it expires', async (_name, subscribe) => {
    const user = await briefly.newUser();
    const seen = subscribe(user, {});
    await expect.poll(() => seen.pages).toHaveLength(1);
    await expect.poll(() => seen.errors).toMatchObject(unauthenticated);
  });
});
