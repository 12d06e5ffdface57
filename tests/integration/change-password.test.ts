import bcrypt from 'bcrypt';
import pg from 'pg';
import { describe, expect, test } from 'vitest';
import type { Client, Reply } from '../support/client.ts';
import { useServer } from '../support/server.ts';

// A cost above bcrypt's least, so that there are hashes that are to be made anew.
const server = useServer({ bcryptCost: 5 });

const [old, fresh] = ['correct horse', 'battery staple'];
const changing = `mutation ($current: String!, $new: String!) {
  changePassword(input: { currentPassword: $current, newPassword: $new }) {
    accessToken refreshToken tokenType expiresIn user { email sessions { nodes { current } } }
  }
}`;
const loggingIn = `mutation ($email: String!, $password: String!) {
  login(input: { email: $email, password: $password }) { accessToken refreshToken }
}`;
const refreshing =
  'mutation ($token: String!) { refreshSession(input: { refreshToken: $token }) { accessToken refreshToken } }';
const me = '{ me { id } }';

const change = (user: Client, current = old, to = fresh): Promise<Reply> => user.run(changing, { current, new: to });
const logIn = ({ email }: Client, password: string): Promise<Reply> =>
  server.client().run(loggingIn, { email, password });
const refresh = (client: Client, token: string): Promise<Reply> => client.withToken(null).run(refreshing, { token });
const statusOf = async (user: Client) => (await user.run(me)).status;
const sessionsOf = ({ email }: Client) =>
  server.sql('select session.id from session join "user" u on u.id = user_id where u.email = $1', [email]);

/** A new user's second session. */
async function enter() {
  const user = await server.newUser();
  const { accessToken, refreshToken } = (await logIn(user, old)).data.login;
  return { user, other: user.withToken(accessToken), otherToken: refreshToken as string };
}

/** Another user with the same password and hash, as imported accounts may have. */
async function newTwin({ email }: Client): Promise<Client> {
  const twin = await server.newUser();
  const copying = `update "user" set password_hash = (select password_hash from "user" where email = $2) where email = $1`;
  await server.sql(copying, [twin.email, email]);
  return twin;
}

/** Runs `work` while a transaction of ours holds what `lock` locks; `release` ends it. */
async function whileLocked(lock: string, values: unknown[], work: (release: () => Promise<unknown>) => Promise<void>) {
  const holder = new pg.Client(server.databaseUrl);
  await holder.connect();
  try {
    await holder.query('begin');
    await holder.query(lock, values);
    await work(() => holder.query('commit'));
  } finally {
    await holder.end();
  }
}

