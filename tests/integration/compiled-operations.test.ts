import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { ErrorCode } from '../../src/errors.ts';
import type { Reply, ReplyError } from '../support/client.ts';
import { useServer } from '../support/server.ts';

const server = useServer();

const missing = '01a1fd83-085f-7429-8acf-26a739617b03';
const all = 'id title description completed completedAt priority version createdAt updatedAt deletedAt';

/**
 * Operations that answer the same however often they are sent. The first answer is graphql-js's, which walks a document
 * that it has not seen; from the second on, the document runs compiled. Where it shall fail, the code says how.
 */
const operations: [string, string, (task: string) => Record<string, unknown>, ErrorCode?][] = [
  ['every field of a page', `{ tasks(first: 2) { nodes { ${all} } totalCount } }`, () => ({})],
  [
    'edges, aliases and page info',
    '{ a: tasks(first: 1) { edges { cursor it: node { name: title } } pageInfo { hasNextPage endCursor } } b: tasks(last: 1) { nodes { id } pageInfo { hasPreviousPage } } }',
    () => ({}),
  ],
  [
    'fragments',
    'query ($id: ID!) { task(id: $id) { ...A ...B } } fragment A on Task { id ...B } fragment B on Task { title priority }',
    (id) => ({ id }),
  ],
  [
    'an interface',
    'query ($id: ID!) { node(id: $id) { __typename id ... on Task { title } ... on User { email } } }',
    (id) => ({ id }),
  ],
  ['an interface that is not there', `{ node(id: "${missing}") { id } }`, () => ({})],
  ['oneself', '{ me { id email createdAt __typename } errorCodes }', () => ({})],
  [
    'what @include and @skip decide',
    'query ($id: ID!, $yes: Boolean!) { task(id: $id) { id title @include(if: $yes) version @skip(if: $yes) } }',
    (id) => ({ id, yes: true }),
  ],
  [
    'defaults of variables',
    'query ($first: Int = 1, $filter: TaskFilter) { tasks(first: $first, filter: $filter) { nodes { title } } }',
    () => ({}),
  ],
  [
    'enums and nulls in variables',
    'query ($o: TaskOrder) { tasks(orderBy: $o, filter: null) { nodes { priority } } }',
    () => ({ o: { field: 'TITLE', direction: 'ASC' } }),
  ],
  [
    'a rule that is broken',
    '{ tasks(first: 101) { nodes { id } } me { email } }',
    () => ({}),
    ErrorCode.BAD_USER_INPUT,
  ],
  ['a cursor that is none', '{ tasks(after: "x") { nodes { id } } }', () => ({}), ErrorCode.BAD_USER_INPUT],
  [
    'a field that fails among others',
    `mutation ($id: ID!) { a: completeTask(input: { id: $id }) { task { completed } } b: updateTask(input: { id: "${missing}", title: "x" }) { task { id } } c: updateTask(input: { id: $id, priority: HIGH }) { task { priority } } }`,
    (id) => ({ id }),
    ErrorCode.NOT_FOUND,
  ],
  [
    'a stale version',
    'mutation ($id: ID!) { updateTask(input: { id: $id, title: "new", expectedVersion: 9 }) { task { id } } }',
    (id) => ({ id }),
    ErrorCode.STALE_VERSION,
  ],
  [
    'bulk changes, all or nothing',
    `mutation ($ids: [ID!]!) { completeTasks(input: { ids: $ids }) { tasks { id } } }`,
    (id) => ({ ids: [id, missing] }),
    ErrorCode.NOT_FOUND,
  ],
  [
    'a value of the wrong type',
    'query ($id: ID!) { task(id: $id) { id } }',
    () => ({ id: [] }),
    ErrorCode.BAD_USER_INPUT,
  ],
  ['a variable left out', 'query ($id: ID!) { task(id: $id) { id } }', () => ({}), ErrorCode.BAD_USER_INPUT],
  [
    'a create that is repeated',
    'mutation ($input: CreateTaskInput!) { createTask(input: $input) { task { id title version createdAt } } }',
    () => ({ input: { id: missing.replace('8acf', '8abc'), title: 'again' } }),
  ],
  [
    'fragments that are spread twice, once left out',
    'query ($x: Boolean = true, $y: Boolean!) { tasks { ...F @skip(if: $x) ...F @include(if: $y) nodes { id @skip(if: $y) } } } fragment F on TaskConnection { totalCount nodes { title @include(if: $x) } }',
    () => ({ x: true, y: true }),
  ],
  [
    'a required variable with a default',
    'query ($d: OrderDirection! = ASC) { tasks(orderBy: { field: TITLE, direction: $d }) { nodes { title } } }',
    () => ({}),
  ],
  [
    'an optional variable with a name of JavaScript',
    'query ($valueOf: Int) { tasks(first: $valueOf) { nodes { title } } }',
    () => ({}),
  ],
  [
    'null for a variable with a default at a required place',
    'query ($x: Boolean = true) { errorCodes @skip(if: $x) me { email } }',
    () => ({ x: null }),
    ErrorCode.BAD_USER_INPUT,
  ],
  [
    'names that mean something to JavaScript',
    '{ constructor: me { toString: email hasOwnProperty: id } __proto__: me { id } }',
    () => ({}),
  ],
];

