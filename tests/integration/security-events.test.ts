import { randomUUID } from 'node:crypto';
import jwt from 'jsonwebtoken';
import { beforeAll, describe, expect, test } from 'vitest';
import { Client } from '../support/client.ts';
import { useServer } from '../support/server.ts';

const server = useServer();

const passwords = ['canary sparrow one', 'canary sparrow two', 'canary sparrow three'] as const;
const [password, otherPassword, wrongPassword] = passwords;
const listing = '{ me { securityEvents { totalCount nodes { id kind at ipAddress userAgent } } } }';
const instant = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

interface Event {
  readonly id: string;
  readonly kind: string;
}

interface Tokens {
  readonly accessToken: string;
  readonly refreshToken: string;
}

const idOf = ({ token }: Client): string => jwt.decode(token ?? '', { json: true })?.sub ?? '';
const signUp = () => Client.signUp(server.url, `${randomUUID()}@example.com`, password);
const eventsOf = async (user: Client): Promise<Event[]> => (await user.run(listing)).data.me.securityEvents.nodes;
const kindsOf = async (user: Client) => (await eventsOf(user)).map(({ kind }) => kind);
const linesOf = (userId: string): Record<string, unknown>[] =>
  server
    .logs()
    .split('\n')
    .filter((line) => line.includes('securityEvent') && line.includes(userId))
    .map((line) => JSON.parse(line));

async function logIn(client: Client, { email }: Client, given: string = password): Promise<Tokens> {
  const operation = `mutation ($email: String!, $given: String!) {
    login(input: { email: $email, password: $given }) { accessToken refreshToken }
  }`;
  return (await client.run(operation, { email, given })).partialData.login;
}

function refresh(client: Client, token: string) {
  const operation = 'mutation ($token: String!) { refreshSession(input: { refreshToken: $token }) { refreshToken } }';
  return client.run(operation, { token });
}

/** Does whatever is recorded, each from a place and with a program of its own, and answers what is to be found. */
async function doEverything() {
  const made = await signUp();
  const places: [string, Client][] = [['SIGNUP', made]];
  const from = (kind: string) => {
    const client = Object.assign(server.client(), { userAgent: `program of ${kind}` });
    places.unshift([kind, client]);
    return client;
  };
  await logIn(from('LOGIN_FAILED'), made, wrongPassword);
  const { accessToken, refreshToken } = await logIn(from('LOGIN'), made);
  await refresh(made, refreshToken);
  await refresh(from('REFRESH_REPLAYED'), refreshToken);
  const third = await logIn(from('LOGIN'), made);
  const change = `mutation { changePassword(input: { currentPassword: "${password}", newPassword: "${otherPassword}" }) {
    accessToken refreshToken } }`;
  const changing = from('PASSWORD_CHANGED');
  const changer = Object.assign(made.withToken(third.accessToken), { address: changing.address });
  changer.userAgent = changing.userAgent;
  const fourth: Tokens = (await changer.run(change)).data.changePassword;
  const leaver = from('SESSION_ENDED').withToken(fourth.accessToken);
  await leaver.run('mutation { logout { success } }');
  const last = from('LOGIN');
  const fifth = await logIn(last, made, otherPassword);
  const secrets = [accessToken, refreshToken, made.token ?? '', ...[third, fourth, fifth].flatMap(Object.values)];
  return { made, places, user: last.withToken(fifth.accessToken), secrets };
}

