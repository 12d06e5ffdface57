import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Client } from '../support/client.ts';
import { useServer } from '../support/server.ts';
import { collectStatements } from '../support/statements.ts';
import { createList, createTask } from '../support/tasks.ts';
import { createTree, mutate } from '../support/trees.ts';

const server = useServer();
let user: Client;
let task: string;

/** Trees in a list, in a list in the trash, and with parts in the trash and out of it. */
beforeAll(async () => {
  user = await server.newUser();
  const [listId, trashedList] = [await createList(user), await createList(user)];
  const { a, b, d } = await createTree(user, { listId });
  task = a;
  await mutate(user, 'moveTask', { id: d, beforeId: b });
  await mutate(user, 'deleteTask', { id: await createTask(user, 'part in the trash', { parentId: a }) });
  const due = { date: '2026-12-24', time: '09:30', timeZone: 'Europe/Paris' };
  const { a: trashed } = await createTree(user);
  await createTask(user, 'due', { parentId: trashed, due });
  await mutate(user, 'deleteTask', { id: trashed });
  const { a: hidden, b: next } = await createTree(user, { listId: trashedList });
  const earlier = await createTask(user, 'trashed before its list', { parentId: hidden });
  await mutate(user, 'moveTask', { id: earlier, beforeId: next });
  await mutate(user, 'deleteTask', { id: earlier });
  await mutate(user, 'deleteList', { id: trashedList });
  // So few are found without an index, and as they lie there.
  await server.sql('analyze task');
});

const everyField = `__typename id title description completed completedAt priority position version createdAt updatedAt
  deletedAt due { date time timeZone at }`;

/** What the operation answers, and how many statements it took but for the one about the viewer. */
async function read(operation: string): Promise<{ text: string; statements: number }> {
  // A text of its own: seen for the first time it is executed by graphql-js.
  const { result, statements } = await collectStatements(() => user.run(`${operation} # ${randomUUID()}`));
  expect(result.text).toMatch(/^\{"data":/);
  return {
    text: result.text,
    statements: statements.filter(({ text }) => !text.includes('named(user_id, id)')).length,
  };
}

/** Told so, though it is the same, a page is found by its resolver. */
const byResolver = (operation: string) => operation.replaceAll('first: 2)', 'first: 2, after: null)');

const operations: Record<string, string> = {
  'of a page of tasks': `{ tasks(first: 20) { nodes { id subtasks(first: 2) { nodes { ${everyField} } } } } }`,
  'of tasks in the trash': `{ tasks(filter: { trash: ONLY }) { nodes { subtasks(first: 2) { nodes { title } } } } }`,
  'of tasks in lists in the trash':
    '{ lists(filter: { trash: ONLY }) { nodes { name } } tasks(filter: { trash: INCLUDE }) { edges { cursor node { subtasks(first: 2) { nodes { title deletedAt } } } } } }',
  'with what is related to them': `{ tasks { nodes { subtasks(first: 2) {
    nodes { id list { id name } parent { id title labels { name } } labels { name } } } } } }`,
  'of subtasks': `{ tasks { nodes { title subtasks(first: 2) { nodes { title subtasks(first: 2) { nodes { title } } } } } } }`,
  'twice under other names': `{ tasks { nodes { one: subtasks(first: 2) { nodes { id } } two: subtasks(first: 2) { nodes { title } } } } }`,
  'in fragments': `{ tasks { nodes { ...A ...B } } } fragment A on Task { subtasks(first: 2) { ...C } }
    fragment B on Task { subtasks(first: 2) { nodes { version } } } fragment C on TaskConnection { __typename nodes { id } }`,
  'under other names of the page':
    '{ tasks { nodes { subtasks(first: 2) { a: nodes { b: id } nodes { c: title } } } } }',
};

describe('subtasks that come with their task are as their resolver finds them', () => {
  test.each(Object.entries(operations))('%s', async (_name, operation) => {
    const [together, apart] = [await read(operation), await read(byResolver(operation))];
    expect(together.text).toBe(apart.text);
    expect(apart.statements).toBeGreaterThan(together.statements);
  });

  test('of one task, and of a node', async () => {
    for (const field of [`task(id: "${task}")`, `node(id: "${task}")`]) {
      const operation = `{ ${field} { ... on Task { subtasks(first: 2) { nodes { title } } } } }`;
      const [together, apart] = [await read(operation), await read(byResolver(operation))];
      expect(together.text).toBe(apart.text);
      expect(together.text).toMatch(/\[\{"title":"d"\},\{"title":"b"\}\]/);
      expect([together.statements, apart.statements]).toEqual([1, 2]);
    }
  });
});

/** What is asked for, and how many statements find it. */
const others: [string, string, number][] = [
  ['of a parent', 'parent { subtasks(first: 2) { nodes { title } } }', 2],
  [
    'of which two numbers are asked for',
    'a: subtasks(first: 1) { nodes { id } } b: subtasks(first: 2) { nodes { id } }',
    3,
  ],
  ['of which the end is asked for', 'subtasks(last: 2) { nodes { title } }', 2],
  ['of which more is asked for', 'subtasks(first: 2) { nodes { title } pageInfo { hasNextPage } }', 2],
  ['that are counted', 'subtasks(first: 2) { nodes { title } totalCount }', 3],
  ['with cursors', 'subtasks(first: 2) { edges { cursor node { title } } }', 2],
];

test.each(others)('subtasks %s are found by their resolver', async (_name, fields, statements) => {
  const { text, ...rest } = await read(`{ tasks(first: 20) { nodes { title ${fields} } } }`);
  expect(rest.statements).toBe(statements);
  expect(text).toBe((await read(byResolver(`{ tasks(first: 20) { nodes { title ${fields} } } }`))).text);
});

test('a number of subtasks that a variable gives is that of each request', async () => {
  const operation = 'query ($n: Int) { tasks { nodes { subtasks(first: $n) { nodes { id } } } } }';
  const sizes = async (n: number) => {
    const { nodes } = (await user.run(operation, { n })).data.tasks;
    return Math.max(...nodes.map(({ subtasks }: { subtasks: { nodes: unknown[] } }) => subtasks.nodes.length));
  };
  expect([await sizes(1), await sizes(0), await sizes(2)]).toEqual([1, 0, 2]);
});

test('what a mutation answers below a task that it has changed is as it has left that task', async () => {
  const parent = await createTask(user, 'parent');
  await createTask(user, 'part', { parentId: parent });
  const operation = `mutation ($id: ID!) { completeTask(input: { id: $id }) {
    task { subtasks(first: 2) { nodes { parent { completed version } } } } } }`;
  const { nodes } = (await user.run(operation, { id: parent })).data.completeTask.task.subtasks;
  expect(nodes).toEqual([{ parent: { completed: true, version: 2 } }]);
});