test.each(operations)('%s: walked and compiled, the answer is the same', async (_name, document, variablesOf, code) => {
  const user = await server.newUser();
  await user.createTask('first');
  const task = await user.createTask('second');
  // Mutations reach the state that they ask for before the comparison starts.
  await user.run(`${document} `, variablesOf(task));
  const replies = [await user.run(document, variablesOf(task))];
  for (let again = 0; again < 3; again++) replies.push(await user.run(document, variablesOf(task)));
  expect(new Set(replies.map(comparable)).size, replies.join('\n')).toBe(1);
  for (const reply of replies) expect(codesOf(reply), String(reply)).toEqual(code ? [code] : []);
});

test('variables decide anew in each request what is selected, below each record too', async () => {
  const user = await server.newUser();
  const parentId = await user.createTask('parent');
  const createBelow = 'mutation ($input: CreateTaskInput!) { createTask(input: $input) { task { title } } }';
  await user.run(createBelow, { input: { parentId, title: 'child' } });
  const query = `query ($id: ID!, $yes: Boolean!) { task(id: $id) {
    subtasks { nodes { title @include(if: $yes) version @skip(if: $yes) } totalCount @include(if: $yes) } } }`;
  for (const yes of [true, false, true, false, false, true]) {
    const { subtasks } = (await user.run(query, { id: parentId, yes })).data.task;
    expect(subtasks).toEqual(yes ? { nodes: [{ title: 'child' }], totalCount: 1 } : { nodes: [{ version: 1 }] });
  }
});

test('an operation is chosen by its name, however often its document is sent', async () => {
  const query = `query A { me { email } } query B { errorCodes } # ${randomUUID()}`;
  for (let again = 0; again < 3; again++) {
    const a = await server.client().post(JSON.stringify({ query, operationName: 'B' }));
    expect(a.data.errorCodes).toContain('CONFLICT');
    const none = await server.client().post(JSON.stringify({ query, operationName: 'C' }));
    expect([none.status, none.code]).toEqual([400, 'OPERATION_RESOLUTION_FAILURE']);
  }
});

function comparable({ status, text }: Reply): string {
  return `${status} ${text.replaceAll(/"requestId":"[^"]+"/g, '')}`;
}

function codesOf({ text }: Reply): string[] {
  const { errors = [] }: { errors?: ReplyError[] } = JSON.parse(text);
  return errors.map(({ extensions }) => extensions.code);
}

test('null for a variable that has a default is refused where a value is required, and names the place', async () => {
  const reply = await server.client().run('query ($x: Boolean = true) { errorCodes @skip(if: $x) }', { x: null });
  expect([reply.status, reply.code, reply.fields]).toEqual([400, 'BAD_USER_INPUT', ['if REQUIRED']]);
});

test('a bomb of fragments takes no longer to compile than to refuse', async () => {
  const levels = Array.from({ length: 36 }, (_, n) => `fragment F${n} on User { ...F${n + 1} ...F${n + 1} }`).join(' ');
  const bomb = `{ me { ...F0 } } ${levels} fragment F36 on User { id }`;
  const user = await server.newUser();
  const before = process.cpuUsage().user;
  for (let again = 0; again < 3; again++) expect((await user.run(bomb)).data.me.id).toMatch(/-/);
  // Microseconds of processor time; compiled, it would not end.
  expect(process.cpuUsage().user - before).toBeLessThan(2_000_000);
});
