import { v7 as uuidv7 } from 'uuid';
import { describe, expect, test } from 'vitest';
import type { Client, Reply } from '../support/client.ts';
import { useServer } from '../support/server.ts';

const server = useServer();

const fields = 'id title version createdAt updatedAt labels { name }';
const operations = {
  task: `query ($id: ID!) { task(id: $id) { ${fields} } }`,
  create: `mutation ($input: CreateTaskInput!) { createTask(input: $input) { task { ${fields} } } }`,
  update: `mutation ($input: UpdateTaskInput!) { updateTask(input: $input) { task { ${fields} } } }`,
  createLabel: 'mutation ($name: String!) { createLabel(input: { name: $name }) { label { id } } }',
  deleteLabel: 'mutation ($id: ID!) { deleteLabel(input: { id: $id }) { deletedId } }',
  createList: 'mutation { createList(input: { name: "x" }) { list { id } } }',
  archive: 'mutation ($id: ID!) { updateList(input: { id: $id, archived: true }) { list { id } } }',
  tasks: `query ($filter: TaskFilter) {
    tasks(filter: $filter, orderBy: { field: TITLE, direction: ASC }) { nodes { title } totalCount }
  }`,
};
const madeUp = '01a1fd83-085f-7429-8acf-26a739617b03';

type Ids = Record<string, string>;

async function createLabels(user: Client, ...names: string[]): Promise<string[]> {
  return Promise.all(
    names.map(async (name) => (await user.run(operations.createLabel, { name })).data.createLabel.label.id),
  );
}

async function create(user: Client, input: Record<string, unknown>) {
  return (await user.run(operations.create, { input })).data.createTask.task;
}

function update(user: Client, input: Record<string, unknown>): Promise<Reply> {
  return user.run(operations.update, { input });
}

async function find(user: Client, id: string) {
  return (await user.run(operations.task, { id })).data.task;
}

function namesOn(task: { labels: { name: string }[] }): string {
  return task.labels.map(({ name }) => name).join(' ');
}

function expectRefused(reply: Reply, code: string, ...expected: string[]): void {
  expect([reply.status, reply.code, reply.fields], String(reply)).toEqual([200, code, expected]);
}

