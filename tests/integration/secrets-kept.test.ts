import { randomBytes, randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { Reply } from '../support/client.ts';
import { useServer } from '../support/server.ts';

const server = useServer();

/** Unlike anything else, so that wherever it turns up it has leaked. */
const canary = (name: string) => `canary_${name}_${randomBytes(12).toString('hex')}`;

const tokens = 'accessToken refreshToken';
const signup = `mutation ($email: String!, $password: String!) {
  signup(input: { email: $email, password: $password }) { ${tokens} user { id } }
}`;
const login = `mutation ($email: String!, $password: String!) {
  login(input: { email: $email, password: $password }) { ${tokens} }
}`;
const refresh = `mutation ($refreshToken: String!) { refreshSession(input: { refreshToken: $refreshToken }) { ${tokens} } }`;
const change = `mutation ($current: String!, $new: String!) {
  changePassword(input: { currentPassword: $current, newPassword: $new }) { ${tokens} }
}`;
const remove = 'mutation ($password: String!) { deleteAccount(input: { password: $password }) { success } }';

/** Keeps every secret that goes in or comes out, and everything that is answered but for the fields that hand one out. */
class Watch {
  readonly secrets = new Set<string>();
  readonly answered: string[] = [];

  secret(name: string): string {
    const made = canary(name);
    this.secrets.add(made);
    return made;
  }

  /** @returns the tokens that were handed out */
  read(reply: Reply): { accessToken: string; refreshToken: string } {
    const headers = [...reply.headers].map(([name, value]) => `${name}: ${value}`).join('\n');
    const handed: Record<string, string> = {};
    const text = reply.text.replaceAll(/"(accessToken|refreshToken)":"([^"]+)"/g, (_all, name, token) => {
      handed[name] = token;
      this.secrets.add(token);
      return '';
    });
    this.answered.push(headers, text);
    const { accessToken = '', refreshToken = '' } = handed;
    return { accessToken, refreshToken };
  }

  /** The secrets that are in a text, as they are or in one of the forms that other programs would give them. */
  leakedIn(text: string): string[] {
    return [...this.secrets].filter((secret) => this.#formsOf(secret).some((form) => text.includes(form)));
  }

  #formsOf(secret: string): string[] {
    const bytes = Buffer.from(secret);
    // A JWT's header is the same for all of them; the rest alone, and the signature, are as good as the whole.
    const [, ...parts] = secret.startsWith('ey') ? secret.split('.') : [];
    return [secret, ...parts.slice(1), bytes.toString('base64').replace(/=+$/, ''), bytes.toString('hex')];
  }
}

/** Every column of every table, as text. */
async function everyColumn(): Promise<{ column: string; text: string }[]> {
  const columns = await server.sql<{ table: string; column: string }>(
    `select table_name as table, column_name as column from information_schema.columns
     where table_schema = current_schema()`,
  );
  const reads = columns.map(
    ({ table, column }) =>
      `select '${table}.${column}' as column, coalesce(string_agg("${column}"::text, E'\\n'), '') as text from "${table}"`,
  );
  return server.sql(reads.join(' union all '));
}

async function expectNoLeak(watch: Watch): Promise<void> {
  expect(watch.secrets.size).toBeGreaterThan(0);
  for (const answer of watch.answered) expect(watch.leakedIn(answer), answer).toEqual([]);
  for (const line of server.logs().split('\n')) expect(watch.leakedIn(line), line).toEqual([]);
  const columns = await everyColumn();
  expect(columns.length).toBeGreaterThan(50);
  for (const { column, text } of columns) expect(watch.leakedIn(text), column).toEqual([]);
}

