import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import type { Client } from '../support/client.ts';
import { useServer } from '../support/server.ts';
import { collectStatements } from '../support/statements.ts';

const server = useServer();

async function run(user: Client, operation: string, variables: Record<string, unknown> = {}) {
  return (await user.run(operation, variables)).data;
}

async function createLabel(user: Client, name: string): Promise<string> {
  const operation = 'mutation ($name: String!) { createLabel(input: { name: $name }) { label { id } } }';
  return (await run(user, operation, { name })).createLabel.label.id;
}

async function createList(user: Client): Promise<string> {
  return (await run(user, 'mutation { createList(input: { name: "list" }) { list { id } } }')).createList.list.id;
}

async function createTask(user: Client, input: object): Promise<string> {
  const operation = 'mutation ($input: CreateTaskInput!) { createTask(input: $input) { task { id } } }';
  return (await run(user, operation, { input: { title: 'task', ...input } })).createTask.task.id;
}

/** A user with so many tasks at the top level, each in a list of its own, with two labels, and with two subtasks. */
async function userWith(count: number): Promise<Client> {
  const user = await server.newUser();
  const labelIds = [await createLabel(user, 'one'), await createLabel(user, 'other')];
  for (let index = 0; index < count; index++) {
    const listId = await createList(user);
    const parentId = await createTask(user, { listId, labelIds });
    await Promise.all([createTask(user, { parentId, labelIds }), createTask(user, { parentId })]);
  }
  return user;
}

/** What an operation answers, and the statements that the real driver was given for it. */
async function watch(user: Client, operation: string) {
  const { result, statements } = await collectStatements(() => run(user, operation));
  return { data: result, texts: statements.map(({ text }) => text).sort() };
}

const related = 'id title list { id name } labels { id name }';
const operations = {
  'tasks with list, labels, parent and subtasks': `{ tasks(first: 50, filter: { topLevel: true }) {
    totalCount pageInfo { hasNextPage }
    nodes { ${related} parent { ${related} } subtasks(first: 5) { totalCount nodes { ${related} parent { id } } } } } }`,
  'subtasks with their parents, and those with theirs': `{ tasks(first: 100, filter: { topLevel: false }) {
    nodes { ${related} parent { ${related} subtasks(last: 2) { edges { node { ${related} } } } } } } }`,
  'lists with tasks and their subtasks': `{ lists(first: 50) { totalCount nodes { id name
    tasks(first: 2) { totalCount nodes { ${related} subtasks(first: 2) { nodes { id labels { name } } } } } } } }`,
  'subtasks with fields that directives decide on': `{ tasks(first: 50, filter: { topLevel: true }) {
    nodes { id @include(if: true) subtasks(first: 1) { nodes { title @skip(if: false) } } } } }`,
  'lists with tasks in other orders': `{ lists(first: 50) { nodes { id
    newest: tasks(first: 1, orderBy: { field: CREATED_AT, direction: DESC }) { nodes { title } }
    open: tasks(first: 2, filter: { completed: false, topLevel: true }) { nodes { title } } } } }`,
};

const ready = async (): Promise<[Client, Client]> => [await userWith(2), await userWith(50)];
let users: Promise<[Client, Client]> | undefined;

test.each(Object.entries(operations))('%s run as many statements for fifty as for two', async (_name, operation) => {
  users ??= ready();
  const [two, fifty] = await users;
  const once = () => `${operation} # ${randomUUID()}`;
  const walked = [await watch(two, once()), await watch(fifty, once())] as const;
  // What is seen again is compiled.
  await run(two, operation);
  const compiled = [await watch(two, operation), await watch(fifty, operation)] as const;
  for (const [few, many] of [walked, compiled]) {
    expect(many.texts).toEqual(few.texts);
    // One that finds out who asks.
    expect(few.texts.length).toBeGreaterThan(1);
    expect(few.texts.length).toBeLessThan(8);
    const { nodes } = few.data.tasks ?? few.data.lists;
    expect(nodes.length).toBeGreaterThanOrEqual(2);
    expect((many.data.tasks ?? many.data.lists).nodes).toHaveLength(25 * nodes.length);
  }
});

test('what is read together is what each of them would be alone', async () => {
  users ??= ready();
  const [, fifty] = await users;
  const fields = `id list { id } labels { name } subtasks(first: 1) { totalCount nodes { ${related} parent { id } } pageInfo { hasNextPage } }`;
  const { nodes } = (await run(fifty, `{ tasks(first: 50, filter: { topLevel: true }) { nodes { ${fields} } } }`))
    .tasks;
  for (const node of nodes) {
    expect(node.labels).toEqual([{ name: 'one' }, { name: 'other' }]);
    expect(node.subtasks).toMatchObject({ totalCount: 2, pageInfo: { hasNextPage: true } });
    expect(node.subtasks.nodes).toMatchObject([{ list: node.list, parent: { id: node.id } }]);
  }
  const [first, , third] = nodes;
  for (const node of [first, third]) {
    expect((await run(fifty, `query ($id: ID!) { task(id: $id) { ${fields} } }`, { id: node.id })).task).toEqual(node);
  }
});