describe('the labels of a task', () => {
  test('are set when it is made, and come by name', async () => {
    const user = await server.newUser();
    // Sorted as they are compared: neither by the case of a letter nor by the database's locale.
    const [z, a, é, b] = (await createLabels(user, 'Z', 'a', 'é', 'B')) as [string, string, string, string];
    const task = await create(user, { title: 'x', labelIds: [z, é, a, b, a.toUpperCase()] });
    expect(namesOn(task)).toBe('a B Z é');
    expect(task.version).toBe(1);
    expect(await find(user, task.id)).toEqual(task);
    expect((await create(user, { title: 'x', labelIds: [] })).labels).toEqual([]);
    expect((await create(user, { title: 'x', labelIds: null })).labels).toEqual([]);
  });

  test('tell all that there is to tell of each', async () => {
    const user = await server.newUser();
    const whole = '__typename id name color version createdAt updatedAt';
    const { label } = (
      await user.run(`mutation { createLabel(input: { name: "x", color: "#1e90ff" }) { label { ${whole} } } }`)
    ).data.createLabel;
    const { id } = await create(user, { title: 'x', labelIds: [label.id] });
    expect(
      (await user.run(`query ($id: ID!) { task(id: $id) { labels { ${whole} } } }`, { id })).data.task.labels,
    ).toEqual([label]);
  });

  test('are part of what makes a repeated call the same', async () => {
    const user = await server.newUser();
    const [a, b] = await createLabels(user, 'a', 'b');
    const input = { id: uuidv7(), title: 'x', labelIds: [a] };
    const task = await create(user, input);
    expect(await create(user, input)).toEqual(task);
    for (const labelIds of [[b], [a, b], undefined]) {
      expectRefused(await user.run(operations.create, { input: { ...input, labelIds } }), 'CONFLICT', 'input.id TAKEN');
    }
  });

  test('change as a whole, by what is added and by what is taken off, one version at a time', async () => {
    const user = await server.newUser();
    const [a, b, c] = await createLabels(user, 'a', 'b', 'c');
    const { id } = await create(user, { title: 'x', labelIds: [a] });
    for (const [change, expected, version] of [
      [{ labelIds: [b, a] }, 'a b', 2],
      [{ labelIds: [a, b, a], expectedVersion: 1 }, 'a b', 2],
      [{ addLabelIds: [c, b] }, 'a b c', 3],
      [{ addLabelIds: [c], removeLabelIds: [] }, 'a b c', 3],
      [{ removeLabelIds: [a] }, 'b c', 4],
      [{ removeLabelIds: [a] }, 'b c', 4],
      [{ addLabelIds: [a], removeLabelIds: [b] }, 'a c', 5],
      [{ addLabelIds: null, removeLabelIds: null }, 'a c', 5],
      [{ labelIds: [b], title: 'y' }, 'b', 6],
      [{ title: 'z' }, 'b', 7],
      [{ labelIds: null }, '', 8],
      [{ labelIds: [], addLabelIds: null }, '', 8],
    ] as const) {
      const before = await find(user, id);
      const { task } = (await update(user, { id, ...change })).data.updateTask;
      expect([namesOn(task), task.version], JSON.stringify(change)).toEqual([expected, version]);
      expect(await find(user, id)).toEqual(task);
      if (version === before.version) expect(task).toEqual(before);
    }
  });

  test('are refused both as a whole and as a difference', async () => {
    const user = await server.newUser();
    const [a, b] = await createLabels(user, 'a', 'b');
    const task = await create(user, { title: 'x', labelIds: [a] });
    for (const change of [
      { labelIds: [b], addLabelIds: [a] },
      { labelIds: [b], removeLabelIds: [a] },
      { labelIds: null, addLabelIds: [b] },
    ]) {
      const reply = await update(user, { id: task.id, ...change });
      expectRefused(reply, 'BAD_USER_INPUT', 'input.labelIds NOT_WITH_OTHERS');
    }
    expect(await find(user, task.id)).toEqual(task);
  });

  test('that are unknown are named by their index, and nothing is done', async () => {
    const user = await server.newUser();
    const [a, gone] = (await createLabels(user, 'a', 'gone')) as [string, string];
    await user.run(operations.deleteLabel, { id: gone });
    const task = await create(user, { title: 'x' });
    for (const [change, ...expected] of [
      [{ labelIds: [a, madeUp, gone] }, 'input.labelIds.1 NOT_FOUND', 'input.labelIds.2 NOT_FOUND'],
      [
        { addLabelIds: [madeUp], removeLabelIds: [a, gone] },
        'input.addLabelIds.0 NOT_FOUND',
        'input.removeLabelIds.1 NOT_FOUND',
      ],
      [{ title: 'y', addLabelIds: [task.id] }, 'input.addLabelIds.0 NOT_FOUND'],
    ] as const) {
      expectRefused(await update(user, { id: task.id, ...change }), 'NOT_FOUND', ...expected);
    }
    const reply = await user.run(operations.create, { input: { title: 'new', labelIds: [a, madeUp] } });
    expectRefused(reply, 'NOT_FOUND', 'input.labelIds.1 NOT_FOUND');
    expectRefused(
      await update(user, { id: task.id, labelIds: ['x', a] }),
      'BAD_USER_INPUT',
      'input.labelIds.0 INVALID_ID',
    );
    expect(await find(user, task.id)).toEqual(task);
    expect((await user.run(operations.tasks)).data.tasks.totalCount).toBe(1);
  });

  test('do not change where the version is behind, or the task is in the trash', async () => {
    const user = await server.newUser();
    const [a, b] = await createLabels(user, 'a', 'b');
    const { id } = await create(user, { title: 'x', labelIds: [a] });
    await update(user, { id, title: 'y' });
    const stale = await update(user, { id, addLabelIds: [b], expectedVersion: 1 });
    expect([stale.code, stale.error.extensions.currentVersion]).toEqual(['STALE_VERSION', 2]);
    await user.run('mutation ($id: ID!) { deleteTask(input: { id: $id }) { task { id } } }', { id });
    expectRefused(await update(user, { id, labelIds: [] }), 'NOT_FOUND', 'input.id IN_TRASH');
    expect(namesOn(await find(user, id))).toBe('a');
    expect(namesOn((await update(user, { id, labelIds: [a] })).data.updateTask.task)).toBe('a');
  });

  test('are 50 at most', async () => {
    const user = await server.newUser();
    const ids = await createLabels(user, ...Array.from({ length: 51 }, (_, n) => `label ${n}`));
    const [fifty, last] = [ids.slice(0, 50), ids.slice(50)];
    const task = await create(user, { title: 'x', labelIds: fifty });
    expect(task.labels).toHaveLength(50);
    expectRefused(await update(user, { id: task.id, labelIds: ids }), 'BAD_USER_INPUT', 'input.labelIds OUT_OF_RANGE');
    expectRefused(await update(user, { id: task.id, addLabelIds: last }), 'LIMIT_EXCEEDED');
    expectRefused(
      await user.run(operations.create, { input: { title: 'y', labelIds: ids } }),
      'BAD_USER_INPUT',
      'input.labelIds OUT_OF_RANGE',
    );
    expect(await find(user, task.id)).toEqual(task);
    const swapped = await update(user, { id: task.id, addLabelIds: last, removeLabelIds: fifty.slice(0, 1) });
    expect(swapped.data.updateTask.task.labels).toHaveLength(50);
  });

  test('that many add at once are all there in the end', async () => {
    const user = await server.newUser();
    const ids = await createLabels(user, ...Array.from({ length: 20 }, (_, n) => `${n}`));
    const { id } = await create(user, { title: 'x' });
    const replies = await Promise.all(ids.map((label) => update(user, { id, addLabelIds: [label] })));
    for (const reply of replies) expect(reply.data.updateTask.task.id).toBe(id);
    expect(await find(user, id)).toMatchObject({ version: 21, labels: { length: 20 } });
  });

  test('go with a label that is removed', async () => {
    const user = await server.newUser();
    const [a, b] = await createLabels(user, 'a', 'b');
    const { id } = await create(user, { title: 'x', labelIds: [a, b] });
    await user.run(operations.deleteLabel, { id: a });
    expect(await find(user, id)).toMatchObject({ title: 'x', labels: [{ name: 'b' }] });
    expect((await user.run(operations.tasks, { filter: { labelIds: [a] } })).data.tasks.totalCount).toBe(0);
  });

  test('either find the label or are told, where it is removed at the same moment', async () => {
    const user = await server.newUser();
    await Promise.all(
      Array.from({ length: 10 }, async (_, n) => {
        const [label] = (await createLabels(user, `label ${n}`)) as [string];
        const { id } = await create(user, { title: `${n}` });
        const [added, removed] = await Promise.all([
          update(user, { id, addLabelIds: [label] }),
          user.run(operations.deleteLabel, { id: label }),
        ]);
        expect(removed.data.deleteLabel.deletedId).toBe(label);
        if (added.partialData.updateTask === null) {
          expectRefused(added, 'NOT_FOUND', 'input.addLabelIds.0 NOT_FOUND');
        }
        expect((await find(user, id)).labels).toEqual([]);
      }),
    );
  });
});