describe('me { securityEvents }', () => {
  test('lists each thing that happened once, newest first, with its address and program', async () => {
    const { user, places, made } = await doEverything();
    const { totalCount, nodes } = (await user.run(listing)).data.me.securityEvents;
    const expected = places.map(([kind, { address, userAgent }]) => ({ kind, ipAddress: address, userAgent }));
    // The sign-up came from a client that the test does not hold.
    Object.assign(expected.at(-1) ?? {}, { ipAddress: expect.stringMatching(/^10\./), userAgent: made.userAgent });
    expect(nodes).toMatchObject(expected);
    expect(totalCount).toBe(expected.length);
    for (const { at } of nodes) expect(at).toMatch(instant);
    expect(nodes.map(({ at }: { at: string }) => at)).toEqual(
      nodes
        .map(({ at }: { at: string }) => at)
        .sort()
        .reverse(),
    );
  });

  test('is written to the log as well, without a password, a token or the e-mail address', async () => {
    const { user, places, made, secrets } = await doEverything();
    const userId = idOf(user);
    const lines = linesOf(userId);
    expect(lines.map(({ securityEvent }) => securityEvent).reverse()).toEqual(places.map(([kind]) => kind));
    const addresses = places.slice(0, -1).map(([, { address }]) => address);
    expect(
      lines
        .map(({ address }) => address)
        .reverse()
        .slice(0, -1),
    ).toEqual(addresses);
    for (const line of lines) {
      const isTheft = line.securityEvent === 'REFRESH_REPLAYED';
      expect(line).toMatchObject({ level: isTheft ? 'warn' : 'info', userId, msg: 'security event' });
    }
    for (const secret of [...secrets, ...passwords, made.email]) expect(server.logs()).not.toContain(secret);
  });

  test('names who tried to log in to no account by the address alone', async () => {
    const [client, email] = [server.client(), `${randomUUID()}@example.com`];
    await logIn(client, new Client(server.url, null, email), wrongPassword);
    const lines = server
      .logs()
      .split('\n')
      .filter((line) => line.includes(client.address));
    expect(lines).toHaveLength(1);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ securityEvent: 'LOGIN_FAILED', userId: null });
    expect(lines[0]).not.toContain(email);
    expect(await server.sql('select from security_event where ip_address = $1', [client.address])).toHaveLength(0);
  });

  test("is one's own", async () => {
    const [mine, stranger] = [await signUp(), await signUp()];
    await logIn(server.client(), stranger, wrongPassword);
    expect(await kindsOf(mine)).toEqual(['SIGNUP']);
    expect(await kindsOf(stranger)).toEqual(['LOGIN_FAILED', 'SIGNUP']);
    const [theirs] = await eventsOf(stranger);
    const node = `{ node(id: "${theirs?.id}") { ... on SecurityEvent { id kind } } }`;
    expect((await mine.run(node)).data.node).toBeNull();
    expect((await stranger.run(node)).data.node).toEqual({ id: theirs?.id, kind: 'LOGIN_FAILED' });
  });

  test('is there for what fails within a session as well', async () => {
    const user = await signUp();
    const before = (await kindsOf(user)).length;
    await user.run(`mutation { deleteAccount(input: { password: "${wrongPassword}" }) { success } }`);
    const change = `currentPassword: "${wrongPassword}", newPassword: "${otherPassword}"`;
    await user.run(`mutation { changePassword(input: { ${change} }) { expiresIn } }`);
    expect((await kindsOf(user)).slice(0, -before)).toEqual(['LOGIN_FAILED', 'LOGIN_FAILED']);
  });

  test('leave the id of a session that ended to nothing else', async () => {
    const mine = await signUp();
    const { accessToken } = await logIn(server.client(), mine);
    const ended: string = jwt.decode(accessToken, { json: true })?.sid;
    await mine.run('mutation { logoutEverywhere { success } }');
    const create = 'mutation ($id: ID!) { createTask(input: { id: $id, title: "x" }) { task { id } } }';
    const again = (await logIn(server.client(), mine)).accessToken;
    expect((await mine.withToken(again).run(create, { id: ended })).fields).toEqual(['input.id TAKEN']);
  });

  test('comes in pages, from both ends', async () => {
    const user = await signUp();
    for (let count = 0; count < 4; count++) await logIn(server.client(), user);
    const ids = (await eventsOf(user)).map(({ id }) => id);
    const page = async (args: string) => {
      const asked = `{ me { securityEvents(${args}) { nodes { id } pageInfo { hasNextPage startCursor endCursor } } } }`;
      const { nodes, pageInfo } = (await user.run(asked)).data.me.securityEvents;
      return { ids: nodes.map(({ id }: Event) => id), pageInfo };
    };
    const start = await page('first: 2');
    expect([start.ids, start.pageInfo.hasNextPage]).toEqual([ids.slice(0, 2), true]);
    expect((await page(`first: 9, after: "${start.pageInfo.endCursor}"`)).ids).toEqual(ids.slice(2));
    const end = await page('last: 2');
    expect(end.ids).toEqual(ids.slice(3));
    expect((await page(`last: 2, before: "${end.pageInfo.startCursor}"`)).ids).toEqual(ids.slice(1, 3));
    const sessions = `{ me { sessions(after: "${end.pageInfo.startCursor}") { nodes { id } } } }`;
    expect((await user.run(sessions)).fields).toEqual(['after INVALID_CURSOR']);
  });

  test('goes back 90 days', async () => {
    const user = await signUp();
    for (let count = 0; count < 2; count++) await logIn(server.client(), user);
    const [newest, middle, oldest] = await eventsOf(user);
    const age = (event: Event | undefined, by: string) =>
      server.sql('update security_event set at = now() - $2::interval where id = $1', [event?.id, by]);
    await age(middle, '89 days 23:59');
    await age(oldest, '91 days');
    expect((await eventsOf(user)).map(({ id }) => id)).toEqual([newest?.id, middle?.id]);
    const node = `{ node(id: "${oldest?.id}") { id } }`;
    expect((await user.run(node)).data.node).toBeNull();
  });
});

describe('what is over', () => {
  let user: Client;
  let ids: string[];

  // Before the second instance starts: an instance purges when it starts, and every hour.
  beforeAll(async () => {
    user = await signUp();
    for (let count = 0; count < 3; count++) await logIn(server.client(), user);
    ids = (await eventsOf(user)).map(({ id }) => id);
    const old = 'update security_event set at = now() - $2::interval where id = $1';
    await server.sql(old, [ids[2], '89 days 23:00']);
    await server.sql(old, [ids[3], '90 days 1 s']);
    await server.sql(
      `insert into security_event (user_id, id, kind, at)
       select $1, gen_random_uuid(), 'LOGIN', now() - interval '91 days' from generate_series(1, 2500)`,
      [idOf(user)],
    );
    await server.sql(
      `insert into session (user_id, id, created_at, last_used_at, expires_at)
       select $1, gen_random_uuid(), now(), now(), now() - interval '1 s' from generate_series(1, 2500)`,
      [idOf(user)],
    );
    await server.sql(
      `insert into throttle (key, count, ends_at) values ('over', 1, now() - interval '1 s'), ('not over', 1, now() + interval '1 h')`,
    );
  });
  useServer({
    get databaseUrl() {
      return server.databaseUrl;
    },
  });

  test('is purged when an instance starts: events after 90 days, expired sessions, throttles', async () => {
    const left = () => server.sql('select id from security_event where user_id = $1', [idOf(user)]);
    await expect.poll(async () => (await left()).length).toBe(3);
    expect((await eventsOf(user)).map(({ id }) => id)).toEqual(ids.slice(0, 3));
    const sessions = 'select from session where user_id = $1';
    await expect.poll(async () => (await server.sql(sessions, [idOf(user)])).length).toBe(4);
    await expect
      .poll(() => server.sql(`select key from throttle where key in ('over', 'not over')`))
      .toEqual([{ key: 'not over' }]);
  });
});
