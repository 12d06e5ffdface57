import { randomUUID } from 'node:crypto';
import bcrypt from 'bcrypt';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { Client, type Reply } from '../support/client.ts';
import { useServer } from '../support/server.ts';
import { collectStatements } from '../support/statements.ts';

afterEach(() => {
  vi.restoreAllMocks();
});

const signup = `mutation ($email: String!, $password: String!) {
  signup(input: { email: $email, password: $password }) { accessToken }
}`;
const login = `mutation ($email: String!, $password: String!) {
  login(input: { email: $email, password: $password }) { accessToken }
}`;
const changePassword = `mutation ($current: String!, $new: String!) {
  changePassword(input: { currentPassword: $current, newPassword: $new }) { accessToken }
}`;
const deleteAccount = `mutation ($password: String!) { deleteAccount(input: { password: $password }) { success } }`;
const right = 'correct horse';

describe('what tells whether an address has an account', () => {
  // Above what the other tests' accounts have, so that half of the work would show.
  const server = useServer({ bcryptCost: 6 });

  /** The body, the hashes and the statements of a log-in, without what differs between any two of them. */
  async function observe(email: string) {
    const compare = vi.spyOn(bcrypt, 'compare');
    try {
      const { result, statements } = await collectStatements(() =>
        server.client().run(login, { email, password: 'wrong horse' }),
      );
      const { text, status, headers } = result;
      return {
        status,
        headers: [...headers.keys()].sort(),
        body: text.replace(/"requestId":"[^"]+"/, ''),
        compared: compare.mock.calls.map(([, hash]) => bcrypt.getRounds(String(hash))),
        statements: statements.map((statement) => statement.text),
      };
    } finally {
      compare.mockRestore();
    }
  }

  test('is neither the answer to a wrong password, nor a statement, nor a hash', async () => {
    const user = await server.newUser();
    const deleted = await server.newUser();
    expect((await deleted.run(deleteAccount, { password: right })).data.deleteAccount.success).toBe(true);
    const wrong = await observe(user.email);
    expect(wrong).toMatchObject({ status: 200, compared: [6] });
    expect(wrong.body).toContain('INVALID_CREDENTIALS');
    expect(wrong.statements.length).toBeGreaterThan(3);
    expect(await observe(`${randomUUID()}@example.com`)).toEqual(wrong);
    expect(await observe(deleted.email)).toEqual(wrong);
    expect(await observe(user.email.toUpperCase())).toEqual(wrong);
  });

  test('is no hash of an old account either, which is cheaper to compute', async () => {
    const email = `${randomUUID()}@example.com`;
    await server.sql(
      'insert into "user" (id, email, password_hash, created_at) values (gen_random_uuid(), $1, $2, now())',
      [email, await bcrypt.hash(right, 4)],
    );
    const old = await observe(email);
    const unknown = await observe(`${randomUUID()}@example.com`);
    expect({ ...old, compared: [] }).toEqual({ ...unknown, compared: [] });
    const work = (costs: number[]) => costs.reduce((sum, cost) => sum + 2 ** cost, 0);
    expect(work(old.compared)).toBe(work(unknown.compared));
  });

  test('is not told by what is refused after too many tries', async () => {
    const refused = async (email: string) => {
      const client = server.client();
      for (let i = 0; i < 10; i++) await client.run(login, { email, password: 'wrong horse' });
      const compare = vi.spyOn(bcrypt, 'compare');
      const { result, statements } = await collectStatements(() => client.run(login, { email, password: right }));
      expect(result.code).toBe('RATE_LIMITED');
      expect(compare).not.toHaveBeenCalled();
      compare.mockRestore();
      return statements.map(({ text }) => text);
    };
    expect(await refused(`${randomUUID()}@example.com`)).toEqual(await refused((await server.newUser()).email));
  });
});

