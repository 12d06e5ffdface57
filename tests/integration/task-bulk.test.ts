import { describe, expect, test } from 'vitest';
import type { Client, Reply } from '../support/client.ts';
import { useServer } from '../support/server.ts';
import { collectStatements } from '../support/statements.ts';

const server = useServer();

const fields = 'id title completed completedAt version createdAt updatedAt deletedAt';
const task = `query ($id: ID!) { task(id: $id) { ${fields} } }`;

interface Bulk {
  readonly name: string;
  /** What has to be done to an open task before this makes a difference to it. */
  readonly first?: string;
  readonly change: Record<string, unknown>;
  /** The field that lists ids for caches. */
  readonly listing?: string;
}

const instant = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
const everyBulk: Bulk[] = [
  { name: 'completeTasks', change: { completed: true, completedAt: instant } },
  { name: 'reopenTasks', first: 'completeTasks', change: { completed: false, completedAt: null } },
  { name: 'deleteTasks', change: { deletedAt: instant }, listing: 'deletedIds' },
  { name: 'restoreTasks', first: 'deleteTasks', change: { deletedAt: null }, listing: 'restoredIds' },
];
const madeUp = ['01a1fd83-085f-7429-8acf-26a739617b03', '01a1fd83-085f-7429-8acf-26a739617b04'] as const;

function run(user: Client, name: string, ids: readonly string[]): Promise<Reply> {
  const listing = everyBulk.find((bulk) => bulk.name === name)?.listing ?? '';
  const operation = `mutation ($ids: [ID!]!) { ${name}(input: { ids: $ids }) { tasks { ${fields} } ${listing} } }`;
  return user.run(operation, { ids });
}

/** Tasks to which the mutation makes a difference. */
async function tasksFor({ first }: Bulk, user: Client, count: number): Promise<string[]> {
  const ids = await Promise.all(Array.from({ length: count }, (_, index) => user.createTask(`task ${index}`)));
  if (first) expect((await run(user, first, ids)).data[first].tasks).toHaveLength(count);
  return ids;
}

function load(user: Client, ids: readonly string[]) {
  return Promise.all(ids.map(async (id) => (await user.run(task, { id })).data.task));
}

function expectProblems(reply: Reply, code: string, problems: string[]): void {
  expect([reply.status, reply.code, reply.fields], String(reply)).toEqual([200, code, problems]);
  expect(Object.values(reply.partialData)).toEqual([null]);
}

