import { randomBytes, randomUUID } from 'node:crypto';
import jwt from 'jsonwebtoken';
import pg from 'pg';
import { describe, expect, test } from 'vitest';
import type { Client, Reply } from '../support/client.ts';
import { testSecret, useServer } from '../support/server.ts';

const server = useServer();

const signup = `mutation ($email: String!) {
  signup(input: { email: $email, password: "correct horse" }) { accessToken refreshToken user { id } }
}`;
const refreshing = `mutation ($token: String!) {
  refreshSession(input: { refreshToken: $token }) { accessToken refreshToken tokenType expiresIn user { id email } }
}`;
const me = '{ me { id } }';

/** A new user's session: a client without Authorization, and what the sign-up answered. */
async function enter() {
  const client = server.client();
  const email = `${randomUUID()}@example.com`;
  const { accessToken, refreshToken, user } = (await client.run(signup, { email })).data.signup;
  const claims = jwt.decode(accessToken, { json: true });
  return { client, email, accessToken, first: refreshToken as string, userId: user.id, sessionId: claims?.sid };
}

const refresh = (client: Client, token: string): Promise<Reply> => client.run(refreshing, { token });
const next = async (client: Client, token: string): Promise<string> =>
  (await refresh(client, token)).data.refreshSession.refreshToken;
const statusOf = async (client: Client, token: string) => (await client.withToken(token).run(me)).status;
const age = (userId: string, seconds: number) =>
  server.sql('update refresh_token set used_at = used_at - $2 * interval $$1 s$$ where user_id = $1', [
    userId,
    seconds,
  ]);
const kindsOf = async (userId: string) =>
  (await server.sql('select kind from security_event where user_id = $1 order by at, id', [userId])).map(
    ({ kind }) => kind,
  );
const unusedOf = (userId: string) =>
  server.sql('select id from refresh_token where user_id = $1 and used_at is null', [userId]);

async function expectEnded(userId: string, reply: Reply): Promise<void> {
  expect([reply.status, reply.code, reply.partialData], String(reply)).toEqual([
    200,
    'INVALID_CREDENTIALS',
    { refreshSession: null },
  ]);
  expect(await server.sql('select from session where user_id = $1', [userId])).toHaveLength(0);
  expect(await kindsOf(userId)).toEqual(['SIGNUP', 'REFRESH_REPLAYED']);
}

async function expectAlive(userId: string): Promise<void> {
  expect(await server.sql('select from session where user_id = $1', [userId])).toHaveLength(1);
  expect(await kindsOf(userId)).toEqual(['SIGNUP']);
}

