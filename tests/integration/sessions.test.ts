import { randomUUID } from 'node:crypto';
import jwt from 'jsonwebtoken';
import pg from 'pg';
import { describe, expect, test } from 'vitest';
import { Client, type Reply } from '../support/client.ts';
import { useServer } from '../support/server.ts';

const server = useServer();

const loggingIn = `mutation ($email: String!) {
  login(input: { email: $email, password: "correct horse" }) {
    accessToken refreshToken user { sessions { nodes { id current } } }
  }
}`;
const refreshing = 'mutation ($token: String!) { refreshSession(input: { refreshToken: $token }) { accessToken } }';
const revoking = 'mutation ($id: ID!) { revokeSession(input: { id: $id }) { success } }';
const listing = `{ me { sessions {
  totalCount nodes { id createdAt lastUsedAt expiresAt userAgent ipAddress current }
} } }`;
const me = '{ me { id } }';
const madeUp = '01a1fd83-085f-7429-8acf-26a739617b03';

/** One more session of a user's, from a place of its own. */
async function logIn(email: string, from = server.client()) {
  const { accessToken, refreshToken } = (await from.run(loggingIn, { email })).data.login;
  const { sid, sub = '' } = jwt.decode(accessToken, { json: true }) ?? {};
  return { client: from.withToken(accessToken), id: sid as string, userId: sub, refreshToken: refreshToken as string };
}
type Entered = Awaited<ReturnType<typeof logIn>>;

/** A new user's only session. */
async function enter(): Promise<Entered & { email: string }> {
  const { email } = await Client.signUp(server.url, `${randomUUID()}@example.com`);
  await server.sql('delete from session using "user" u where u.id = user_id and u.email = $1', [email]);
  return { ...(await logIn(email)), email };
}

const refresh = (token: string): Promise<Reply> => server.client().run(refreshing, { token });
const statusOf = async ({ client }: Entered) => (await client.run(me)).status;
const revoke = ({ client }: Entered, id: string) => client.run(revoking, { id });
const eventsOf = ({ userId }: Entered, kind = 'SESSION_ENDED') =>
  server.sql('select from security_event where user_id = $1 and kind = $2', [userId, kind]);

async function expectEnded(entered: Entered): Promise<void> {
  const reply = await entered.client.run(me);
  expect([reply.status, reply.code]).toEqual([401, 'UNAUTHENTICATED']);
  expect((await refresh(entered.refreshToken)).code).toBe('INVALID_CREDENTIALS');
  const left = 'select id from session where id = $1 union all select id from refresh_token where session_id = $1';
  expect(await server.sql(left, [entered.id])).toHaveLength(0);
}

/** Runs `work` while we hold what `lock` locks; `release` ends that. */
async function whileLocked(lock: string, id: string, work: (release: () => Promise<unknown>) => Promise<void>) {
  const holder = new pg.Client(server.databaseUrl);
  await holder.connect();
  try {
    await holder.query('begin');
    await holder.query(lock, [id]);
    await work(() => holder.query('commit'));
  } finally {
    await holder.end();
  }
}