describe('a new password', () => {
  const server = useServer();
  const email = () => `Grace.${randomUUID()}@Example.com`;

  test.each(['password123', 'PASSWORD123', '12345678', 'iloveyou1'])(
    'cannot be %s, which is guessed first',
    async (password) => {
      const reply = await server.client().run(signup, { email: email(), password });
      expect([reply.code, reply.fields]).toEqual(['BAD_USER_INPUT', ['input.password TOO_COMMON']]);
      const user = await server.newUser();
      const change = await user.run(changePassword, { current: right, new: password });
      expect([change.code, change.fields]).toEqual(['BAD_USER_INPUT', ['input.newPassword TOO_COMMON']]);
      expect(reply.text + change.text).not.toContain(password);
    },
  );

  test('cannot be the address of the account, nor its first part, in any case', async () => {
    const address = email();
    const [name = ''] = address.split('@');
    const user = await Client.signUp(server.url, `other.${address}`);
    for (const variant of [address, address.toUpperCase(), name, name.toLowerCase()]) {
      const reply = await server.client().run(signup, { email: ` ${address} `, password: variant });
      expect([reply.code, reply.fields]).toEqual(['BAD_USER_INPUT', ['input.password SAME_AS_EMAIL']]);
      const change = await user.run(changePassword, { current: right, new: `oTHER.${variant}` });
      expect([change.code, change.fields]).toEqual(['BAD_USER_INPUT', ['input.newPassword SAME_AS_EMAIL']]);
    }
    expect((await user.run(login, { email: user.email, password: right })).data.login.accessToken).toBeTruthy();
  });

  test.each([
    ['short', '1 seven', 'TOO_SHORT'],
    ['seven characters, however many bytes', '🐎🔋📎✅🐎🔋📎', 'TOO_SHORT'],
    ['longer than 72 bytes', `${'é'.repeat(36)}x`, 'TOO_LONG'],
  ])('cannot be %s', async (_name, password, code) => {
    const reply = await server.client().run(signup, { email: email(), password });
    expect(reply.fields).toEqual([`input.password ${code}`]);
    const change = await (await server.newUser()).run(changePassword, { current: right, new: password });
    expect(change.fields).toEqual([`input.newPassword ${code}`]);
  });
});

describe('a password', () => {
  const server = useServer();

  test.each([
    ['letters alone', 'horsebatterystaple'],
    ['capitals alone', 'HORSEBATTERYSTAPLE'],
    ['digits alone', '70930118542761'],
    ['punctuation alone', '?!…—»«;:§¶'],
    ['spaces around', '  horse and battery  '],
    ['letters of many scripts', 'лошадь 馬 ἵππος'],
    ['eight emoji', '🐎🔋📎✅🐎🔋📎✅'],
    ['64 characters', 'correct horse battery staple '.repeat(3).slice(0, 64)],
  ])('of %s is accepted, and compared exactly as it was sent', async (_name, password) => {
    const { email } = await Client.signUp(server.url, `${randomUUID()}@example.com`, password);
    const logIn = (given: string) => server.client().run(login, { email, password: given });
    expect((await logIn(password)).data.login.accessToken).toBeTruthy();
    const changed = [password.toUpperCase(), password.toLowerCase(), password.trim(), `${password} `];
    const others = [...changed, password.slice(0, -1), password.normalize('NFD'), password.normalize('NFKC')];
    for (const other of others.filter((each) => each !== password)) {
      expect((await logIn(other)).code, JSON.stringify(other)).toBe('INVALID_CREDENTIALS');
    }
  });

  test('does not have to be renewed, however old it is', async () => {
    const user = await server.newUser();
    await server.sql(`update "user" set created_at = now() - interval '20 years' where email = $1`, [user.email]);
    await server.sql(
      `update security_event set at = now() - interval '20 years'
       where user_id = (select id from "user" where email = $1)`,
      [user.email],
    );
    expect(
      (await server.client().run(login, { email: user.email, password: right })).data.login.accessToken,
    ).toBeTruthy();
  });
});

