import { randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { Client } from '../support/client.ts';
import { age, enter, expectAlive, expectEnded, next, refresh, statusOf, unusedOf } from '../support/refreshing.ts';
import { testSecret, useServer } from '../support/server.ts';

const server = useServer();

describe('a refresh token that comes a second time', () => {
  test('after half a minute ends its session, every token of it, and is recorded', async () => {
    const { client, email, accessToken, first, userId } = await enter(server);
    const login = `mutation ($email: String!) { login(input: { email: $email, password: "correct horse" }) { accessToken } }`;
    const other = (await client.run(login, { email })).data.login.accessToken;
    const answer = (await refresh(client, first)).data.refreshSession;
    await age(server, userId, 31);
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
    const { client, first, userId } = await enter(server);
    const second = await next(client, first);
    await age(server, userId, 29);
    expect(await next(client, first)).toBe(second);
    expect(await unusedOf(server, userId)).toHaveLength(1);
    await next(client, second);
    await expectAlive(server, userId);
  });

  test('ends the session also where it is older than the last one, which is fresh', async () => {
    const { client, first, userId } = await enter(server);
    const second = await next(client, first);
    await age(server, userId, 31);
    const third = await next(client, second);
    await expectEnded(server, userId, await refresh(client, first));
    expect((await refresh(client, third)).code).toBe('INVALID_CREDENTIALS');
  });

  test.each<[string, Partial<Client>]>([
    ['another address', { address: '192.0.2.7' }],
    ['another program', { userAgent: 'curl/8' }],
    ['a program without a name', { userAgent: '' }],
  ])('at once from %s ends the session', async (_name, change) => {
    const { client, first, userId } = await enter(server);
    await next(client, first);
    const thief = Object.assign(client.withToken(null), change);
    await expectEnded(server, userId, await refresh(thief, first));
  });

  test('from the same /64 of IPv6 is of the same client, from the next /64 it is not', async () => {
    const { client, first, userId } = await enter(server);
    const at = (address: string) => Object.assign(client.withToken(null), { address });
    const second = await next(at('2001:db8:0:1::1'), first);
    expect(await next(at('2001:db8:0:1:ffff:aaaa:1:2'), first)).toBe(second);
    await expectAlive(server, userId);
    await expectEnded(server, userId, await refresh(at('2001:db8:0:2::1'), first));
  });

  test('stands for the newest one where several answers were lost', async () => {
    const { client, first, userId } = await enter(server);
    const second = await next(client, first);
    const third = await next(client, second);
    expect(await next(client, first)).toBe(third);
    expect(await next(client, second)).toBe(third);
    expect(await unusedOf(server, userId)).toHaveLength(1);
    await next(client, third);
    await expectAlive(server, userId);
  });

  test('ends the session where somebody else has gone on with the next one', async () => {
    const { client, first, userId } = await enter(server);
    const second = await next(client, first);
    await next(Object.assign(client.withToken(null), { address: '192.0.2.7' }), second);
    await expectEnded(server, userId, await refresh(client, first));
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
    const { client, first, userId } = await enter(server);
    const second = await next(client, first);
    expect(await next(client.at(changed.url), first)).toBe(second);
    const third = await next(client.at(changed.url), second);
    expect(await next(client.at(changed.url), first)).toBe(third);
    expect(await unusedOf(server, userId)).toHaveLength(1);
    await expectAlive(server, userId);
  });
});
