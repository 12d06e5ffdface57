import { randomBytes, randomUUID } from 'node:crypto';
import bcrypt from 'bcrypt';
import { afterEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { Client, type Reply } from '../support/client.ts';
import { startServer, useServer } from '../support/server.ts';

const server = useServer();
const right = 'correct horse';

afterEach(() => {
  vi.restoreAllMocks();
});

const login = `mutation ($email: String!, $password: String!) {
  login(input: { email: $email, password: $password }) { user { id } }
}`;

/** A place that nothing has come from so far. */
const newAddress = () => new Client('').address;

function logIn(address: string, email: string, password: string, url = server.url): Promise<Reply> {
  return Object.assign(new Client(url), { address }).run(login, { email, password });
}

/** INVALID_CREDENTIALS, RATE_LIMITED, or that somebody is in. */
function outcome(reply: Reply): string {
  return reply.partialData.login === null ? reply.code : 'in';
}

const logInTo = async (...attempt: Parameters<typeof logIn>) => outcome(await logIn(...attempt));

async function fail(times: number, email: string, addressOf: () => string): Promise<void> {
  for (let i = 0; i < times; i++) expect(await logInTo(addressOf(), email, 'wrong horse')).toBe('INVALID_CREDENTIALS');
}

function expectLimited(reply: Reply, longest = 900): void {
  expect([reply.status, reply.code], String(reply)).toEqual([200, 'RATE_LIMITED']);
  const { retryAfter } = reply.error.extensions;
  expect(retryAfter).toBeGreaterThanOrEqual(longest - 60);
  expect(retryAfter).toBeLessThanOrEqual(longest);
  expect(reply.headers.get('retry-after')).toBe(String(retryAfter));
}

/** An account that was made at `address`. */
async function signUp(address = newAddress(), email = `${randomUUID()}@example.com`, password = right) {
  const operation = `mutation ($email: String!, $password: String!) {
    signup(input: { email: $email, password: $password }) { accessToken user { id } }
  }`;
  const client = Object.assign(server.client(), { address });
  const { accessToken, user } = (await client.run(operation, { email, password })).data.signup;
  return { email, address, id: String(user.id), client: client.withToken(accessToken) };
}

/** What is counted of an address, over all accounts. */
async function countFrom(address: string): Promise<number> {
  const rows = await server.sql<{ count: number }>('select count from throttle where key = $1', [
    `log-in from ${address}`,
  ]);
  return rows[0]?.count ?? 0;
}

async function failuresOf(id: string): Promise<number> {
  const rows = await server.sql("select from security_event where user_id = $1 and kind = 'LOGIN_FAILED'", [id]);
  return rows.length;
}

describe('an account from one address', () => {
  test('can be tried 10 times, then nobody gets in from there, the right password neither', async () => {
    const { email } = await signUp();
    const address = newAddress();
    await fail(10, email, () => address);
    expectLimited(await logIn(address, email, right));
    expectLimited(await logIn(address, email, 'wrong horse'));
    expect(await logInTo(newAddress(), email, right)).toBe('in');
  });

  test('answers the same, word for word, where there is no such account', async () => {
    const { email } = await signUp();
    const answers = await Promise.all(
      [email, `${randomUUID()}@example.com`].map(async (tried) => {
        const address = newAddress();
        await fail(10, tried, () => address);
        const reply = await logIn(address, tried, right);
        expectLimited(reply);
        return reply.text.replace(/"(requestId|retryAfter)":("[^"]+"|\d+)/g, '').replace(/\d+ minutes/, '');
      }),
    );
    expect(answers[1]).toBe(answers[0]);
  });

  test('can be tried again when 15 minutes have passed since the first try', async () => {
    const { email } = await signUp();
    const address = newAddress();
    await fail(10, email, () => address);
    expectLimited(await logIn(address, email, right));
    await server.sql(`update throttle set ends_at = now() - interval '1 ms' where key like '% from ' || $1`, [address]);
    await fail(10, email, () => address);
    expectLimited(await logIn(address, email, right));
  });

  test('starts anew with a log-in, which itself counts for nothing', async () => {
    const { email, address } = await signUp();
    await fail(9, email, () => address);
    expect(await logInTo(address, email, right)).toBe('in');
    expect(await countFrom(address)).toBe(9);
    await fail(10, email, () => address);
    expectLimited(await logIn(address, email, right));
    expect(await countFrom(address)).toBe(19);
  });

  test('is one account in whatever case its address is typed', async () => {
    const { email } = await signUp();
    const address = newAddress();
    const variants = [email, email.toUpperCase(), ` ${email} `, email.replace('example', 'EXAMPLE')];
    await fail(10, email, () => {
      variants.push(variants.shift() ?? '');
      return address;
    });
    for (const variant of variants) expectLimited(await logIn(address, variant, right));
  });

  test('is not given further tries by changePassword and deleteAccount', async () => {
    const { email, client, address } = await signUp();
    const change = `mutation ($password: String!) {
      changePassword(input: { currentPassword: $password, newPassword: "other horse" }) { expiresIn }
    }`;
    const remove = 'mutation ($password: String!) { deleteAccount(input: { password: $password }) { success } }';
    for (let i = 0; i < 5; i++) {
      for (const operation of [change, remove]) {
        expect((await client.run(operation, { password: 'wrong horse' })).code).toBe('INVALID_CREDENTIALS');
      }
    }
    for (const operation of [change, remove]) expectLimited(await client.run(operation, { password: right }));
    expectLimited(await logIn(address, email, right));
    expect((await client.run('{ me { email } }')).data.me.email).toBe(email);
  });
});

describe('an account', () => {
  test('can be tried 50 times over all addresses but those that its owner logged in from lately', async () => {
    const { email, address, id } = await signUp();
    const formerly = newAddress();
    expect(await logInTo(formerly, email, right)).toBe('in');
    await server.sql("update security_event set at = at - interval '31 days' where user_id = $1 and kind = 'LOGIN'", [
      id,
    ]);
    await fail(50, email, newAddress);
    expectLimited(await logIn(newAddress(), email, right));
    expectLimited(await logIn(formerly, email, right));
    expect(await logInTo(address, email, right)).toBe('in');
    // Its owner has a budget too, and no more.
    await fail(10, email, () => address);
    expectLimited(await logIn(address, email, right));
  });

  test('is known to an address by a log-in 29 days ago, and not by one that failed', async () => {
    const { email, id } = await signUp();
    const address = newAddress();
    const guessing = newAddress();
    expect(await logInTo(address, email, right)).toBe('in');
    await server.sql("update security_event set at = at - interval '29 days' where user_id = $1", [id]);
    await fail(9, email, () => guessing);
    await fail(41, email, newAddress);
    expectLimited(await logIn(guessing, email, right));
    expect(await logInTo(address, email, right)).toBe('in');
  });
});

describe('an address', () => {
  test('has 100 tries over all accounts, of which those that are refused take none', async () => {
    const address = newAddress();
    const { email } = await signUp();
    const strangers = Array.from({ length: 9 }, () => `${randomUUID()}@example.com`);
    for (const stranger of [...strangers, email]) await fail(10, stranger, () => address);
    expectLimited(await logIn(address, `${randomUUID()}@example.com`, right));
    expect(await countFrom(address)).toBe(100);
    expect(await logInTo(newAddress(), email, right)).toBe('in');
  });

  test('takes nothing from the budgets of an account that it is refused', async () => {
    const address = newAddress();
    const { email, id } = await signUp();
    await fail(10, email, () => address);
    for (let i = 0; i < 60; i++) expectLimited(await logIn(address, email, 'wrong horse'));
    expect([await countFrom(address), await failuresOf(id)]).toEqual([10, 10]);
    await fail(40, email, newAddress);
    expectLimited(await logIn(newAddress(), email, right));
  });

  test('is the whole /64 of an IPv6 one, and the same written as IPv4 within IPv6', async () => {
    const { email } = await signUp();
    const network = `2001:db8:${randomBytes(2).toString('hex')}`;
    await fail(10, email, () => `${network}:7:${randomBytes(2).toString('hex')}::1`);
    expectLimited(await logIn(`${network}:7::`, email, right));
    expect(await logInTo(`${network}:8::`, email, right)).toBe('in');
    const address = newAddress();
    await fail(10, email, () => `::ffff:${address}`);
    expectLimited(await logIn(address, email, right));
  });

  test('makes 20 accounts an hour, and a taken address counts as one', async () => {
    const address = newAddress();
    const { email } = await signUp(address);
    for (let i = 0; i < 4; i++) await expect(signUp(address, email)).rejects.toThrow('CONFLICT');
    await expect(signUp(address, 'nobody')).rejects.toThrow('BAD_USER_INPUT');
    await Promise.all(Array.from({ length: 15 }, () => signUp(address)));
    const operation = 'mutation { signup(input: { email: "a@example.com", password: "correct horse" }) { expiresIn } }';
    expectLimited(await Object.assign(server.client(), { address }).run(operation), 3_600);
    await signUp(newAddress());
    await server.sql('update throttle set ends_at = now() where key = $1', [`sign-up from ${address}`]);
    await signUp(address);
  });
});

describe('300 guesses at one account from 15 addresses', () => {
  const guesses = Array.from(
    { length: 20 },
    (_, i) => `a${i}: login(input: { email: $email, password: "wrong ${i}" }) { expiresIn }`,
  );

  /** What so many guesses in one request come to. Those that a busy machine sends away without a look are made again. */
  async function guess(count: number, address: string, email: string, url: string): Promise<readonly string[]> {
    const client = Object.assign(new Client(url), { address });
    const reply = await client.run(`mutation ($email: String!) { ${guesses.slice(0, count).join(' ')} }`, { email });
    const codes = reply.errors.map(({ extensions }) => extensions.code);
    const looked = codes.filter((code) => code !== 'SERVICE_UNAVAILABLE');
    if (looked.length === count) return looked;
    return [...looked, ...(await guess(count - looked.length, address, email, url))];
  }

  test.each([
    ['one after another', 1, 1, 1],
    ['50 at once', 1, 50, 1],
    ['in requests of 20 aliases', 1, 5, 20],
    ['over two instances at once', 2, 50, 1],
    ['over two instances in requests of 20 aliases', 2, 5, 20],
  ])('%s: the password is compared 50 times, and the owner still gets in', async (_how, instances, atOnce, count) => {
    const { email, id, address } = await signUp();
    const urls = [server.url, instances === 2 ? await startAnother() : server.url];
    const addresses = Array.from({ length: 15 }, newAddress);
    const compare = vi.spyOn(bcrypt, 'compare');
    const codes: string[] = [];
    let sent = 0;
    const guessOn = async (): Promise<void> => {
      for (; sent < 300; ) {
        const index = sent;
        sent += count;
        const [from = '', url = ''] = [addresses[((index / 20) % 15) | 0], urls[index % 2]];
        codes.push(...(await guess(count, from, email, url)));
      }
    };
    await Promise.all(Array.from({ length: atOnce }, guessOn));
    expect(codes.filter((code) => code === 'INVALID_CREDENTIALS')).toHaveLength(50);
    expect(codes.filter((code) => code === 'RATE_LIMITED')).toHaveLength(250);
    expect([compare.mock.calls.length, await failuresOf(id)]).toEqual([50, 50]);
    const perAddress = 'select count(*)::int from security_event where user_id = $1 group by ip_address';
    const made = (await server.sql<{ count: number }>(perAddress, [id])).map(({ count }) => count);
    expect(Math.max(...made)).toBeLessThanOrEqual(10);
    expect(await logInTo(address, email, right)).toBe('in');
    expectLimited(await logIn(newAddress(), email, right));
  });
});

test('strangers who spend the budget of an account keep its owner, logged in elsewhere, from nothing', async () => {
  const { email, client } = await signUp();
  await fail(10, email, newAddress);
  await server.sql("update throttle set count = 50 where key like 'log-in to %' and key not like '% from %'");
  const abroad = Object.assign(client.withToken(client.token), { address: newAddress() });
  expectLimited(await logIn(newAddress(), email, right));
  // From where somebody else has logged in, to an account of their own.
  expectLimited(await logIn((await signUp()).address, email, right));
  const change = `mutation { changePassword(input: { currentPassword: "${right}", newPassword: "battery staple" }) { accessToken } }`;
  const { accessToken } = (await abroad.run(change)).data.changePassword;
  const remove = 'mutation { deleteAccount(input: { password: "battery staple" }) { success } }';
  expect((await abroad.withToken(accessToken).run(remove)).data.deleteAccount.success).toBe(true);
});

test('whoever goes on guessing when nothing is left writes nothing', async () => {
  const { email } = await signUp();
  const stranger = newAddress();
  await fail(10, email, () => stranger);
  const written = () =>
    server.sql('select xmin::text, ctid::text from throttle where key like $1 order by key', [`%${stranger}`]);
  const before = await written();
  for (let i = 0; i < 5; i++) expectLimited(await logIn(stranger, email, right));
  expect(await written()).toEqual(before);
});

/** Another instance on the same database. */
async function startAnother(): Promise<string> {
  const app = await startServer(server.databaseUrl);
  onTestFinished(() => app.stop());
  return app.url;
}
