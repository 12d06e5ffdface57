import { describe, expect, test } from 'vitest';
import { useServer } from '../support/server.ts';

const server = useServer();
const secret = 'hunter2-and-more';

describe('a value that does not fit its type', () => {
  test.each<[string, string, Record<string, unknown>, string[]]>([
    ['a number as text', 'login(input: { email: 7, password: "x" })', {}, ['input.email INVALID_VALUE']],
    [
      'an object as text',
      `login(input: { email: "x", password: { a: "${secret}" } })`,
      {},
      ['input.password INVALID_VALUE'],
    ],
    ['a list as text', `login(input: { email: "x", password: ["${secret}"] })`, {}, ['input.password INVALID_VALUE']],
    ['an enum value as text', 'login(input: { email: x, password: "x" })', {}, ['input.email INVALID_VALUE']],
    ['text as an input', `login(input: "${secret}")`, {}, ['input INVALID_VALUE']],
    ['null as an input', 'login(input: null)', {}, ['input REQUIRED']],
    ['a field left out', 'login(input: { email: "x" })', {}, ['input.password REQUIRED']],
    [
      'a field that is not there',
      `login(input: { email: "x", password: "${secret}", otp: 1 })`,
      {},
      ['input.otp UNKNOWN_FIELD'],
    ],
    ['1e400 as text', 'login(input: { email: 1e400, password: "x" })', {}, ['input.email INVALID_VALUE']],
    [
      'several at once',
      'login(input: { email: 1, password: true })',
      {},
      ['input.email INVALID_VALUE', 'input.password INVALID_VALUE'],
    ],
    ['NUL', `login(input: { email: "x", password: "${secret}\\u0000" })`, {}, ['input.password ILL_FORMED_TEXT']],
    [
      'a number in a variable',
      'login(input: $in)',
      { in: { email: 7, password: secret } },
      ['input.email INVALID_VALUE'],
    ],
    [
      'an object in a variable',
      'login(input: $in)',
      { in: { email: 'x', password: { a: secret } } },
      ['input.password INVALID_VALUE'],
    ],
    ['text for a variable', 'login(input: $in)', { in: secret }, ['input INVALID_VALUE']],
    ['null for a variable', 'login(input: $in)', { in: null }, ['input REQUIRED']],
    ['a variable left out', 'login(input: $in)', {}, ['input REQUIRED']],
    ['a field left out of a variable', 'login(input: $in)', { in: { password: secret } }, ['input.email REQUIRED']],
    [
      'an unknown field in a variable',
      'login(input: $in)',
      { in: { email: 'x', password: secret, otp: 1 } },
      ['input.otp UNKNOWN_FIELD'],
    ],
    [
      'NUL in a variable',
      'login(input: $in)',
      { in: { email: 'x', password: `${secret}\0` } },
      ['input.password ILL_FORMED_TEXT'],
    ],
    [
      'half a surrogate pair in a variable',
      'login(input: $in)',
      { in: { email: `${secret}\ud800`, password: 'x' } },
      ['input.email ILL_FORMED_TEXT'],
    ],
  ])(
    '%s: BAD_USER_INPUT that names the field, runs nothing and repeats nothing',
    async (_name, field, variables, fields) => {
      const definition = field.includes('$in') ? '($in: LoginInput!)' : '';
      const reply = await server.client().run(`mutation ${definition} { ${field} { accessToken } }`, variables);
      expect([reply.status, reply.code, reply.fields], String(reply)).toEqual([400, 'BAD_USER_INPUT', fields]);
      expect(reply.text).not.toContain(secret);
      expect(reply.text).not.toContain('"data"');
      expect(server.logs()).not.toContain(secret);
    },
  );

  test('is named by its argument, whatever the variable is called', async () => {
    const operation = 'mutation ($p: String!) { login(input: { email: "x", password: $p }) { accessToken } }';
    const reply = await server.client().run(operation, { p: 12_345_678 });
    expect([reply.code, reply.fields]).toEqual(['BAD_USER_INPUT', ['input.password INVALID_VALUE']]);
  });

  test('1e400 as a variable, and 25 digits as an id, are BAD_USER_INPUT too', async () => {
    const user = await server.newUser();
    const first = await user.post(
      '{"query":"query ($n: Int) { tasks(first: $n) { totalCount } }","variables":{"n":1e400}}',
    );
    expect([first.code, first.fields]).toEqual(['BAD_USER_INPUT', ['first INVALID_VALUE']]);
    for (const id of ['1234567890123456789012345', '1e400', '[]', '{}', 'true', '1.5']) {
      const variable = await user.post(
        `{"query":"query ($id: ID!) { task(id: $id) { id } }","variables":{"id":${id}}}`,
      );
      expect([variable.code, variable.error.extensions.fields?.[0]?.path], String(variable)).toEqual([
        'BAD_USER_INPUT',
        ['id'],
      ]);
      const literal = await user.run(`{ task(id: ${id}) { id } }`);
      expect([literal.code, literal.error.extensions.fields?.[0]?.path], String(literal)).toEqual([
        'BAD_USER_INPUT',
        ['id'],
      ]);
    }
  });

  test('half of a surrogate pair, or NUL, in the document itself is BAD_USER_INPUT', async () => {
    for (const text of ['\\ud800', '\ud800', '\0']) {
      const reply = await server
        .client()
        .run(`mutation { login(input: { email: "${text}", password: "${secret}" }) { accessToken } }`);
      expect([reply.status, reply.code], String(reply)).toEqual([400, 'BAD_USER_INPUT']);
      expect(reply.text).not.toContain(secret);
    }
  });
});

