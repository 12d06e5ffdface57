import { createHash } from 'node:crypto';
import bcrypt from 'bcrypt';
import pg from 'pg';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { Client, type Reply } from '../support/client.ts';
import { useServer } from '../support/server.ts';

const server = useServer();
/** Another instance on the same database. */
const second = useServer({
  get databaseUrl() {
    return server.databaseUrl;
  },
});
const [right, wrong] = ['correct horse', 'wrong horse'];

afterEach(() => {
  vi.restoreAllMocks();
});

const operations = {
  login:
    'mutation ($email: String!, $password: String!) { login(input: { email: $email, password: $password }) { expiresIn } }',
  changePassword: `mutation ($password: String!) {
    changePassword(input: { currentPassword: $password, newPassword: "battery staple" }) { expiresIn }
  }`,
  deleteAccount: 'mutation ($password: String!) { deleteAccount(input: { password: $password }) { success } }',
};

function tryAt(user: Client, password: string, name: keyof typeof operations = 'login'): Promise<Reply> {
  return user.run(operations[name], name === 'login' ? { email: user.email, password } : { password });
}

/** The same user somewhere else. */
function elsewhere(user: Client): Client {
  return Object.assign(user.at(user.url), { address: new Client('').address });
}

async function fail(times: number, from: () => Client): Promise<void> {
  for (let i = 0; i < times; i++) expect((await tryAt(from(), wrong)).code).toBe('INVALID_CREDENTIALS');
}

function outcomeOf(reply: Reply): string {
  return Object.values(reply.partialData).includes(null) ? reply.code : 'in';
}

/** Lets comparisons with a password begin, and end only when they are told to. */
function hold(password: string) {
  const real = bcrypt.compare.bind(bcrypt);
  const { promise, resolve: release } = Promise.withResolvers<void>();
  const compared: unknown[] = [];
  const held = async (...given: Parameters<typeof real>) => {
    compared.push(given[0]);
    if (given[0] === password) await promise;
    return real(...given);
  };
  vi.spyOn(bcrypt, 'compare').mockImplementation(held);
  return { compared, release };
}

/** How often a try was asked for from now on, by all instances. */
function watchTries(): () => number {
  const query = vi.spyOn(pg.Client.prototype, 'query');
  const textOf = (given: unknown) => String((given as { text?: string }).text ?? given);
  return () => query.mock.calls.filter(([given]) => textOf(given).includes('insert into throttle')).length;
}

function accountKey(email: string): string {
  return `log-in to ${createHash('sha256').update(email).digest('base64url')}`;
}

/** What is counted of a user's tries from the place of its own. */
async function counted({ email, address }: Client): Promise<Record<string, unknown>[]> {
  const keys = [`log-in from ${address}`, `${accountKey(email)} from ${address}`];
  return server.sql('select count, undecided from throttle where key = any($1) order by key', [keys]);
}

describe('right log-ins at once', () => {
  test.each([
    [30, 'of one account from one place', 1, 0],
    [30, 'of one account from thirty places', 30, 0],
    [30, 'of one account and place that have one try left', 1, 9],
    [10, 'of one account that strangers have left two tries, from ten places', 10, 48],
  ])('%i %s are none of them refused', async (times, _name, places, failures) => {
    const user = await server.newUser();
    // Nobody has logged in from anywhere.
    await server.sql("update security_event set network = null where kind = 'SIGNUP'");
    await fail(failures, () => (places === 1 ? user : elsewhere(user)));
    const from = places === 1 ? [user] : Array.from({ length: places }, () => elsewhere(user));
    const sent = Array.from({ length: times }, (_, i) => {
      const client = from[i % places] ?? user;
      // From one place, twenty may wait at one instance.
      return tryAt(i % 2 ? client.at(second.url) : client, right);
    });
    const outcomes = (await Promise.all(sent)).map(outcomeOf);
    expect(new Set(outcomes)).toEqual(new Set(['in']));
    for (const client of from) expect((await counted(client)).map(({ undecided }) => undecided)).toEqual([0, 0]);
  });

  test('are refused after twelve wrong ones at once, of which ten were compared', async () => {
    const user = await server.newUser();
    const { compared, release } = hold(wrong);
    const guesses = Array.from({ length: 12 }, (_, i) => tryAt(i % 2 ? user.at(second.url) : user, wrong));
    await expect.poll(() => compared).toHaveLength(4);
    release();
    const codes = (await Promise.all(guesses)).map(({ code }) => code).toSorted();
    expect(codes).toEqual([...Array(10).fill('INVALID_CREDENTIALS'), 'RATE_LIMITED', 'RATE_LIMITED']);
    expect(compared).toHaveLength(10);
    const { code, error } = await tryAt(user, right);
    expect([code, Number(error.extensions.retryAfter) > 800]).toEqual(['RATE_LIMITED', true]);
  });
});

describe.each(['login', 'changePassword', 'deleteAccount'] as const)('%s, where another has the last try', (name) => {
  test.each([
    [wrong, 'fails', 'RATE_LIMITED'],
    [right, 'is let in', 'in'],
  ])('waits until that one, with the %s, %s', async (password, _outcome, expected) => {
    const user = await server.newUser();
    await fail(9, () => user);
    const { compared, release } = hold(password);
    const first = tryAt(user.at(second.url), password);
    await expect.poll(() => compared).toHaveLength(1);
    const tries = watchTries();
    const waiting = tryAt(user, right, name);
    await expect.poll(tries).toBeGreaterThan(1);
    expect(await counted(user)).toEqual([
      { count: 10, undecided: 1 },
      { count: 10, undecided: 1 },
    ]);
    release();
    expect(outcomeOf(await first)).toBe(password === right ? 'in' : 'INVALID_CREDENTIALS');
    const reply = await waiting;
    expect(outcomeOf(reply), String(reply)).toBe(expected);
    if (expected !== 'in') expect(Number(reply.error.extensions.retryAfter)).toBeGreaterThan(800);
  });
});