async function waiting(count: number): Promise<void> {
  const text = `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
  await expect.poll(() => server.sql(text)).toHaveLength(count);
}

describe('me { sessions }', () => {
  test('lists those that are live, newest first, and marks the one that asks', async () => {
    const [first] = [await enter(), await enter()];
    const phone = Object.assign(server.client(), { userAgent: 'Phone/1.0' });
    const second = await logIn(first.email, phone);
    const expired = await logIn(first.email);
    await server.sql('update session set expires_at = now() where id = $1', [expired.id]);
    for (const asking of [first, second]) {
      const { sessions } = (await asking.client.run(listing)).data.me;
      expect(sessions.totalCount).toBe(2);
      expect(sessions.nodes).toMatchObject([
        { id: second.id, userAgent: 'Phone/1.0', ipAddress: phone.address, current: asking === second },
        { id: first.id, userAgent: 'todoql tests', ipAddress: first.client.address, current: asking === first },
      ]);
      const [{ createdAt, lastUsedAt, expiresAt }] = sessions.nodes;
      expect(lastUsedAt).toBe(createdAt);
      expect(Date.parse(expiresAt) - Date.parse(createdAt)).toBe(30 * 86_400_000);
    }
  });

  test('marks that one wherever one finds oneself, in the answer of the log-in too', async () => {
    const { client, email, id, userId } = await enter();
    const sessions = 'sessions { nodes { id current } }';
    const mine = [{ id, current: true }];
    const changed = await client.run(
      `mutation { updateMe(input: { timeZone: "Asia/Tokyo" }) { user { ${sessions} } } }`,
    );
    expect(changed.data.updateMe.user.sessions.nodes).toEqual(mine);
    const found = await client.run(`{ node(id: "${userId}") { ... on User { ${sessions} } } }`);
    expect(found.data.node.sessions.nodes).toEqual(mine);
    const one = await client.run(`{ node(id: "${id}") { ... on Session { id current } } }`);
    expect(one.data.node).toEqual(mine[0]);
    const { accessToken, user } = (await server.client().run(loggingIn, { email })).data.login;
    const opened = { id: jwt.decode(accessToken, { json: true })?.sid, current: true };
    expect(user.sessions.nodes).toEqual([opened, { id, current: false }]);
  });

  test('comes in pages, from both ends, with cursors that are no one else’s', async () => {
    const first = await enter();
    const ids = [first.id];
    for (let count = 1; count < 5; count++) ids.unshift((await logIn(first.email)).id);
    const page = async (args: string) => {
      const asked = `{ me { sessions(${args}) { nodes { id } pageInfo { hasNextPage startCursor endCursor } } } }`;
      return (await first.client.run(asked)).data.me.sessions;
    };
    const idsOf = ({ nodes }: { nodes: { id: string }[] }) => nodes.map(({ id }) => id);
    const start = await page('first: 2');
    expect([idsOf(start), start.pageInfo.hasNextPage]).toEqual([ids.slice(0, 2), true]);
    expect(idsOf(await page(`first: 2, after: "${start.pageInfo.endCursor}"`))).toEqual(ids.slice(2, 4));
    const end = await page('last: 2');
    expect(idsOf(end)).toEqual(ids.slice(3));
    expect(idsOf(await page(`last: 2, before: "${end.pageInfo.startCursor}"`))).toEqual(ids.slice(1, 3));
    const stranger = await enter();
    const asked = `{ me { sessions(after: "${start.pageInfo.endCursor}") { nodes { id } } } }`;
    expect((await stranger.client.run(asked)).fields).toEqual(['after INVALID_CURSOR']);
  });
});

describe('the last use of a session', () => {
  const age = ({ id }: Entered, seconds: number) =>
    server.sql(
      `update session set last_used_at = last_used_at - $2 * interval '1 s', created_at = created_at - $2 * interval '1 s'
       where id = $1`,
      [id, seconds],
    );
  const usesOf = ({ id }: Entered) =>
    server.sql<{ at: Date; agent: string; address: string; row: string }>(
      `select last_used_at at, user_agent agent, ip_address address, xmin::text row from session where id = $1`,
      [id],
    );

  test('is written with its address and program when the one before is more than a minute ago', async () => {
    const entered = await enter();
    await age(entered, 61);
    const [before] = await usesOf(entered);
    const elsewhere = Object.assign(entered.client.withToken(entered.client.token), {
      address: '2001:db8::7',
      userAgent: 'Elsewhere/2',
    });
    await elsewhere.run(me);
    await expect.poll(() => usesOf(entered)).toMatchObject([{ address: '2001:db8::7', agent: 'Elsewhere/2' }]);
    const [written] = await usesOf(entered);
    expect(Number(written?.at) - Number(before?.at)).toBeGreaterThanOrEqual(61_000);
    await entered.client.run(me);
    await age(entered, 50);
    const [unwritten] = await usesOf(entered);
    for (let count = 0; count < 3; count++) await entered.client.run(me);
    expect(await usesOf(entered)).toEqual([unwritten]);
  });

  test('is written once by fifty requests at once', async () => {
    const [entered, probe] = [await enter(), await enter()];
    await server.sql(`create table written (id uuid)`);
    await server.sql(`create function note() returns trigger language plpgsql as
      'begin insert into written values (new.id); return new; end'`);
    await age(entered, 61);
    await age(probe, 61);
    await server.sql(`create trigger note after update on session for each row execute function note()`);
    await Promise.all(Array.from({ length: 50 }, () => entered.client.run(me)));
    await probe.client.run(me);
    await expect.poll(() => server.sql('select id from written where id = $1', [probe.id])).toHaveLength(1);
    expect(await server.sql('select id from written where id = $1', [entered.id])).toHaveLength(1);
  });

  test('waits for no session that is being changed', async () => {
    const [entered, probe] = [await enter(), await enter()];
    for (const each of [entered, probe]) await age(each, 61);
    await whileLocked('select from session where id = $1 for update', entered.id, async () => {
      expect(await statusOf(entered)).toBe(200);
      await probe.client.run(listing);
      await expect.poll(async () => (await usesOf(probe))[0]?.at.getTime()).toBeGreaterThan(Date.now() - 30_000);
      await waiting(0);
    });
  });

  test('keeps no more than 400 characters of what a client calls itself', async () => {
    const { email } = await enter();
    const { client, id } = await logIn(email, Object.assign(server.client(), { userAgent: 'x'.repeat(10_000) }));
    const { nodes } = (await client.run(listing)).data.me.sessions;
    expect(nodes.find((node: { id: string }) => node.id === id).userAgent).toBe('x'.repeat(400));
    const events = (await client.run('{ me { securityEvents { nodes { userAgent } } } }')).data.me.securityEvents;
    expect(events.nodes[0].userAgent).toBe('x'.repeat(400));
  });
});

describe('revokeSession', () => {
  test('ends another session from its next request on, again without a word, and its own', async () => {
    const mine = await enter();
    const other = await logIn(mine.email);
    for (let count = 0; count < 2; count++) {
      expect((await revoke(mine, other.id.toUpperCase())).data.revokeSession).toEqual({ success: true });
    }
    await expectEnded(other);
    expect(await statusOf(mine)).toBe(200);
    expect(await eventsOf(mine)).toHaveLength(1);
    expect((await revoke(mine, mine.id)).data.revokeSession).toEqual({ success: true });
    await expectEnded(mine);
  });

  test('sent twenty times at once ends it once', async () => {
    const mine = await enter();
    const other = await logIn(mine.email);
    const replies = await Promise.all(Array.from({ length: 20 }, () => revoke(mine, other.id)));
    for (const reply of replies) expect(reply.data.revokeSession.success).toBe(true);
    expect(await eventsOf(mine)).toHaveLength(1);
  });

  test("does not find what is no session of one's own", async () => {
    const [mine, stranger] = [await enter(), await enter()];
    const [theirs, task] = [await logIn(stranger.email), await mine.client.createTask()];
    await revoke(stranger, theirs.id);
    const purging = `deleteTask(input: { id: "${task}" }) { deletedIds } purgeTask(input: { id: "${task}" }) { purgedIds }`;
    expect((await mine.client.run(`mutation { ${purging} }`)).data.purgeTask.purgedIds).toEqual([task]);
    for (const id of [madeUp, stranger.id, theirs.id, task, mine.userId]) {
      const reply = await revoke(mine, id);
      expect([reply.status, reply.code, reply.partialData]).toEqual([200, 'NOT_FOUND', { revokeSession: null }]);
    }
    expect((await revoke(mine, 'x')).fields).toEqual(['input.id INVALID_ID']);
    expect([await statusOf(mine), await statusOf(stranger)]).toEqual([200, 200]);
  });

  test('succeeds where the session has ended in another way', async () => {
    const mine = await enter();
    const other = await logIn(mine.email);
    await other.client.run('mutation { logoutEverywhere { success } }');
    const back = await logIn(mine.email);
    expect((await revoke(back, other.id)).data.revokeSession.success).toBe(true);
  });
});

describe.each([
  ['logout', 1],
  ['logoutEverywhere', 0],
])('%s', (field, left) => {
  const leave = ({ client }: Entered) => client.run(`mutation { ${field} { success } }`);

  test(`ends its own session with all tokens, and leaves ${left} of the others`, async () => {
    const [mine, stranger] = [await enter(), await enter()];
    const other = await logIn(mine.email);
    expect((await leave(mine)).data).toEqual({ [field]: { success: true } });
    await expectEnded(mine);
    if (left === 0) await expectEnded(other);
    expect([await statusOf(other), await statusOf(stranger)]).toEqual([left === 0 ? 401 : 200, 200]);
    expect(await eventsOf(mine)).toHaveLength(1);
  });

  test('is not undone by a refresh that is under way', async () => {
    const mine = await enter();
    await whileLocked('select from refresh_token where session_id = $1 for update', mine.id, async (release) => {
      const refreshed = refresh(mine.refreshToken);
      await waiting(1);
      const left = leave(mine);
      await waiting(2);
      await release();
      expect((await left).data[field].success).toBe(true);
      const { accessToken } = (await refreshed).data.refreshSession;
      expect((await mine.client.withToken(accessToken).run(me)).status).toBe(401);
    });
    await expectEnded(mine);
  });
});

describe('the hundredth session', () => {
  const others = `insert into session (user_id, id, created_at, last_used_at, expires_at)
    select $1, gen_random_uuid(), now() - n * interval '1 minute', now(), now() + interval '1 day' * $2
    from generate_series(1, $3::int) n`;

  test('may stay; the one after it ends the oldest', async () => {
    const oldest = await enter();
    await server.sql(`update session set created_at = now() - interval '1 day' where id = $1`, [oldest.id]);
    await server.sql(others, [oldest.userId, 1, 98]);
    const hundredth = await logIn(oldest.email);
    expect(await statusOf(oldest)).toBe(200);
    const next = await logIn(oldest.email);
    await expectEnded(oldest);
    expect(await statusOf(hundredth)).toBe(200);
    expect((await next.client.run(listing)).data.me.sessions.totalCount).toBe(100);
  });

  test('is none that has expired', async () => {
    const oldest = await enter();
    await server.sql(`update session set created_at = now() - interval '1 day' where id = $1`, [oldest.id]);
    await server.sql(others, [oldest.userId, -1, 150]);
    await logIn(oldest.email);
    expect(await statusOf(oldest)).toBe(200);
  });
});
