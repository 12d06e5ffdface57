import { describe, expect, test } from 'vitest';
import type { Client, Reply } from '../support/client.ts';
import { useServer } from '../support/server.ts';

const server = useServer();

const fields =
  'id title priority version updatedAt due { date time timeZone } labels { name } list { id } parent { id }';
const operations = {
  update: `mutation ($input: UpdateTasksInput!) { updateTasks(input: $input) { tasks { ${fields} } } }`,
  move: `mutation ($input: MoveTasksInput!) { moveTasks(input: $input) { tasks { ${fields} } } }`,
  task: `query ($id: ID!) { task(id: $id) { ${fields} } }`,
  create: 'mutation ($input: CreateTaskInput!) { createTask(input: $input) { task { id } } }',
  list: 'mutation ($name: String!) { createList(input: { name: $name }) { list { id } } }',
  label: 'mutation ($name: String!) { createLabel(input: { name: $name }) { label { id } } }',
  trash: 'mutation ($ids: [ID!]!) { deleteTasks(input: { ids: $ids }) { deletedIds } }',
  siblings: `query ($filter: TaskFilter!) {
    tasks(first: 100, filter: $filter, orderBy: { field: POSITION, direction: ASC }) { nodes { title } }
  }`,
};
const madeUp = ['01a1fd83-085f-7429-8acf-26a739617b03', '01a1fd83-085f-7429-8acf-26a739617b04'] as const;

async function create(user: Client, title: string, input: Record<string, unknown> = {}): Promise<string> {
  return (await user.run(operations.create, { input: { title, ...input } })).data.createTask.task.id;
}

/** Tasks one behind the other, by their titles. */
async function createAll(user: Client, titles: string, input: Record<string, unknown> = {}) {
  const ids: Record<string, string> = {};
  for (const title of titles) ids[title] = await create(user, title, input);
  return ids as Record<string, string> & { a: string; b: string; c: string; d: string; e: string };
}

async function createList(user: Client): Promise<string> {
  return (await user.run(operations.list, { name: 'list' })).data.createList.list.id;
}

async function createLabel(user: Client, name: string): Promise<string> {
  return (await user.run(operations.label, { name })).data.createLabel.label.id;
}

const update = (user: Client, ids: readonly string[], set: Record<string, unknown>) =>
  user.run(operations.update, { input: { ids, set } });

const move = (user: Client, ids: readonly (string | undefined)[], to: Record<string, unknown> = {}) =>
  user.run(operations.move, { input: { ids, ...to } });

function load(user: Client, ids: readonly string[]) {
  return Promise.all(ids.map(async (id) => (await user.run(operations.task, { id })).data.task));
}

/** The titles at the top level of a list, or of the inbox. */
async function order(user: Client, listId: string | null = null): Promise<string> {
  const filter = { topLevel: true, ...(listId ? { listId } : { inbox: true }) };
  const { nodes } = (await user.run(operations.siblings, { filter })).data.tasks;
  return nodes.map(({ title }: { title: string }) => title).join('');
}

function expectProblems(reply: Reply, code: string, problems: string[]): void {
  expect([reply.status, reply.code, reply.fields], String(reply)).toEqual([200, code, problems]);
  expect(Object.values(reply.partialData)).toEqual([null]);
}