async function waiting(count: number): Promise<void> {
  const text = `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
  await expect.poll(() => server.sql(text)).toHaveLength(count);
}

describe('changePassword', () => {
  test('lets in with the new password from now on, and no more with the old one', async () => {
    const { user } = await enter();
    const { data } = await change(user);
    expect(data.changePassword).toMatchObject({ tokenType: 'bearer', expiresIn: 604_800, user: { email: user.email } });
    expect((await logIn(user, old)).code).toBe('INVALID_CREDENTIALS');
    expect((await logIn(user, fresh)).data.login.accessToken).toBeTypeOf('string');
  });

  test('ends every session with all its tokens, its own too, and answers with those of a new one', async () => {
    const { user, other, otherToken } = await enter();
    const used = (await refresh(other, otherToken)).data.refreshSession;
    const mine = (await logIn(user, old)).data.login;
    const current = user.withToken(mine.accessToken);
    const second = (await refresh(current, mine.refreshToken)).data.refreshSession.refreshToken;
    const answer = (await change(current)).data.changePassword;
    expect(answer.user.sessions.nodes).toEqual([{ current: true }]);
    for (const ended of [user, other, user.withToken(used.accessToken)]) expect(await statusOf(ended)).toBe(401);
    for (const token of [otherToken, used.refreshToken, mine.refreshToken, second]) {
      expect((await refresh(current, token)).code).toBe('INVALID_CREDENTIALS');
    }
    expect(await statusOf(current)).toBe(401);
    expect(await statusOf(user.withToken(answer.accessToken))).toBe(200);
    const after = (await refresh(current, answer.refreshToken)).data.refreshSession;
    expect(await statusOf(user.withToken(after.accessToken))).toBe(200);
    expect(await sessionsOf(user)).toHaveLength(1);
  });

  test('is refused with a wrong current password, and then changes nothing', async () => {
    const { user, other } = await enter();
    const reply = await change(user, 'wrong horse');
    expect([reply.status, reply.code, reply.partialData]).toEqual([
      200,
      'INVALID_CREDENTIALS',
      { changePassword: null },
    ]);
    expect(await statusOf(other)).toBe(200);
    expect((await logIn(user, fresh)).code).toBe('INVALID_CREDENTIALS');
    expect((await logIn(user, old)).data.login.accessToken).toBeTypeOf('string');
  });

  test.each([
    ['short', 'seven77', 'TOO_SHORT'],
    ['longer than bcrypt reads', 'x'.repeat(73), 'TOO_LONG'],
    ['very common', 'Password123', 'TOO_COMMON'],
    ['broken text', 'battery\0staple', 'ILL_FORMED_TEXT'],
  ])('refuses a new password that is %s, and repeats it nowhere', async (_name, password, code) => {
    const { user, other } = await enter();
    const reply = await change(user, old, password);
    expect([reply.code, reply.fields]).toEqual(['BAD_USER_INPUT', [`input.newPassword ${code}`]]);
    expect(reply.text).not.toContain(password);
    expect(server.logs()).not.toContain(password);
    expect(await statusOf(other)).toBe(200);
  });

  test('refuses the e-mail address and its first part, in any case', async () => {
    const { user } = await enter();
    for (const password of [user.email, user.email.toUpperCase(), user.email.split('@')[0] ?? '']) {
      const reply = await change(user, old, password);
      expect([reply.code, reply.fields]).toEqual(['BAD_USER_INPUT', ['input.newPassword SAME_AS_EMAIL']]);
    }
  });

  test('needs a session', async () => {
    const reply = await change(server.client());
    expect([reply.status, reply.code]).toEqual([401, 'UNAUTHENTICATED']);
  });

  test('counts wrong current passwords as log-ins that failed', async () => {
    const { user } = await enter();
    const guesses = Array.from({ length: 12 }, (_, index) => change(user, `wrong horse ${index}`));
    const codes = (await Promise.all(guesses)).map((reply) => reply.code).sort();
    expect(codes).toEqual([...Array(10).fill('INVALID_CREDENTIALS'), 'RATE_LIMITED', 'RATE_LIMITED']);
    expect((await change(user)).code).toBe('RATE_LIMITED');
  });

  test('runs one after the other where a request holds two: the second is of a session that has ended', async () => {
    const { user } = await enter();
    const field = (current: string, to: string) =>
      `changePassword(input: { currentPassword: "${current}", newPassword: "${to}" }) { accessToken refreshToken }`;
    const reply = await user.run(
      `mutation { a: ${field(old, fresh)} b: ${field(fresh, 'third horse')} c: ${field(old, fresh)} }`,
    );
    expect(reply.errors.map(({ path, extensions }) => [path, extensions.code])).toEqual([
      [['b'], 'UNAUTHENTICATED'],
      [['c'], 'INVALID_CREDENTIALS'],
    ]);
    const { a } = reply.partialData;
    expect((await refresh(user, a.refreshToken)).data.refreshSession.accessToken).toBeTypeOf('string');
    expect((await logIn(user, fresh)).data.login.accessToken).toBeTypeOf('string');
  });

  test('of a session that has just ended is UNAUTHENTICATED, and changes nothing', async () => {
    const { user } = await enter();
    const field = `changePassword(input: { currentPassword: "${old}", newPassword: "${fresh}" }) { accessToken }`;
    const reply = await user.run(`mutation { logoutEverywhere { success } ${field} }`);
    expect(reply.code, String(reply)).toBe('UNAUTHENTICATED');
    expect((await logIn(user, old)).data.login.accessToken).toBeTypeOf('string');
  });
});

describe('while the password is changed', () => {
  const userLock = 'select from "user" where email = $1 for update';

  test.each([
    ['', false],
    [', also where another account has the same hash', true],
  ])('a log-in with the old one that comes a moment later is refused%s', async (_name, hasTwin) => {
    const { user } = await enter();
    if (hasTwin) await newTwin(user);
    await whileLocked(userLock, [user.email], async (release) => {
      const changed = change(user);
      await waiting(1);
      const loggedIn = logIn(user, old);
      await waiting(2);
      await release();
      expect((await changed).data.changePassword.accessToken).toBeTypeOf('string');
      expect((await loggedIn).code).toBe('INVALID_CREDENTIALS');
    });
    expect(await sessionsOf(user)).toHaveLength(1);
  });

  test('a log-in with the old one that came a moment before is ended', async () => {
    const { user } = await enter();
    await whileLocked(userLock, [user.email], async (release) => {
      const loggedIn = logIn(user, old);
      await waiting(1);
      const changed = change(user);
      await waiting(2);
      await release();
      expect((await changed).data.changePassword.accessToken).toBeTypeOf('string');
      expect(await statusOf(user.withToken((await loggedIn).data.login.accessToken))).toBe(401);
    });
    expect(await sessionsOf(user)).toHaveLength(1);
  });

  test('many log-ins with the old one leave no session behind', async () => {
    for (let round = 0; round < 5; round++) {
      const { user } = await enter();
      const logIns = Array.from({ length: 8 }, () => logIn(user, old));
      const [changed, ...opened] = await Promise.all([change(user), ...logIns]);
      expect(changed?.data.changePassword.accessToken).toBeTypeOf('string');
      for (const reply of opened) if (!reply.partialData.login) expect(reply.code).toBe('INVALID_CREDENTIALS');
      expect(await sessionsOf(user)).toHaveLength(1);
      expect(await statusOf(user.withToken(changed?.data.changePassword.accessToken))).toBe(200);
    }
  });

  test('of two sessions that change it at once, one is refused and ended', async () => {
    const { user, other } = await enter();
    const replies = await Promise.all([change(user, old, 'third horse'), change(other, old, 'fourth horse')]);
    const refused = replies.filter((reply) => reply.partialData.changePassword === null);
    expect(refused.map((reply) => reply.code)).toEqual(['INVALID_CREDENTIALS']);
    expect(await sessionsOf(user)).toHaveLength(1);
    expect([await statusOf(user), await statusOf(other)]).toEqual([401, 401]);
  });

  test('a refresh of the same session leaves no token of the old password behind', async () => {
    const { other, otherToken } = await enter();
    const lock = `select from refresh_token r join "user" u on u.id = user_id where u.email = $1 for update of r`;
    await whileLocked(lock, [other.email], async (release) => {
      const refreshed = refresh(other, otherToken);
      await waiting(1);
      const changed = change(other);
      await waiting(2);
      await release();
      expect((await changed).data.changePassword.accessToken).toBeTypeOf('string');
      const reply = await refreshed;
      if (!reply.partialData.refreshSession) return;
      const again = await refresh(other, reply.data.refreshSession.refreshToken);
      expect(again.code, String(again)).toBe('INVALID_CREDENTIALS');
    });
  });
});

describe('an account with an old, cheaper hash', () => {
  test('is let in by every one of several log-ins at once', async () => {
    const user = await server.newUser();
    await server.sql('update "user" set password_hash = $2 where email = $1', [user.email, await bcrypt.hash(old, 4)]);
    const replies = await Promise.all(Array.from({ length: 6 }, () => logIn(user, old)));
    for (const reply of replies) expect(reply.data.login.accessToken).toBeTypeOf('string');
  });
});

describe('an account with the hash of another one', () => {
  const deleting = `mutation { deleteAccount(input: { password: "${old}" }) { success } }`;

  test.each([
    ['logs in', (user: Client) => logIn(user, old)],
    ['changes its password', (user: Client) => change(user)],
    ['is deleted', (user: Client) => user.run(deleting)],
  ])('%s while the other one is locked', async (_what, call) => {
    const user = await server.newUser();
    const twin = await newTwin(user);
    await whileLocked('select from "user" where email = $1 for update', [twin.email], async () => {
      expect(Object.values((await call(user)).data)).not.toContain(null);
    });
    expect((await logIn(twin, old)).data.login.accessToken).toBeTypeOf('string');
  });
});
