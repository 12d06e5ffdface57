import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { Client } from '../support/client.ts';
import { useServer } from '../support/server.ts';

const open = useServer();
const closed = useServer({
  signup: false,
  get databaseUrl() {
    return open.databaseUrl;
  },
});

const signup = 'mutation ($input: SignupInput!) { signup(input: $input) { accessToken } }';

test('with SIGNUP=off, signup creates nothing and says whom to ask, whatever the input', async () => {
  const user = await open.newUser();
  const users = () => open.sql('select id from "user"');
  const before = await users();
  for (const email of [`${randomUUID()}@example.com`, user.email]) {
    for (const password of ['correct horse', 'password']) {
      const reply = await closed.client().run(signup, { input: { email, password } });
      expect([reply.status, reply.code, reply.partialData]).toEqual([200, 'SIGNUP_DISABLED', { signup: null }]);
      expect(reply.error.message).toMatch(/turned off.*operator/);
    }
  }
  expect(await users()).toEqual(before);
});

test('with SIGNUP=off, those who have an account log in as ever', async () => {
  const { email, password } = await open.newUser();
  const login = `mutation ($input: LoginInput!) { login(input: $input) { accessToken } }`;
  const { accessToken } = (await closed.client().run(login, { input: { email, password } })).data.login;
  expect((await new Client(closed.url, accessToken).run('{ me { email } }')).data.me.email).toBe(email);
});

test('signupEnabled says it to anyone', async () => {
  for (const [server, signupEnabled] of [
    [open, true],
    [closed, false],
  ] as const) {
    expect((await server.client().run('{ signupEnabled }')).data).toEqual({ signupEnabled });
  }
});
