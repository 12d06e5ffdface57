import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { describe, expect, test } from 'vitest';
import { Client } from '../support/client.ts';
import { idOf } from '../support/deletable-account.ts';
import { useServer } from '../support/server.ts';

const server = useServer();
/** Another instance on the same database. */
const second = useServer({
  get databaseUrl() {
    return server.databaseUrl;
  },
});

const me = '{ me { id } }';
const login = `mutation ($email: String!, $password: String!) {
  login(input: { email: $email, password: $password }) { accessToken refreshToken }
}`;
const refresh =
  'mutation ($token: String!) { refreshSession(input: { refreshToken: $token }) { accessToken refreshToken } }';
const signup =
  'mutation ($email: String!) { signup(input: { email: $email, password: "correct horse" }) { accessToken } }';

/** As the command does, but leaves the sessions: nothing may depend on their having ended. */
const setDisabled = (user: Client, isDisabled: boolean) =>
  server.sql(`update "user" set disabled_at = ${isDisabled ? 'now()' : 'null'} where id = $1`, [idOf(user)]);

const logIn = ({ email, password }: Client, client = server.client()) => client.run(login, { email, password });
const sessionsOf = (user: Client) => server.sql('select id from session where user_id = $1', [idOf(user)]);

async function newSession() {
  const user = await server.newUser();
  const { accessToken, refreshToken } = (await logIn(user)).data.login;
  return { user: user.withToken(accessToken), refreshToken: refreshToken as string };
}

describe('a disabled account', () => {
  test('has no valid token on any instance from the next request on, and has them again once it is enabled', async () => {
    const { user } = await newSession();
    const id = await user.createTask('Still there');
    for (const client of [user, user.at(second.url)]) await client.run(me);
    await setDisabled(user, true);
    for (const client of [user, user.at(second.url)]) {
      for (const operation of [me, '{ tasks { nodes { id } } }', '{ errorCodes }', 'mutation { logout { success } }']) {
        const reply = await client.run(operation);
        expect([reply.status, reply.code]).toEqual([401, 'UNAUTHENTICATED']);
        expect(reply.headers.get('www-authenticate')).toBe('Bearer error="invalid_token"');
      }
    }
    await setDisabled(user, false);
    for (const client of [user, user.at(second.url)]) {
      const { data } = await client.run('{ me { id } tasks { nodes { id } } }');
      expect(data).toEqual({ me: { id: idOf(user) }, tasks: { nodes: [{ id }] } });
    }
  });

  test('exchanges no refresh token, neither one that is new nor one that is sent again, and ends no session for it', async () => {
    const { user, refreshToken } = await newSession();
    const next = (await server.client().run(refresh, { token: refreshToken })).data.refreshSession.refreshToken;
    await setDisabled(user, true);
    const before = await sessionsOf(user);
    for (const { url } of [server, second]) {
      for (const token of [next, refreshToken]) {
        const reply = await new Client(url).run(refresh, { token });
        expect([reply.code, reply.partialData]).toEqual(['INVALID_CREDENTIALS', { refreshSession: null }]);
      }
    }
    expect(await sessionsOf(user)).toEqual(before);
    await setDisabled(user, false);
    expect((await server.client().run(refresh, { token: next })).data.refreshSession.accessToken).toBeTruthy();
  });

  test('is named as such to the right password alone, which opens no session and counts as no failure', async () => {
    const user = await server.newUser();
    await setDisabled(user, true);
    const unknown = await server
      .client()
      .run(login, { email: `${randomUUID()}@example.com`, password: 'correct horse' });
    const wrong = await logIn(new Client(server.url, null, user.email, 'wrong horse'));
    expect([wrong.code, wrong.error.message]).toEqual(['INVALID_CREDENTIALS', unknown.error.message]);
    const before = await sessionsOf(user);
    // More often than there may be failures.
    const client = server.client();
    for (let count = 0; count < 12; count++) {
      const reply = await logIn(user, client);
      expect([reply.status, reply.code, reply.partialData]).toEqual([200, 'ACCOUNT_DISABLED', { login: null }]);
      expect(reply.error.message).toMatch(/disabled.*operator/);
    }
    expect(await sessionsOf(user)).toEqual(before);
    expect((await server.client().run(signup, { email: user.email })).fields).toEqual(['input.email TAKEN']);
    await setDisabled(user, false);
    expect((await logIn(user)).data.login.accessToken).toBeTruthy();
  });

  test('shows its owner and the log who tried the right password meanwhile, and only that', async () => {
    const [user, client] = [await server.newUser(), server.client()];
    await setDisabled(user, true);
    await logIn(user, client);
    const [line, ...others] = server
      .logs()
      .split('\n')
      .filter((each) => each.includes('securityEvent') && each.includes(client.address));
    expect(others).toEqual([]);
    const logged = { level: 'info', securityEvent: 'LOGIN_REFUSED', userId: idOf(user), address: client.address };
    expect(JSON.parse(line ?? '{}')).toMatchObject(logged);
    expect(line).not.toContain(user.email);
    await setDisabled(user, false);
    const events = '{ me { securityEvents(first: 1) { nodes { kind ipAddress userAgent } } } }';
    const event = { kind: 'LOGIN_REFUSED', ipAddress: client.address, userAgent: client.userAgent };
    expect((await user.run(events)).data.me.securityEvents.nodes).toEqual([event]);
  });

  const password = 'correct horse';
  test.each([
    ['login', `(input: { email: $email, password: "${password}" }) { tokenType }`, 'ACCOUNT_DISABLED'],
    [
      'changePassword',
      `(input: { currentPassword: "${password}", newPassword: "battery staple" }) { tokenType }`,
      'INVALID_CREDENTIALS',
    ],
    ['deleteAccount', `(input: { password: "${password}" }) { success }`, 'INVALID_CREDENTIALS'],
  ])('refuses a %s that has compared the password before', async (name, rest, code) => {
    const user = await server.newUser();
    const before = await sessionsOf(user);
    const operator = new pg.Client(server.databaseUrl);
    await operator.connect();
    await operator.query('begin');
    await operator.query('update "user" set disabled_at = now() where id = $1', [idOf(user)]);
    const isLogIn = name === 'login';
    const operation = `mutation ${isLogIn ? '($email: String!)' : ''} { ${name}${rest} }`;
    const sent = isLogIn ? server.client().run(operation, { email: user.email }) : user.run(operation);
    const waiting = `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
    await expect.poll(() => server.sql(waiting)).toHaveLength(1);
    await operator.query('commit');
    await operator.end();
    expect((await sent).code).toBe(code);
    expect(await sessionsOf(user)).toEqual(before);
    await setDisabled(user, false);
    expect((await user.run(me)).data.me.id).toBe(idOf(user));
  });
});