describe('the filter of tasks', () => {
  /** Titles say what there is of each: the inbox's start with i, the list's with l, those put aside with a. */
  async function aWorldOfTasks(user: Client) {
    const [red, blue] = (await createLabels(user, 'red', 'blue')) as [string, string];
    const list = async () => (await user.run(operations.createList)).data.createList.list.id;
    const [home, aside] = [await list(), await list()];
    const ids: Ids = {};
    const make = async (title: string, input: Record<string, unknown>) => {
      ids[title] = (await create(user, { title, ...input })).id;
    };
    await make('i-none', {});
    await make('i-red', { labelIds: [red], priority: 'HIGH' });
    await make('i-both', { labelIds: [red, blue], priority: 'LOW' });
    await make('i-sub-blue', { parentId: ids['i-none'], labelIds: [blue], priority: 'URGENT' });
    await make('l-red', { listId: home, labelIds: [red], priority: 'URGENT' });
    await make('l-sub-both', { parentId: ids['l-red'], labelIds: [blue, red] });
    await make('a-red', { listId: aside, labelIds: [red] });
    await make('a-sub-none', { parentId: ids['a-red'] });
    await user.run(operations.archive, { id: aside });
    return { red, blue, home, aside };
  }

  test('lets through what all of its conditions hold for', async () => {
    const user = await server.newUser();
    const { red, blue, home, aside } = await aWorldOfTasks(user);
    for (const [filter, expected] of [
      [null, 'i-both i-none i-red i-sub-blue l-red l-sub-both'],
      [{ labelIds: [red] }, 'i-both i-red l-red l-sub-both'],
      [{ labelIds: [red, blue, red.toUpperCase()] }, 'i-both l-sub-both'],
      [{ labelIds: [red, madeUp] }, ''],
      [{ labelIds: [] }, 'i-both i-none i-red i-sub-blue l-red l-sub-both'],
      [{ priorities: ['URGENT', 'LOW'] }, 'i-both i-sub-blue l-red'],
      [{ priorities: ['MEDIUM'] }, ''],
      [{ inbox: true }, 'i-both i-none i-red i-sub-blue'],
      [{ inbox: false }, 'l-red l-sub-both'],
      [{ topLevel: true }, 'i-both i-none i-red l-red'],
      [{ topLevel: false }, 'i-sub-blue l-sub-both'],
      [{ listId: home }, 'l-red l-sub-both'],
      [{ listId: aside }, 'a-red a-sub-none'],
      [{ listId: aside, topLevel: true, labelIds: [red] }, 'a-red'],
      [{ listId: madeUp }, ''],
      [{ listId: home, inbox: true }, ''],
      [{ labelIds: [red], priorities: ['HIGH', 'URGENT'], topLevel: true, inbox: true, completed: false }, 'i-red'],
      [{ labelIds: [blue], completed: true }, ''],
    ] as const) {
      const { nodes, totalCount } = (await user.run(operations.tasks, { filter })).data.tasks;
      const titles = nodes.map(({ title }: { title: string }) => title).join(' ');
      expect([titles, totalCount], JSON.stringify(filter)).toEqual([
        expected,
        expected.split(' ').filter(Boolean).length,
      ]);
    }
  });

  test.each([
    [{ labelIds: Array(51).fill(madeUp) }, 'filter.labelIds OUT_OF_RANGE'],
    [{ labelIds: [madeUp, 'x'] }, 'filter.labelIds.1 INVALID_ID'],
    [{ listId: 'x' }, 'filter.listId INVALID_ID'],
  ])('refuses conditions that cannot be, case %#', async (filter, expected) => {
    const user = await server.newUser();
    expectRefused(await user.run(operations.tasks, { filter }), 'BAD_USER_INPUT', expected);
  });
});

test('a connection shows different parts of the same records below nodes and below edges', async () => {
  const user = await server.newUser();
  const labelIds = await createLabels(user, 'home');
  await create(user, { title: 'paint', labelIds });
  const operation = '{ tasks { nodes { labels { id } } edges { node { title labels { name } } } } }';
  expect((await user.run(operation)).data.tasks).toEqual({
    nodes: [{ labels: [{ id: labelIds[0] }] }],
    edges: [{ node: { title: 'paint', labels: [{ name: 'home' }] } }],
  });
});