describe('updateTasks', () => {
  test('changes what is given of each task as one change, and leaves the rest', async () => {
    const user = await server.newUser();
    const [keep, take, give] = [
      await createLabel(user, 'keep'),
      await createLabel(user, 'take'),
      await createLabel(user, 'give'),
    ];
    const labelIds = [keep, take];
    const { a, b, c } = await createAll(user, 'abc', { labelIds, priority: 'LOW' });
    const before = await load(user, [a, b, c]);
    const due = { date: '2026-12-01', time: '09:30:00', timeZone: 'Europe/Paris' };
    const set = { priority: 'HIGH', due, addLabelIds: [give, keep.toUpperCase()], removeLabelIds: [take] };
    const { tasks } = (await update(user, [c, a.toUpperCase(), c], set)).data.updateTasks;
    const changed = (index: number) => ({
      ...before[index],
      priority: 'HIGH',
      due,
      labels: [{ name: 'give' }, { name: 'keep' }],
      version: 2,
      updatedAt: expect.any(String),
    });
    expect(tasks).toEqual([changed(2), changed(0)]);
    expect(await load(user, [c, a, b])).toEqual([...tasks, before[1]]);
    const cleared = (await update(user, [a], { priority: null, due: null })).data.updateTasks.tasks[0];
    expect(cleared).toMatchObject({ priority: 'NONE', due: null, version: 3, labels: tasks[0].labels });
  });

  test('counts the version up only where something changes', async () => {
    const user = await server.newUser();
    const label = await createLabel(user, 'label');
    const due = { date: '2026-12-01' };
    const { a, b } = await createAll(user, 'ab');
    const same = await create(user, 'same', { priority: 'HIGH', due, labelIds: [label] });
    const [before] = await load(user, [same]);
    const set = { priority: 'HIGH', due, addLabelIds: [label] };
    const first = (await update(user, [a, same, b], set)).data.updateTasks.tasks;
    expect(first).toMatchObject([{ version: 2 }, { version: 1, updatedAt: before.updatedAt }, { version: 2 }]);
    expect((await update(user, [a, same, b], set)).data.updateTasks.tasks).toEqual(first);
    const empty = { addLabelIds: [], removeLabelIds: null };
    for (const nothing of [{}, empty]) {
      expect((await update(user, [a, same, b], nothing)).data.updateTasks.tasks).toEqual(first);
    }
  });

  test('sorts and filters by the due that it has set', async () => {
    const user = await server.newUser();
    const { a, b } = await createAll(user, 'abc');
    await update(user, [a, b], { due: { date: '2026-12-01' } });
    const listed = async (filter: string) =>
      (await user.run(`{ tasks(filter: { ${filter} }) { nodes { title } } }`)).data.tasks.nodes;
    expect(await listed('dueFrom: "2026-12-01", dueTo: "2026-12-01"')).toEqual([{ title: 'b' }, { title: 'a' }]);
    await update(user, [a], { due: null });
    expect(await listed('dueFrom: "0001-01-01"')).toEqual([{ title: 'b' }]);
  });

  test('names every missing task and every one in the trash by each of its indices, and changes none', async () => {
    const [user, stranger] = await Promise.all([server.newUser(), server.newUser()]);
    const { a, b, c } = await createAll(user, 'abc');
    const theirs = await stranger.createTask();
    await user.run(operations.trash, { ids: [b] });
    const before = await load(user, [a, b, c]);
    const set = { priority: 'URGENT' };
    const missing = await update(user, [a, madeUp[0], c, theirs, madeUp[0]], set);
    expectProblems(missing, 'NOT_FOUND', ['input.ids.1 NOT_FOUND', 'input.ids.3 NOT_FOUND', 'input.ids.4 NOT_FOUND']);
    expectProblems(await update(user, [b, a, b], set), 'NOT_FOUND', ['input.ids.0 IN_TRASH', 'input.ids.2 IN_TRASH']);
    const both = await update(user, [b, a, madeUp[0]], set);
    expectProblems(both, 'NOT_FOUND', ['input.ids.0 IN_TRASH', 'input.ids.2 NOT_FOUND']);
    expect(await load(user, [a, b, c])).toEqual(before);
    expect((await load(stranger, [theirs]))[0]).toMatchObject({ priority: 'NONE', version: 1 });
  });

  test('names every missing label by its index', async () => {
    const [user, stranger] = await Promise.all([server.newUser(), server.newUser()]);
    const [own, theirs] = [await createLabel(user, 'own'), await createLabel(stranger, 'theirs')];
    const id = await user.createTask();
    const reply = await update(user, [id], {
      priority: 'HIGH',
      addLabelIds: [own, theirs],
      removeLabelIds: [madeUp[0], own, madeUp[1]],
    });
    expectProblems(reply, 'NOT_FOUND', [
      'input.set.addLabelIds.1 NOT_FOUND',
      'input.set.removeLabelIds.0 NOT_FOUND',
      'input.set.removeLabelIds.2 NOT_FOUND',
    ]);
    expect((await load(user, [id]))[0]).toMatchObject({ version: 1, priority: 'NONE', labels: [] });
  });
});

