import { getIntrospectionQuery } from 'graphql';
import { describe, expect, test } from 'vitest';
import type { Client, Reply } from '../support/client.ts';
import { useServer } from '../support/server.ts';

const server = useServer();
const costHeader = 'x-graphql-cost';

function times(count: number, text: (index: number) => string): string {
  return Array.from({ length: count }, (_, index) => text(index)).join(' ');
}

function expectRefusal(reply: Reply, figure: string): void {
  expect([reply.status, reply.code], String(reply)).toEqual([400, 'QUERY_TOO_COMPLEX']);
  expect(reply.error.message).toContain(figure);
  expect(reply.text).not.toContain('"data"');
}

async function costOf(user: Client, query: string, variables = {}): Promise<number> {
  const reply = await user.post(JSON.stringify({ query, variables }), { [costHeader]: '1' });
  expect(reply.status, String(reply)).toBe(200);
  return JSON.parse(reply.text).extensions.cost.requested;
}

/** `__schema { types { ofType { … name } } }`, that many levels deep. */
const introspection = (depth: number) =>
  `__schema { types { ${'ofType { '.repeat(depth - 3)} name ${'}'.repeat(depth - 1)}`;
const withDirective = (field: string) => `${field} @include(if: true)`;
/** Costs 7 × 601 + 595 + 141 = 4,943 more than what is given. */
const costly = (rest: string) => `${times(7, (i) => `t${i}: tasks(first: 100) { nodes { description } }`)}
  u: tasks(last: 99) { nodes { description } } v: tasks(first: 70) { edges { node { id } } } ${rest}`;

describe('an operation runs at its limit, and is refused one above it:', () => {
  test.each<[string, (count: number) => string, number, string]>([
    [
      'tokens',
      (count) => `{ me { ${'id '.repeat((count - 5) % 4)} ${'...{ id } '.repeat(Math.floor((count - 5) / 4))} } }`,
      500,
      'at most 500 tokens',
    ],
    ['fields', (n) => `{ me { ... { ${'id '.repeat(n - 102)} } ${'email '.repeat(100)} } }`, 350, 'fragments 351 of'],
    ['aliases', (count) => `{ me { ${times(count, (i) => `a${i}: id`)} } }`, 30, 'aliases 31 of at most 30'],
    [
      'aliases of __typename',
      (count) => `{ me { ${times(count, (i) => `a${i}: __typename`)} } }`,
      30,
      'aliases 31 of at most 30',
    ],
    [
      'aliases in fragments, each time that they are spread',
      (count) => `{ me { ...F ... on User { ...F } ...G ${times(count - 30, (i) => `b${i}: id`)} } }
        fragment F on User { ${times(10, (i) => `a${i}: id`)} } fragment G on User { ...F }`,
      30,
      'aliases 31 of at most 30',
    ],
    ['root fields', (count) => `{ ${times(count, () => 'errorCodes')} }`, 20, 'root fields 21 of at most 20'],
    [
      'root fields in fragments',
      (count) => `{ ...F ... { ...F } ${times(count - 20, () => '__typename')} }
        fragment F on Query { ${times(10, () => 'errorCodes')} }`,
      20,
      'root fields 21 of at most 20',
    ],
    [
      'directives',
      (count) => `{ me { ${times(count, () => withDirective('id'))} } }`,
      10,
      'directives 11 of at most 10',
    ],
    [
      'directives on fragments and in them',
      (
        count,
      ) => `{ me { ...F @skip(if: false) ...F ${withDirective('...')} { id } ${times(count - 10, () => withDirective('id'))} } }
        fragment F on User { ${times(4, () => withDirective('id'))} }`,
      10,
      'directives 11 of at most 10',
    ],
    ['introspection depth', (count) => `{ ${introspection(count)} }`, 20, 'introspection depth 21 of at most 20'],
    [
      'cost',
      (count) => `{ ${costly(`tasks(first: ${count - 4_944}) { nodes { id } }`)} }`,
      5_000,
      'cost 5,001 of at most 5,000',
    ],
  ])('%s', async (_title, document, limit, figure) => {
    const user = await server.newUser();
    const atLimit = await user.run(document(limit));
    expect([atLimit.status, Object.keys(atLimit.data).length > 0]).toEqual([200, true]);
    expectRefusal(await user.run(document(limit + 1)), figure);
  });

  test('variables nested 10 deep, whether or not the operation knows them', async () => {
    const nested = (levels: number) => JSON.parse(`${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`);
    expect((await server.client().run('{ errorCodes }', nested(10))).status).toBe(200);
    expectRefusal(await server.client().run('{ errorCodes }', nested(11)), 'variables nested deeper than 10 levels');
  });

  test.each<[string, (count: number) => string, number, string]>([
    ['operations', (count) => times(count, (i) => `query N${i} { errorCodes }`), 20, 'operations 21 of at most 20'],
    [
      'fragments',
      (count) => `{ errorCodes } ${times(count, (i) => `fragment F${i} on Query { errorCodes }`)}`,
      40,
      'fragments 41 of at most 40',
    ],
    [
      'variables',
      (count) => `query (${times(count, (i) => `$v${i}: Int`)}) { errorCodes }`,
      100,
      'variables 101 of at most 100',
    ],
    ['characters of a name', (count) => `{ ${'a'.repeat(count)} }`, 200, 'a name of more than 200 characters'],
  ])('what is looked at before validation: %s', async (_title, document, limit, figure) => {
    const atLimit = await server.client().run(document(limit));
    expect(['GRAPHQL_VALIDATION_FAILED', 'OPERATION_RESOLUTION_FAILURE']).toContain(atLimit.code);
    expectRefusal(await server.client().run(document(limit + 1)), figure);
  });

  test('1,500 pairs of fields that have to be compared', async () => {
    const merging = (count: number) => `{ me { sessions { ${times(count, () => 'pageInfo { hasNextPage }')} } } }`;
    expect((await (await server.newUser()).run(merging(54))).data.me.sessions.pageInfo).toEqual({ hasNextPage: false });
    expectRefusal(await server.client().run(merging(55)), 'more than 1,500 pairs of fields');
  });

  test('an operation name of 100 characters', async () => {
    const named = (length: number) => JSON.stringify({ query: `query ${'N'.repeat(length)} { errorCodes }` });
    const asked = (length: number) => JSON.stringify({ query: '{ errorCodes }', operationName: 'N'.repeat(length) });
    expect((await server.client().post(named(100))).status).toBe(200);
    expect((await server.client().post(asked(100))).code).toBe('OPERATION_RESOLUTION_FAILURE');
    for (const body of [named(101), asked(101)]) {
      const reply = await server.client().post(body);
      expect([reply.status, reply.code, reply.text.includes('NNN')], String(reply)).toEqual([
        400,
        'BAD_REQUEST',
        false,
      ]);
      expect(reply.error.message).toContain('100 characters');
    }
    expect(server.logs()).not.toContain('N'.repeat(101));
  });

  test('a body of 256 kB', async () => {
    const body = (bytes: number) => '{"query":"{ errorCodes }"}'.padEnd(bytes);
    expect((await server.client().post(body(256 * 1024))).status).toBe(200);
    const reply = await server.client().post(body(256 * 1024 + 1));
    expect([reply.status, reply.code]).toEqual([413, 'BAD_REQUEST']);
  });
});