describe('the hash of a password', () => {
  const server = useServer({ bcryptCost: 5 });

  async function userWithHash(cost: number): Promise<{ email: string; hash: () => Promise<string> }> {
    const email = `${randomUUID()}@example.com`;
    const made = await bcrypt.hash(right, cost);
    await server.sql(
      'insert into "user" (id, email, password_hash, created_at) values (gen_random_uuid(), $1, $2, now())',
      [email, made],
    );
    const read = 'select password_hash as hash from "user" where email = $1';
    return { email, hash: async () => (await server.sql<{ hash: string }>(read, [email]))[0]?.hash ?? '' };
  }

  const logIn = (email: string, password: string) => server.client().run(login, { email, password });

  test('is renewed at the next log-in where it was cheaper than new ones are, and not by a wrong password', async () => {
    const { email, hash } = await userWithHash(4);
    const old = await hash();
    expect((await logIn(email, 'wrong horse')).code).toBe('INVALID_CREDENTIALS');
    expect(await hash()).toBe(old);
    expect((await logIn(email, right)).data.login.accessToken).toBeTruthy();
    const renewed = await hash();
    expect([bcrypt.getRounds(renewed), await bcrypt.compare(right, renewed)]).toEqual([5, true]);
    expect((await logIn(email, right)).data.login.accessToken).toBeTruthy();
    expect((await logIn(email, 'wrong horse')).code).toBe('INVALID_CREDENTIALS');
    expect(await hash()).toBe(renewed);
  });

  test.each([5, 6])('stays where its cost is %i and that of new ones 5', async (cost) => {
    const { email, hash } = await userWithHash(cost);
    const old = await hash();
    expect((await logIn(email, right)).data.login.accessToken).toBeTruthy();
    expect(await hash()).toBe(old);
  });

  test('is renewed by several log-ins at once, each of which gets in', async () => {
    const { email, hash } = await userWithHash(4);
    const replies = await Promise.all(Array.from({ length: 5 }, () => logIn(email, right)));
    expect(replies.filter((reply) => reply.partialData.login === null).map(String)).toEqual([]);
    expect(bcrypt.getRounds(await hash())).toBe(5);
  });
});

describe('300 log-ins at once', () => {
  const server = useServer({ bcryptAtOnce: 2 });

  test('are answered, but for those that 200 wait before: told at once to come back, at no try, while others read', async () => {
    const user = await server.newUser();
    await user.createTask('Read me');
    const { compare, goOn } = holdComparisons();
    const replies: { reply: Reply; address: string }[] = [];
    const attempts = Array.from({ length: 300 }, async () => {
      const client = server.client();
      const reply = await client.run(login, { email: `${randomUUID()}@example.com`, password: right });
      replies.push({ reply, address: client.address });
    });
    // No hash is done yet, so nobody waited for one.
    await expect.poll(() => replies.length).toBe(98);
    expect(compare).toHaveBeenCalledTimes(2);
    expect((await user.run('{ tasks(first: 1) { nodes { title } } }')).data.tasks.nodes).toHaveLength(1);
    for (const { reply } of replies) {
      expect([reply.status, reply.code]).toEqual([200, 'SERVICE_UNAVAILABLE']);
      expect([reply.error.extensions.retryAfter, reply.headers.get('retry-after')]).toEqual([5, '5']);
    }
    const refused = replies.map(({ address }) => address);
    goOn();
    await Promise.all(attempts);
    const answered = replies.filter(({ reply }) => reply.code === 'INVALID_CREDENTIALS');
    expect(answered.length).toBeGreaterThanOrEqual(2);
    expect(await countsOf(refused)).toEqual([]);
    expect(await countsOf(answered.map(({ address }) => address))).toEqual(answered.map(() => 1));
  });

  /** Lets comparisons begin and none end until they may. */
  function holdComparisons() {
    const real = bcrypt.compare.bind(bcrypt);
    const { promise, resolve: goOn } = Promise.withResolvers<void>();
    const held = async (...given: Parameters<typeof real>) => {
      await promise;
      return real(...given);
    };
    return { compare: vi.spyOn(bcrypt, 'compare').mockImplementation(held), goOn };
  }

  /** What is counted of each address. */
  async function countsOf(addresses: readonly string[]): Promise<number[]> {
    const keys = addresses.map((address) => `log-in from ${address}`);
    const rows = await server.sql<{ count: number }>('select count from throttle where key = any($1)', [keys]);
    return rows.map(({ count }) => count);
  }
});