test('a bad value beside other mistakes in the document is named, and not repeated either', async () => {
  const bad = 'mutation { signup(input: { email: "a@b.co", password: 98765432 }) { nope } }';
  const reply = await server.client().run(bad);
  expect(reply.errors.map(({ extensions }) => extensions.code)).toEqual([
    'BAD_USER_INPUT',
    'GRAPHQL_VALIDATION_FAILED',
  ]);
  expect(reply.fields).toEqual(['input.password INVALID_VALUE']);
  expect(reply.text).not.toContain('98765432');
  const many = `{ ${Array.from({ length: 110 }, (_, n) => `a${n}: __type(name: 98765432) { name }`).join(' ')} }`;
  expect((await server.client().run(many)).text).not.toContain('98765432');
});

describe('a document that is not GraphQL', () => {
  test.each([
    `mutation { login(input: { email: "x" "${secret}" }) { accessToken } }`,
    `mutation { login(input: { email: "x", password: "${secret} }) { accessToken } }`,
    `mutation { login(input: { email: "x", password: """${secret}""" """${secret}""" : }) { accessToken } }`,
    `"${secret}"`,
  ])('is GRAPHQL_PARSE_FAILED and repeats no text: %s', async (query) => {
    const reply = await server.client().run(query);
    expect([reply.status, reply.code]).toEqual([400, 'GRAPHQL_PARSE_FAILED']);
    expect(reply.text).not.toContain(secret);
    expect(server.logs()).not.toContain(secret);
  });
});

describe('mutations of one request', () => {
  const good = (name: string) => `${name}: createTask(input: { title: "${name}" }) { task { title } }`;
  const bad = 'bad: updateTask(input: { id: "01a1fd83-085f-7429-8acf-26a739617b03", title: "x" }) { task { id } }';

  test.each([
    ['first', [bad, good('a'), good('b')]],
    ['in the middle', [good('a'), bad, good('b')]],
    ['last', [good('a'), good('b'), bad]],
  ])('do not suffer from one that fails %s', async (_place, mutations) => {
    const user = await server.newUser();
    const reply = await user.run(`mutation { ${mutations.join(' ')} }`);
    expect(reply.status).toBe(200);
    expect(reply.partialData).toEqual({ a: { task: { title: 'a' } }, b: { task: { title: 'b' } }, bad: null });
    expect(reply.errors.map(({ path, extensions }) => [path, extensions.code])).toEqual([[['bad'], 'NOT_FOUND']]);
    const { tasks } = (await user.run('{ tasks { nodes { title } } }')).data;
    expect(tasks.nodes).toEqual([{ title: 'b' }, { title: 'a' }]);
  });

  test('leave nothing of the one that fails for the next to store', async () => {
    const user = await server.newUser();
    const id = await user.createTask('old');
    await user.run('mutation ($id: ID!) { deleteTask(input: { id: $id }) { task { id } } }', { id });
    const change = `a: updateTask(input: { id: "${id}", title: "new" }) { task { id } }`;
    const reply = await user.run(`mutation { ${change} ${good('b')} }`);
    expect(reply.code).toBe('NOT_FOUND');
    expect((await user.run('query ($id: ID!) { task(id: $id) { title } }', { id })).data.task.title).toBe('old');
  });
});

test('every error carries the request id of the response header and of the log', async () => {
  const reply = await server.client().run('{ me { id } }');
  const requestId = reply.headers.get('x-request-id');
  expect(requestId).toMatch(/^[0-9a-f-]{36}$/);
  expect(reply.error.extensions.requestId).toBe(requestId);
  await expect.poll(() => server.logs()).toContain(`"requestId":"${requestId}"`);
});

test('errorCodes lists every code, to anyone', async () => {
  const { data } = await server.client().run('{ errorCodes __type(name: "ErrorCode") { enumValues { name } } }');
  expect([...data.errorCodes].sort()).toEqual(data.__type.enumValues.map(({ name }: { name: string }) => name).sort());
});