describe('moveTasks', () => {
  test.each([
    ['to the end', 'ca', {}, 'bdeca'],
    ['to the end, where the last is last already', 'be', {}, 'acdbe'],
    ['after another', 'ea', { afterId: 'c' }, 'bcead'],
    ['after another that they stand at already', 'de', { afterId: 'c' }, 'abcde'],
    ['before another', 'eb', { beforeId: 'd' }, 'acebd'],
    ['before the first', 'edc', { beforeId: 'a' }, 'edcab'],
    ['all in reverse', 'edcba', {}, 'edcba'],
    ['one that is named twice', 'aca', {}, 'bdeac'],
  ])('puts tasks %s in the order in which they are named', async (_name, named, to, expected) => {
    const user = await server.newUser();
    const ids = await createAll(user, 'abcde');
    const before = await load(user, Object.values(ids));
    const spot = Object.fromEntries(Object.entries(to).map(([side, title]) => [side, ids[title as string]]));
    const { tasks } = (
      await move(
        user,
        [...named].map((title) => ids[title]),
        spot,
      )
    ).data.moveTasks;
    expect(tasks.map(({ title }: { title: string }) => title)).toEqual([...new Set(named)]);
    expect(await order(user)).toBe(expected);
    expect(await load(user, Object.values(ids))).toEqual(before);
  });

  test('takes subtasks along into another list, and below another task', async () => {
    const user = await server.newUser();
    const listId = await createList(user);
    const { a, b } = await createAll(user, 'abc');
    const below = await create(user, 'below', { parentId: b });
    const deeper = await create(user, 'deeper', { parentId: below });
    const there = await create(user, 'x', { listId });
    await create(user, 'y', { listId });
    await move(user, [b, a], { listId, afterId: there });
    expect([await order(user), await order(user, listId)]).toEqual(['c', 'xbay']);
    expect(await load(user, [below, deeper])).toMatchObject([
      { list: { id: listId }, parent: { id: b }, version: 1 },
      { list: { id: listId }, parent: { id: below }, version: 1 },
    ]);
    await move(user, [a, b], { parentId: there });
    expect(await order(user, listId)).toBe('xy');
    const { subtasks } = (
      await user.run('query ($id: ID!) { task(id: $id) { subtasks { nodes { title } } } }', { id: there })
    ).data.task;
    expect(subtasks.nodes).toEqual([{ title: 'a' }, { title: 'b' }]);
    await move(user, [b], { listId: null });
    expect(await load(user, [b, below, deeper])).toMatchObject([{ list: null }, { list: null }, { list: null }]);
  });

  test('puts a hundred to the end in their order', async () => {
    const user = await server.newUser();
    const ids = await Promise.all(Array.from({ length: 100 }, (_, index) => user.createTask(`${index},`)));
    await move(user, ids);
    expect(await order(user)).toBe(ids.map((_, index) => `${index},`).join(''));
  });

  test('moves none where one cannot go there', async () => {
    const user = await server.newUser();
    const ids = await createAll(user, 'abcd');
    const { a, b, c, d } = ids;
    const below = await create(user, 'below', { parentId: c });
    await user.run(operations.trash, { ids: [d] });
    expectProblems(await move(user, [b, madeUp[0], d, madeUp[0]]), 'NOT_FOUND', [
      'input.ids.1 NOT_FOUND',
      'input.ids.2 IN_TRASH',
      'input.ids.3 NOT_FOUND',
    ]);
    expectProblems(await move(user, [a, c], { parentId: below }), 'BAD_USER_INPUT', ['input.parentId OWN_SUBTASK']);
    expectProblems(await move(user, [a, b], { beforeId: below }), 'BAD_USER_INPUT', ['input.beforeId NOT_A_SIBLING']);
    const both = { afterId: c, beforeId: c };
    expectProblems(await move(user, [a, b], both), 'BAD_USER_INPUT', ['input.beforeId NOT_WITH_AFTER']);
    expectProblems(await move(user, [a, c], { beforeId: c }), 'BAD_USER_INPUT', ['input.beforeId ITSELF']);
    expect(await order(user)).toBe('abc');
  });

  test('names the field that was given where a later one is no sibling', async () => {
    const user = await server.newUser();
    const { a, b } = await createAll(user, 'abc');
    const below = await create(user, 'below', { parentId: b });
    const reply = await move(user, [a, below], { beforeId: b });
    expectProblems(reply, 'BAD_USER_INPUT', ['input.beforeId NOT_A_SIBLING']);
  });
});

const bulk = {
  updateTasks: (user: Client, ids: readonly string[]) => update(user, ids, { priority: 'HIGH' }),
  moveTasks: (user: Client, ids: readonly string[]) => move(user, ids),
};

describe.each(Object.entries(bulk))('%s', (_name, run) => {
  test.each([
    [[], ['input.ids OUT_OF_RANGE']],
    [Array.from({ length: 101 }, () => madeUp[0]), ['input.ids OUT_OF_RANGE']],
    [
      [madeUp[0], 'x', madeUp[1], ''],
      ['input.ids.1 INVALID_ID', 'input.ids.3 INVALID_ID'],
    ],
  ])('refuses bad ids %#', async (ids, problems) => {
    expectProblems(await run(await server.newUser(), ids), 'BAD_USER_INPUT', problems);
  });

  test('needs a session', async () => {
    const reply = await run(server.client(), [madeUp[0]]);
    expect([reply.status, reply.code]).toEqual([401, 'UNAUTHENTICATED']);
  });
});

test.each(['listId', 'parentId', 'afterId', 'beforeId', 'ids'])(
  'to moveTasks the %s of another user is a made-up one',
  async (field) => {
    const [user, stranger] = await Promise.all([server.newUser(), server.newUser()]);
    const id = await user.createTask();
    const theirs = field === 'listId' ? await createList(stranger) : await stranger.createTask();
    const moveWith = (value: string) =>
      field === 'ids' ? move(user, [id, value]) : move(user, [id], { [field]: value });
    const [reply, nobodys] = [await moveWith(theirs), await moveWith(madeUp[0])];
    expectProblems(reply, 'NOT_FOUND', [`input.${field === 'ids' ? 'ids.1' : field} NOT_FOUND`]);
    const withoutIds = (text: string) => text.replace(/"requestId":"[^"]+"/, '');
    expect(withoutIds(reply.text)).toBe(withoutIds(nobodys.text));
  },
);