test('what an instance that was killed left undecided is waited for, then has failed, and is over with its window', async () => {
  const user = await server.newUser();
  await fail(1, () => user);
  const change = (to: string) =>
    server.sql(`update throttle set ${to} where key like $1`, [`log-in to % from ${user.address}`]);
  await change("count = 10, undecided = 10, decided_by = now() + interval '15 s'");
  const tries = watchTries();
  const waiting = tryAt(user, right);
  await expect.poll(tries).toBeGreaterThan(1);
  const start = performance.now.bind(performance);
  const later = vi.spyOn(performance, 'now').mockImplementation(() => start() + 5_000);
  const { code, error } = await waiting;
  expect([code, error.extensions.retryAfter]).toEqual(['SERVICE_UNAVAILABLE', 15]);
  later.mockRestore();
  await change("decided_by = now() - interval '1 ms'");
  expect((await tryAt(user, right)).code).toBe('RATE_LIMITED');
  await change("ends_at = now() - interval '1 ms'");
  expect(outcomeOf(await tryAt(user, right))).toBe('in');
});

test('a log-in starts the count anew, but for guesses that are undecided', async () => {
  const user = await server.newUser();
  await fail(5, () => user);
  const { compared, release } = hold(wrong);
  const guess = tryAt(user, wrong);
  await expect.poll(() => compared).toHaveLength(1);
  expect(outcomeOf(await tryAt(user, right))).toBe('in');
  release();
  expect((await guess).code).toBe('INVALID_CREDENTIALS');
  expect(await counted(user)).toEqual([
    { count: 6, undecided: 0 },
    { count: 1, undecided: 0 },
  ]);
});

test('what is given back when its window is over is not taken off the next one', async () => {
  const user = await server.newUser();
  const { compared, release } = hold(right);
  const late = tryAt(user, right);
  await expect.poll(() => compared).toHaveLength(1);
  await server.sql("update throttle set ends_at = now() - interval '1 ms'");
  await fail(3, () => user);
  release();
  expect(outcomeOf(await late)).toBe('in');
  expect(await counted(user)).toEqual([
    { count: 3, undecided: 0 },
    { count: 3, undecided: 0 },
  ]);
});

test('tries that nobody has decided in time count as failures', async () => {
  const user = await server.newUser();
  await fail(9, () => user);
  const leave =
    "update throttle set undecided = 5, decided_by = now() - interval '1 second' where key = $1 returning key";
  expect(await server.sql(leave, [`${accountKey(user.email)} from ${user.address}`])).toHaveLength(1);
  await fail(1, () => user);
  expect((await tryAt(user, right)).code).toBe('RATE_LIMITED');
});

test('sign-ups that find no room in the queue count for nothing', async () => {
  const { address } = new Client('');
  const real: (...given: [password: string, cost: number]) => Promise<string> = bcrypt.hash.bind(bcrypt);
  const { promise, resolve: release } = Promise.withResolvers<void>();
  const held = async (...given: Parameters<typeof real>) => {
    await promise;
    return real(...given);
  };
  // bcrypt's other form, with a callback, is not called.
  vi.spyOn(bcrypt, 'hash').mockImplementation(held as typeof bcrypt.hash);
  const refused: string[] = [];
  const sent = Array.from({ length: 25 }, async (_, i) => {
    const operation = `mutation { signup(input: { email: "${i}.${address}@example.com", password: "${right}" }) { expiresIn } }`;
    const reply = await Object.assign(server.client(), { address }).run(operation);
    if (reply.partialData.signup === null) refused.push(reply.code);
  });
  await expect.poll(() => refused.length).toBe(5);
  release();
  await Promise.all(sent);
  expect(refused).toEqual(Array(5).fill('SERVICE_UNAVAILABLE'));
});

test.each(['login', 'signup'] as const)('rows of tries that somebody keeps hold up nobody else: %s', async (name) => {
  const user = await server.newUser();
  const other = await server.newUser();
  const signUp = 'mutation ($input: SignupInput!) { signup(input: $input) { expiresIn } }';
  const attempt = (index: number) =>
    name === 'login'
      ? tryAt(user, right)
      : user.run(signUp, { input: { email: `held${index}@example.com`, password: right } });
  expect(outcomeOf(await attempt(4))).toBe('in');
  const holder = new pg.Client({ connectionString: server.databaseUrl });
  await holder.connect();
  try {
    await holder.query('begin');
    const { rowCount } = await holder.query('select from throttle where key like $1 for update', [`%${user.address}%`]);
    expect(rowCount).toBeGreaterThan(0);
    const held = Promise.all(Array.from({ length: 4 }, (_, index) => attempt(index)));
    const start = performance.now();
    for (let round = 0; round < 2; round++) expect(outcomeOf(await tryAt(other, right))).toBe('in');
    expect(performance.now() - start).toBeLessThan(2_900);
    await holder.query('rollback');
    expect((await held).map(outcomeOf)).toEqual(['in', 'in', 'in', 'in']);
  } finally {
    await holder.end();
  }
});