describe.each(everyBulk)('$name', (bulk) => {
  const { name, change, listing } = bulk;

  test('changes every task and answers in the order in which they are named', async () => {
    const user = await server.newUser();
    const ids = await tasksFor(bulk, user, 4);
    const before = await load(user, ids);
    const [a, b, c, other] = ids as [string, string, string, string];
    const payload = (await run(user, name, [c, a.toUpperCase(), b])).data[name];
    const changed = (index: number) => ({ ...before[index], ...change, version: before[index].version + 1 });
    const expected = [changed(2), changed(0), changed(1)].map((task) => ({ ...task, updatedAt: instant }));
    expect(payload.tasks).toEqual(expected);
    if (listing) expect(payload[listing]).toEqual([c, a, b]);
    expect(await load(user, [c, a, b, other])).toEqual([...payload.tasks, before[3]]);
  });

  test('answers once with a task that is named twice, and counts its version up once', async () => {
    const user = await server.newUser();
    const [a, b] = (await tasksFor(bulk, user, 2)) as [string, string];
    const [before] = await load(user, [a]);
    const payload = (await run(user, name, [b, a, b.toUpperCase(), a])).data[name];
    expect(payload.tasks).toMatchObject([{ id: b }, { id: a, version: before.version + 1 }]);
    if (listing) expect(payload[listing]).toEqual([b, a]);
  });

  test('changes nothing where it is so already, and the rest all the same', async () => {
    const user = await server.newUser();
    const [a, b] = (await tasksFor(bulk, user, 2)) as [string, string];
    const [done] = (await run(user, name, [a])).data[name].tasks;
    const both = (await run(user, name, [a, b])).data[name].tasks;
    expect(both).toMatchObject([done, { id: b, ...change }]);
    expect((await run(user, name, [a, b])).data[name].tasks).toEqual(both);
  });

  test('takes 1 to 100 tasks', async () => {
    const user = await server.newUser();
    const ids = await tasksFor(bulk, user, 100);
    expectProblems(await run(user, name, []), 'BAD_USER_INPUT', ['input.ids OUT_OF_RANGE']);
    expectProblems(await run(user, name, [...ids, madeUp[0]]), 'BAD_USER_INPUT', ['input.ids OUT_OF_RANGE']);
    const { tasks } = (await run(user, name, ids)).data[name];
    expect(tasks).toMatchObject(ids.map((id) => ({ id, ...change })));
  });

  test('names every malformed id by its index and changes nothing', async () => {
    const user = await server.newUser();
    const [a, b] = (await tasksFor(bulk, user, 2)) as [string, string];
    const before = await load(user, [a, b]);
    const reply = await run(user, name, [a, 'x', b, '', `${madeUp[0]}0`]);
    const problems = [1, 3, 4].map((index) => `input.ids.${index} INVALID_ID`);
    expectProblems(reply, 'BAD_USER_INPUT', problems);
    expect(await load(user, [a, b])).toEqual(before);
  });

  test("names every missing id by its index, another user's alike, and changes nothing", async () => {
    const [user, stranger] = await Promise.all([server.newUser(), server.newUser()]);
    const [a, b] = (await tasksFor(bulk, user, 2)) as [string, string];
    const [theirs] = (await tasksFor(bulk, stranger, 1)) as [string];
    const before = await Promise.all([load(user, [a, b]), load(stranger, [theirs])]);
    const reply = await run(user, name, [madeUp[0], a, theirs, b, madeUp[1]]);
    const problems = [0, 2, 4].map((index) => `input.ids.${index} NOT_FOUND`);
    expectProblems(reply, 'NOT_FOUND', problems);
    const messages = reply.error.extensions.fields?.map(({ message }) => message);
    expect(new Set(messages).size).toBe(1);
    expect(await Promise.all([load(user, [a, b]), load(stranger, [theirs])])).toEqual(before);

    const bare = ({ text }: Reply) => text.replace(/"requestId":"[^"]+"/, '');
    expect(bare(await run(user, name, [theirs]))).toBe(bare(await run(user, name, [madeUp[0]])));
  });

  test('names a missing id at each of its indices', async () => {
    const user = await server.newUser();
    const reply = await run(user, name, [madeUp[0], madeUp[1], madeUp[0]]);
    const problems = [0, 1, 2].map((index) => `input.ids.${index} NOT_FOUND`);
    expectProblems(reply, 'NOT_FOUND', problems);
  });

  test('runs as many statements on a hundred tasks as on two', async () => {
    const user = await server.newUser();
    const [few, many] = [await tasksFor(bulk, user, 2), await tasksFor(bulk, user, 100)];
    const statementsFor = async (ids: string[]): Promise<string[]> => {
      const { result, statements } = await collectStatements(() => run(user, name, ids));
      expect(result.data[name].tasks).toHaveLength(ids.length);
      return statements.map(({ text }) => text.slice(0, 12));
    };
    const forTwo = await statementsFor(few);
    expect(forTwo.join()).toMatch(/start transa.*select.*update.*commit/is);
    expect(forTwo.length).toBeLessThan(10);
    expect(await statementsFor(many)).toEqual(forTwo);
  });

  test('needs a session', async () => {
    const reply = await run(server.client(), name, [madeUp[0]]);
    expect([reply.status, reply.code]).toEqual([401, 'UNAUTHENTICATED']);
  });
});

describe.each(everyBulk.filter(({ listing }) => !listing))('$name', (bulk) => {
  test('names every task in the trash by its index and changes nothing', async () => {
    const user = await server.newUser();
    const ids = await tasksFor(bulk, user, 4);
    const [a, b, c, d] = ids as [string, string, string, string];
    await run(user, 'deleteTasks', [b, d]);
    const before = await load(user, ids);
    const reply = await run(user, bulk.name, [a, b, c, d]);
    expectProblems(reply, 'NOT_FOUND', ['input.ids.1 IN_TRASH', 'input.ids.3 IN_TRASH']);
    expect(await load(user, ids)).toEqual(before);
  });

  test('names a task in the trash at each of its indices, and missing ones beside it', async () => {
    const user = await server.newUser();
    const [a, b] = (await tasksFor(bulk, user, 2)) as [string, string];
    await run(user, 'deleteTasks', [b]);
    const twice = await run(user, bulk.name, [b, a, b]);
    expectProblems(twice, 'NOT_FOUND', ['input.ids.0 IN_TRASH', 'input.ids.2 IN_TRASH']);
    const both = await run(user, bulk.name, [b, a, madeUp[0]]);
    expectProblems(both, 'NOT_FOUND', ['input.ids.0 IN_TRASH', 'input.ids.2 NOT_FOUND']);
  });
});
