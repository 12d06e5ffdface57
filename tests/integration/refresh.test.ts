import { randomBytes } from 'node:crypto';
import jwt from 'jsonwebtoken';
import pg from 'pg';
import { describe, expect, test } from 'vitest';
import { age, enter, expectAlive, me, next, refresh, statusOf, unusedOf } from '../support/refreshing.ts';
import { useServer } from '../support/server.ts';

const server = useServer();

describe('a refresh', () => {
  test('answers new tokens of the same session, beside which the old access token stays good', async () => {
    const { client, email, accessToken, first, userId, sessionId } = await enter(server);
    const answer = (await refresh(client, first)).data.refreshSession;
    expect(answer).toMatchObject({ tokenType: 'bearer', expiresIn: 604_800, user: { id: userId, email } });
    expect(answer.refreshToken).not.toBe(first);
    expect(jwt.decode(answer.accessToken)).toMatchObject({ sub: userId, sid: sessionId, email });
    expect(await statusOf(client, answer.accessToken)).toBe(200);
    expect(await statusOf(client, accessToken)).toBe(200);
    expect(await next(client, answer.refreshToken)).not.toBe(answer.refreshToken);
    await expectAlive(server, userId);
  });

  test('cannot be told from the last one by what the database and the log hold: hashes', async () => {
    const { client, first, accessToken, userId } = await enter(server);
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
    const { client, first, userId } = await enter(server);
    const holder = new pg.Client(server.databaseUrl);
    await holder.connect();
    await holder.query('begin');
    await holder.query('select from refresh_token where user_id = $1 for update', [userId]);
    const sent = Array.from({ length: 20 }, () => refresh(client, first));
    const waiting = `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
    await expect.poll(async () => (await server.sql(waiting)).length).toBe(1);
    // One of them has a connection, and the rest keep none from others.
    await (await server.newUser()).createTask();
    expect(await server.sql(waiting)).toHaveLength(1);
    await holder.end();
    const replies = await Promise.all(sent);
    const tokens = new Set(replies.map((reply) => reply.data.refreshSession.refreshToken));
    expect(tokens).toHaveProperty('size', 1);
    expect(await unusedOf(server, userId)).toHaveLength(1);
    for (const reply of replies) expect(await statusOf(client, reply.data.refreshSession.accessToken)).toBe(200);
    await next(client, String([...tokens][0]));
    await expectAlive(server, userId);
  });

  test('is a replay however often the session was refreshed since, although used tokens are forgotten', async () => {
    const { client, first, userId } = await enter(server);
    let token = first;
    for (let turn = 0; turn < 3; turn++) {
      for (let count = 0; count < 25; count++) token = await next(client, token);
      await age(server, userId, 31);
    }
    token = await next(client, token);
    const [row] = await server.sql('select count(*)::int from refresh_token where user_id = $1', [userId]);
    expect(row?.count).toBe(2);
    expect((await refresh(client, first)).code).toBe('INVALID_CREDENTIALS');
    expect((await refresh(client, token)).code).toBe('INVALID_CREDENTIALS');
    const [event] = await server.sql('select kind from security_event where user_id = $1 order by id desc', [userId]);
    expect(event).toEqual({ kind: 'REFRESH_REPLAYED' });
  });

  test('is RATE_LIMITED where a session is refreshed more than thirty times within the grace, and ends nothing', async () => {
    const { client, first, userId } = await enter(server);
    let token = first;
    for (let count = 0; count < 30; count++) token = await next(client, token);
    const reply = await refresh(client, token);
    expect([reply.code, reply.error.extensions.retryAfter, reply.headers.get('retry-after')]).toEqual([
      'RATE_LIMITED',
      30,
      '30',
    ]);
    await age(server, userId, 31);
    await next(client, token);
    await expectAlive(server, userId);
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
    const { client, accessToken, first, userId } = await enter(server);
    expect((await refresh(client, accessToken)).code).toBe('INVALID_CREDENTIALS');
    expect((await refresh(client, accessToken.split('.')[2] ?? '')).code).toBe('INVALID_CREDENTIALS');
    const asBearer = await client.withToken(first).run(me);
    expect([asBearer.status, asBearer.code]).toEqual([401, 'UNAUTHENTICATED']);
    expect(await statusOf(client, accessToken)).toBe(200);
    await next(client, first);
    await expectAlive(server, userId);
  });
});