test('all that is broken is told at once, and a figure that grew without bounds is not spelled out', async () => {
  const bomb = times(36, (i) => `fragment F${i} on User { ...F${i + 1} ...F${i + 1} }`);
  const directives = times(11, () => withDirective('id'));
  const reply = await server.client().run(`{ me { ...F0 ${directives} } } ${bomb} fragment F36 on User { a: id }`);
  expectRefusal(reply, 'aliases over a billion of at most 30, directives 11 of at most 10.');
});

test('the introspection query of graphql-js and its tools passes with all options on', async () => {
  const query = getIntrospectionQuery({
    specifiedByUrl: true,
    directiveIsRepeatable: true,
    schemaDescription: true,
    inputValueDeprecation: true,
    oneOf: true,
  });
  expect((await server.client().run(query)).data.__schema.queryType.name).toBe('Query');
});

describe('nothing is executed of a mutation with too many', () => {
  const create = (alias: string, fields = 'id') => `${alias} createTask(input: { title: "x" }) { task { ${fields} } }`;
  const complete = (i: number) => `b${i}: completeTasks(input: { ids: [] }) { tasks { description } }`;
  test.each([
    ['tokens', create('', '...{ id } '.repeat(250)), {}, '500 tokens'],
    ['fields', create('', 'id '.repeat(400)), {}, 'fields and fragments 402'],
    [
      'aliases',
      create(
        '',
        times(31, (i) => `a${i}: id`),
      ),
      {},
      'aliases 31',
    ],
    ['root fields', times(21, (i) => create(`a${i}:`)), {}, 'root fields 21'],
    [
      'directives',
      create(
        '',
        times(11, () => withDirective('id')),
      ),
      {},
      'directives 11',
    ],
    ['objects', `${create('')} ${times(9, complete)}`, {}, 'cost 5,411'],
    ['levels in its variables', create(''), { a: [[[[[[[[[[]]]]]]]]]] }, 'deeper than 10 levels'],
  ])('%s', async (_what, fields, variables, figure) => {
    const user = await server.newUser();
    expectRefusal(await user.run(`mutation { ${fields} }`, variables), figure);
    expect((await user.run('{ tasks { totalCount } }')).data.tasks.totalCount).toBe(0);
  });
});