describe('passwords and tokens', () => {
  test('are found by the search that the other tests rely on, wherever they stand', async () => {
    const watch = new Watch();
    const user = await server.newUser();
    const title = watch.secret('title');
    await user.createTask(title);
    const found = (await everyColumn()).filter(({ text }) => watch.leakedIn(text).length > 0);
    expect(found.map(({ column }) => column)).toContain('task.title');
    expect(watch.leakedIn(Buffer.from(`to: ${title}`).toString('hex'))).toEqual([title]);
    expect(server.logs()).toContain('"securityEvent":"SIGNUP"');
  });

  test('stay where they belong through the whole life of an account', async () => {
    const watch = new Watch();
    const client = server.client();
    const email = `${randomUUID()}@example.com`;
    const [password, other] = [watch.secret('password'), watch.secret('other')];
    const first = watch.read(await client.run(signup, { email, password }));
    expect(first.refreshToken).toMatch(/^tqr_/);
    watch.read(await client.run(signup, { email, password }));
    watch.read(await client.run(login, { email, password: watch.secret('wrong') }));
    watch.read(await client.run(login, { email: `${randomUUID()}@example.com`, password }));
    const second = watch.read(await client.run(login, { email, password }));
    const third = watch.read(await client.run(refresh, second));
    expect(watch.read(await client.run(refresh, second)).refreshToken).toBe(third.refreshToken);
    const elsewhere = server.client();
    watch.read(await elsewhere.run(refresh, second));
    watch.read(await elsewhere.run(refresh, { refreshToken: watch.secret('refresh') }));
    watch.read(await elsewhere.run(refresh, { refreshToken: first.accessToken }));
    const user = client.withToken(first.accessToken);
    watch.read(await user.run(change, { current: watch.secret('current'), new: other }));
    watch.read(await user.run(change, { current: password, new: email }));
    const changed = watch.read(await user.run(change, { current: password, new: other }));
    expect(changed.accessToken).toMatch(/^ey/);
    for (const token of [second.accessToken, first.refreshToken, watch.secret('token')]) {
      watch.read(await client.withToken(token).run('{ me { id } }'));
    }
    const seen = '{ me { sessions { nodes { id userAgent ipAddress } } securityEvents { nodes { kind userAgent } } } }';
    const owner = client.withToken(changed.accessToken);
    watch.read(await owner.run(seen));
    for (let i = 0; i < 11; i++) watch.read(await client.run(login, { email, password: watch.secret('guess') }));
    expect(watch.answered.join()).toContain('RATE_LIMITED');
    watch.read(await owner.run(remove, { password: watch.secret('remove') }));
    await expectNoLeak(watch);
    await server.sql("update throttle set ends_at = now() - interval '1 s'");
    watch.read(await owner.run(remove, { password: other }));
    watch.read(await owner.run('{ me { id } }'));
    expect(watch.answered.join()).toContain('"success":true');
    await expectNoLeak(watch);
  });

  const fields = {
    signup: ['email: "a@example.com", password: ', 'expiresIn'],
    login: ['email: "a@example.com", password: ', 'expiresIn'],
    refreshSession: ['refreshToken: ', 'expiresIn'],
    changePassword: ['currentPassword: "x", newPassword: ', 'expiresIn'],
    deleteAccount: ['password: ', 'success'],
  } as const;

  /** Values of other types, texts that cannot be, and documents that break off. */
  const malformed = [
    '["%"]',
    '{ a: "%" }',
    '{ a: ["%", %] }',
    'X%',
    '7%',
    '"%',
    '"""%',
    '"%\\u12"',
    '"%\\u0000"',
    '"%\\ud800"',
    '"x\\%"',
    '"% \\x"',
    '"a" "%"',
    '"a" { "%" }',
    '"a") @skip(if: "%") (a: "%"',
    '"a", email: "%", password: "%"',
  ];

  test.each(Object.entries(fields))('stay where they belong in a malformed %s', async (name, [input, answer]) => {
    const watch = new Watch();
    const user = await server.newUser();
    const send = async (query: string, variables = {}) => void watch.read(await user.run(query, variables));
    const operation = (value: string) => `mutation { ${name}(input: { ${input}${value} }) { ${answer} } }`;
    for (const form of malformed) await send(operation(form.replaceAll('%', watch.secret('literal'))));
    const withVariable = (type: string) => `mutation ($v: ${type}) { ${name}(input: { ${input}$v }) { ${answer} } }`;
    const values = [
      (s: string) => [s],
      (s: string) => ({ a: s }),
      (s: string) => ({ a: [s] }),
      (s: string) => `${s}\0`,
    ];
    for (const value of values) await send(withVariable('String!'), { v: value(watch.secret('variable')) });
    const types = ['Int!', 'ID', 'Boolean!', '[String!]!'];
    for (const type of types) await send(withVariable(type), { v: watch.secret('type') });
    await send(`mutation ($v: String = "${watch.secret('default')}", $w: Int! = "${watch.secret('default')}") {
      ${name}(input: { ${input}$v, more: $w }) { ${answer} }
    }`);
    const inputType = `${name[0]?.toUpperCase()}${name.slice(1)}Input!`;
    await send(`mutation ($input: ${inputType}) { ${name}(input: $input) { ${answer} } }`, {
      input: { more: watch.secret('value'), password: [watch.secret('list')], refreshToken: [watch.secret('list')] },
    });
    expect(watch.answered).toHaveLength(2 * (malformed.length + values.length + types.length + 2));
    expect(watch.answered.at(-1)).toContain('UNKNOWN_FIELD');
    await expectNoLeak(watch);
  });

  test('stay where they belong in a body that is no JSON, in the address and in headers', async () => {
    const watch = new Watch();
    const client = server.client();
    const query = () => `mutation { login(input: { email: "a", password: "${watch.secret('body')}" }) { expiresIn } }`;
    watch.read(await client.post(query()));
    watch.read(await client.post(query(), { 'content-type': 'application/graphql' }));
    watch.read(await client.post(`{"query":"${watch.secret('json')}`));
    watch.read(await client.post(`{"query":${watch.secret('json')}}`));
    watch.read(await client.post(JSON.stringify({ query: '{ errorCodes }', variables: watch.secret('variables') })));
    watch.read(await client.post(JSON.stringify({ query: { password: watch.secret('query') } })));
    for (const scheme of ['Bearer', 'Basic', 'bearer  ', '', 'Bearer x,']) {
      const authorization = `${scheme} ${watch.secret('authorization')}`;
      watch.read(await client.post('{"query":"{ me { id } }"}', { authorization }));
    }
    for (const path of ['/graphql?query=', '/graphql/?variables=', '/graphql?', '/?password=', '/nowhere?password=']) {
      const sent = path.endsWith('query=') ? encodeURIComponent(query()) : watch.secret('url');
      const response = await fetch(server.url + path + sent, { headers: { 'x-password': watch.secret('header') } });
      watch.answered.push(await response.text(), [...response.headers].join());
    }
    const url = `${server.url}/graphql?query=${encodeURIComponent(query())}&variables={"v":"${watch.secret('url')}"}`;
    watch.answered.push(await (await fetch(url, { headers: { 'apollo-require-preflight': 'yes' } })).text());
    await expectNoLeak(watch);
  });
});
