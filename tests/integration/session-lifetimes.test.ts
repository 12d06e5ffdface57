import jwt from 'jsonwebtoken';
import { describe, expect, test } from 'vitest';
import { enter, expectAlive, kindsOf, next, refresh, statusOf } from '../support/refreshing.ts';
import { useServer } from '../support/server.ts';

const server = useServer();
/** An instance that was started anew with another setting. */
const stricter = useServer({
  sessionMaxAge: 3_600,
  get databaseUrl() {
    return server.databaseUrl;
  },
});

describe('the end of a session', () => {
  test('comes for a refresh token that nobody used for 30 days, without a word of replay', async () => {
    const { client, first, accessToken, userId } = await enter(server);
    const older = (by: string) =>
      server.sql('update refresh_token set created_at = created_at - $2::interval where user_id = $1', [userId, by]);
    await older('29 days 23:59');
    const second = await next(client, first);
    await server.sql('update refresh_token set created_at = now() where used_at is null and user_id = $1', [userId]);
    await older('30 days 1 s');
    expect((await refresh(client, second)).code).toBe('INVALID_CREDENTIALS');
    expect(await statusOf(client, accessToken)).toBe(200);
    await expectAlive(server, userId);
  });

  test('comes 180 days after the log-in: no token and no refresh gets past it', async () => {
    const { client, first, userId } = await enter(server);
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
    expect(await kindsOf(server, userId)).toEqual(['SIGNUP']);
  });

  test('comes for a session from before when a shorter time was set, and none is older than that', async () => {
    const { client, first, userId } = await enter(server);
    const older = (by: string) =>
      server.sql('update session set created_at = created_at - $2::interval where user_id = $1', [userId, by]);
    await older('59 min');
    const second = await next(client.at(stricter.url), first);
    await server.sql(`update session set expires_at = now() + interval '30 days' where user_id = $1`, [userId]);
    await older('2 min');
    expect((await refresh(client.at(stricter.url), second)).code).toBe('INVALID_CREDENTIALS');
    await next(client, second);
  });
});