describe('the cost of an operation', () => {
  const fragments = 'fragment T on Task { description } fragment C on TaskConnection { nodes { ...T } }';
  test.each<[string, string, Record<string, unknown>, number]>([
    ['an object is 1, its scalars nothing', '{ me { id email createdAt } errorCodes __typename }', {}, 1],
    ['a look at the schema is 1,000', '{ __schema { types { name fields { name } } } }', {}, 1_000],
    ['a page is its size, 50 unless given', '{ tasks { nodes { id title } } }', {}, 51],
    ['a page that counts from its end', '{ tasks(last: 7) { nodes { id } } }', {}, 8],
    ['an empty page', '{ tasks(first: 0) { nodes { description } totalCount } }', {}, 1],
    ['an edge is 1 and its node another', '{ tasks(first: 10) { edges { cursor node { id } } } }', {}, 21],
    [
      'nodes and edges add up',
      '{ tasks(first: 10) { nodes { id } edges { node { id } } pageInfo { endCursor } } }',
      {},
      32,
    ],
    ['a description is 5', '{ tasks(first: 10) { nodes { description } edges { node { description } } } }', {}, 131],
    [
      'a description under another name is 5 more',
      '{ tasks(first: 10) { nodes { description d: description } } }',
      {},
      111,
    ],
    ['a variable', 'query ($n: Int) { tasks(first: $n) { nodes { id } } }', { n: 7 }, 8],
    ['a variable at the end', 'query ($n: Int) { tasks(last: $n) { nodes { id } } }', { n: 7 }, 8],
    ['a variable that is not given', 'query ($n: Int) { tasks(first: $n) { nodes { id } } }', {}, 51],
    ['the default of a variable', 'query ($n: Int = 9) { tasks(first: $n) { nodes { id } } }', {}, 10],
    ['a variable before its default', 'query ($n: Int = 9) { tasks(first: $n) { nodes { id } } }', { n: 7 }, 8],
    ['null before its default', 'query ($n: Int = 9) { tasks(first: $n) { nodes { id } } }', { n: null }, 51],
    ['fragments', `{ tasks(first: 10) { ...C ... { edges { node { ...T } } } } } ${fragments}`, {}, 131],
    ['a fragment for each page', `{ a: tasks(first: 1) { ...C } b: tasks(first: 2) { ...C } } ${fragments}`, {}, 20],
  ])('%s', async (_title, document, variables, cost) => {
    expect(await costOf(await server.newUser(), document, variables)).toBe(cost);
  });

  test('of a list outside of pages is a hundred times an object', async () => {
    const query = 'mutation { completeTasks(input: { ids: [] }) { tasks { description } } }';
    expect(await costOf(await server.newUser(), query)).toBe(601);
  });

  test('is told with its limit to who asks by header, and only then', async () => {
    const body = JSON.stringify({ query: '{ errorCodes }' });
    const asked = await server.client().post(body, { [costHeader]: '1' });
    expect(JSON.parse(asked.text).extensions).toEqual({ cost: { requested: 0, maximum: 5_000 } });
    expect(asked.data.errorCodes).toContain('NOT_FOUND');
    const plain = await server.client().post(body);
    expect(JSON.parse(plain.text)).not.toHaveProperty('extensions');
  });

  test('does not go unnoticed where variables make it', async () => {
    const query = `query ($n: Int = 100) { ${times(9, (i) => `a${i}: tasks(first: $n) { nodes { description } }`)} }`;
    expect(await costOf(await server.newUser(), query, { n: 50 })).toBe(9 * 301);
    expectRefusal(await server.client().run(query), 'cost 5,409 of at most 5,000');
    expectRefusal(await server.client().run(query, { n: 100 }), 'cost 5,409 of at most 5,000');
  });
});

test('of operations sent as a batch none runs', async () => {
  const user = await server.newUser();
  const operation = { query: 'mutation { createTask(input: { title: "x" }) { task { id } } }' };
  const reply = await user.post(JSON.stringify([operation, operation]));
  expect([reply.status, reply.code]).toEqual([400, 'BAD_REQUEST']);
  expect((await user.run('{ tasks { totalCount } }')).data.tasks.totalCount).toBe(0);
});

describe('with INTROSPECTION off', () => {
  const closed = useServer({ introspection: false });
  const misspelt = [
    '{ errorCode }',
    '{ task(idd: "x") { id } }',
    '{ ... on Querry { errorCodes } }',
    '{ errorCodes @skipp(if: true) }',
    '{ ...Fg } fragment Ff on Query { errorCodes }',
    '{ tasks(orderBy: { field: TITEL, direction: ASC }) { totalCount } }',
    '{ tasks(filter: { complete: true }) { totalCount } }',
  ];

  test.each([
    ['__schema', '{ __schema { types { name } } }'],
    ['__type', '{ __type(name: "Task") { name } }'],
    ['all of it', getIntrospectionQuery()],
  ])('the schema is not told: %s', async (_what, query) => {
    const reply = await closed.client().run(query);
    expect([reply.status, reply.code], String(reply)).toEqual([400, 'GRAPHQL_VALIDATION_FAILED']);
    expect(reply.text).not.toMatch(/"data"|"Task"/);
    expect((await server.client().run(query)).status).toBe(200);
  });

  test.each(misspelt)('no names are suggested: %s', async (query) => {
    const reply = await closed.client().run(query);
    expect([reply.status, reply.text.includes('id you mean')], String(reply)).toEqual([400, false]);
  });

  test('__typename still works, and elsewhere names are suggested', async () => {
    expect((await closed.client().run('{ __typename }')).data).toEqual({ __typename: 'Query' });
    expect((await server.client().run('{ errorCode }')).error.message).toContain('Did you mean "errorCodes"?');
  });
});