describe('a refresh', () => {
  test('answers new tokens of the same session, beside which the old access token stays good', async () => {
    const { client, email, accessToken, first, userId, sessionId } = await enter();
    const answer = (await refresh(client, first)).data.refreshSession;
    expect(answer).toMatchObject({ tokenType: 'bearer', expiresIn: 604_800, user: { id: userId, email } });
    expect(answer.refreshToken).not.toBe(first);
    expect(jwt.decode(answer.accessToken)).toMatchObject({ sub: userId, sid: sessionId, email });
    expect(await statusOf(client, answer.accessToken)).toBe(200);
    expect(await statusOf(client, accessToken)).toBe(200);
    expect(await next(client, answer.refreshToken)).not.toBe(answer.refreshToken);
    await expectAlive(userId);
  });

  test('cannot be told from the last one by what the database and the log hold: hashes', async () => {
    const { client, first, accessToken, userId } = await enter();
    const second = await next(client, first);
    const tables = await server.sql<{ name: string }>(
      `select quote_ident(table_name) as name from information_schema.tables where table_schema = 'public'`,
    );
    expect(tables.length).toBeGreaterThan(8);
    for (const secret of [first, second, accessToken].map((token) => token.replace('tqr_', ''))) {
      for (const { name } of tables) {
        const rows = await server.sql(`select from ${name} r where strpos(r::text, $1) > 0`, [secret]);
        expect(rows, name).toHaveLength(0);
      }
      expect(server.logs()).not.toContain(secret);
    }
    expect(await server.sql('select from refresh_token where user_id = $1', [userId])).toHaveLength(2);
  });

  test('of a session in twenty tabs at once has one outcome, and logs nobody out', async () => {
    const { client, first, userId } = await enter();
    const holder = new pg.Client(server.databaseUrl);
    await holder.connect();
    await holder.query('begin');
    await holder.query('select from refresh_token where user_id = $1 for update', [userId]);
    const sent = Array.from({ length: 20 }, () => refresh(client, first));
    // They really run at once: as many as there are connections have begun before the first can go on.
    const waiting = `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
    await expect.poll(async () => (await server.sql(waiting)).length, { timeout: 8_000 }).toBeGreaterThan(4);
    await holder.end();
    const replies = await Promise.all(sent);
    const tokens = new Set(replies.map((reply) => reply.data.refreshSession.refreshToken));
    expect(tokens).toHaveProperty('size', 1);
    expect(await unusedOf(userId)).toHaveLength(1);
    for (const reply of replies) expect(await statusOf(client, reply.data.refreshSession.accessToken)).toBe(200);
    await next(client, String([...tokens][0]));
    await expectAlive(userId);
  });

  test('is a replay however often the session was refreshed since, although used tokens are forgotten', async () => {
    const { client, first, userId } = await enter();
    let token = first;
    for (let turn = 0; turn < 3; turn++) {
      for (let count = 0; count < 25; count++) token = await next(client, token);
      await age(userId, 31);
    }
    token = await next(client, token);
    const [row] = await server.sql('select count(*)::int from refresh_token where user_id = $1', [userId]);
    expect(row?.count).toBe(2);
    expect((await refresh(client, first)).code).toBe('INVALID_CREDENTIALS');
    expect((await refresh(client, token)).code).toBe('INVALID_CREDENTIALS');
    const [event] = await server.sql('select kind from security_event where user_id = $1 order by id desc', [userId]);
    expect(event).toEqual({ kind: 'REFRESH_REPLAYED' });
  }, 60_000);

  test('is RATE_LIMITED where a session is refreshed more than thirty times within the grace, and ends nothing', async () => {
    const { client, first, userId } = await enter();
    let token = first;
    for (let count = 0; count < 30; count++) token = await next(client, token);
    const reply = await refresh(client, token);
    expect([reply.code, reply.error.extensions.retryAfter, reply.headers.get('retry-after')]).toEqual([
      'RATE_LIMITED',
      30,
      '30',
    ]);
    await age(userId, 31);
    await next(client, token);
    await expectAlive(userId);
  });

  test.each([
    ['nothing', '', 'INVALID_CREDENTIALS'],
    ['rubbish', 'x', 'INVALID_CREDENTIALS'],
    ['a token that was never given out', `tqr_${randomBytes(32).toString('base64url')}`, 'INVALID_CREDENTIALS'],
    ['100 kB', 'x'.repeat(100_000), 'INVALID_CREDENTIALS'],
    ['a NUL', 'tqr_\0', 'BAD_USER_INPUT'],
    ['half of a surrogate pair', 'tqr_\ud83d', 'BAD_USER_INPUT'],
  ])('with %s is refused', async (_name, token, code) => {
    const reply = await refresh(server.client(), token);
    expect(reply.code, String(reply)).toBe(code);
  });

  test('takes no access token, and no refresh token is an access token; neither ends anything', async () => {
    const { client, accessToken, first, userId } = await enter();
    expect((await refresh(client, accessToken)).code).toBe('INVALID_CREDENTIALS');
    expect((await refresh(client, accessToken.split('.')[2] ?? '')).code).toBe('INVALID_CREDENTIALS');
    const asBearer = await client.withToken(first).run(me);
    expect([asBearer.status, asBearer.code]).toEqual([401, 'UNAUTHENTICATED']);
    expect(await statusOf(client, accessToken)).toBe(200);
    await next(client, first);
    await expectAlive(userId);
  });
});

describe('a refresh token that comes a second time', () => {
  test('after half a minute ends its session, every token of it, and is recorded', async () => {
    const { client, email, accessToken, first, userId } = await enter();
    const login = `mutation ($email: String!) { login(input: { email: $email, password: "correct horse" }) { accessToken } }`;
    const other = (await client.run(login, { email })).data.login.accessToken;
    const answer = (await refresh(client, first)).data.refreshSession;
    await age(userId, 31);
    const replay = await refresh(client, first);
    expect([replay.status, replay.code]).toEqual([200, 'INVALID_CREDENTIALS']);
    for (const token of [accessToken, answer.accessToken]) expect(await statusOf(client, token)).toBe(401);
    expect((await refresh(client, answer.refreshToken)).code).toBe('INVALID_CREDENTIALS');
    const events = '{ me { securityEvents { nodes { kind ipAddress userAgent } } } }';
    const [newest, ...older] = (await client.withToken(other).run(events)).data.me.securityEvents.nodes;
    const { address, userAgent } = client;
    expect(newest).toEqual({ kind: 'REFRESH_REPLAYED', ipAddress: address, userAgent });
    expect(older.map(({ kind }: { kind: string }) => kind)).toEqual(['LOGIN', 'SIGNUP']);
    const lines = server
      .logs()
      .split('\n')
      .filter((line) => line.includes(userId) && line.includes('REFRESH_REPLAYED'));
    expect(lines).toHaveLength(1);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      level: 'warn',
      securityEvent: 'REFRESH_REPLAYED',
      userId,
      address,
    });
  });

  test('after 29 seconds from the same client is answered with the same next one', async () => {
    const { client, first, userId } = await enter();
    const second = await next(client, first);
    await age(userId, 29);
    expect(await next(client, first)).toBe(second);
    expect(await unusedOf(userId)).toHaveLength(1);
    await next(client, second);
    await expectAlive(userId);
  });

  test('ends the session also where it is older than the last one, which is fresh', async () => {
    const { client, first, userId } = await enter();
    const second = await next(client, first);
    await age(userId, 31);
    const third = await next(client, second);
    await expectEnded(userId, await refresh(client, first));
    expect((await refresh(client, third)).code).toBe('INVALID_CREDENTIALS');
  });

  test.each<[string, Partial<Client>]>([
    ['another address', { address: '192.0.2.7' }],
    ['another program', { userAgent: 'curl/8' }],
    ['a program without a name', { userAgent: '' }],
  ])('at once from %s ends the session', async (_name, change) => {
    const { client, first, userId } = await enter();
    await next(client, first);
    const thief = Object.assign(client.withToken(null), change);
    await expectEnded(userId, await refresh(thief, first));
  });

  test('from the same /64 of IPv6 is of the same client, from the next /64 it is not', async () => {
    const { client, first, userId } = await enter();
    const at = (address: string) => Object.assign(client.withToken(null), { address });
    const second = await next(at('2001:db8:0:1::1'), first);
    expect(await next(at('2001:db8:0:1:ffff:aaaa:1:2'), first)).toBe(second);
    await expectAlive(userId);
    await expectEnded(userId, await refresh(at('2001:db8:0:2::1'), first));
  });

  test('stands for the newest one where several answers were lost', async () => {
    const { client, first, userId } = await enter();
    const second = await next(client, first);
    const third = await next(client, second);
    expect(await next(client, first)).toBe(third);
    expect(await next(client, second)).toBe(third);
    expect(await unusedOf(userId)).toHaveLength(1);
    await next(client, third);
    await expectAlive(userId);
  });

  test('ends the session where somebody else has gone on with the next one', async () => {
    const { client, first, userId } = await enter();
    const second = await next(client, first);
    await next(Object.assign(client.withToken(null), { address: '192.0.2.7' }), second);
    await expectEnded(userId, await refresh(client, first));
  });
});

describe('the end of a session', () => {
  test('comes for a refresh token that nobody used for 30 days, without a word of replay', async () => {
    const { client, first, accessToken, userId } = await enter();
    const older = (by: string) =>
      server.sql('update refresh_token set created_at = created_at - $2::interval where user_id = $1', [userId, by]);
    await older('29 days 23:59');
    const second = await next(client, first);
    await server.sql('update refresh_token set created_at = now() where used_at is null and user_id = $1', [userId]);
    await older('30 days 1 s');
    expect((await refresh(client, second)).code).toBe('INVALID_CREDENTIALS');
    expect(await statusOf(client, accessToken)).toBe(200);
    await expectAlive(userId);
  });

  test('comes 180 days after the log-in: no token and no refresh gets past it', async () => {
    const { client, first, userId } = await enter();
    const older = (by: string) =>
      server.sql('update session set created_at = created_at - $2::interval where user_id = $1', [userId, by]);
    await older('179 days 23:58:20');
    const answer = (await refresh(client, first)).data.refreshSession;
    const [row] = await server.sql<{ end: number; isIn: boolean }>(
      `select extract(epoch from created_at + interval '180 days')::float8 as end,
         expires_at <= created_at + interval '180 days' as "isIn" from session where user_id = $1`,
      [userId],
    );
    expect(row?.isIn).toBe(true);
    expect(answer.expiresIn).toBeGreaterThan(60);
    expect(answer.expiresIn).toBeLessThanOrEqual(100);
    expect(jwt.decode(answer.accessToken, { json: true })?.exp).toBeLessThanOrEqual(row?.end ?? 0);
    await server.sql(`update session set expires_at = expires_at - interval '101 s' where user_id = $1`, [userId]);
    expect(await statusOf(client, answer.accessToken)).toBe(401);
    expect((await refresh(client, answer.refreshToken)).code).toBe('INVALID_CREDENTIALS');
    expect((await refresh(client, first)).code).toBe('INVALID_CREDENTIALS');
    expect(await kindsOf(userId)).toEqual(['SIGNUP']);
  });
});

describe('while the secret is changed', () => {
  const changed = useServer({
    jwtSecret: randomBytes(48).toString('base64'),
    jwtSecretPrevious: testSecret,
    get databaseUrl() {
      return server.databaseUrl;
    },
  });

  test('a lost answer is found again by an instance with the new secret', async () => {
    const { client, first, userId } = await enter();
    const second = await next(client, first);
    expect(await next(client.at(changed.url), first)).toBe(second);
    const third = await next(client.at(changed.url), second);
    expect(await next(client.at(changed.url), first)).toBe(third);
    expect(await unusedOf(userId)).toHaveLength(1);
    await expectAlive(userId);
  });
});
