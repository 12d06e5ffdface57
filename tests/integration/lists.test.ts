import { v7 as uuidv7 } from 'uuid';
import { describe, expect, test } from 'vitest';
import type { Client, Reply } from '../support/client.ts';
import { useServer } from '../support/server.ts';

const server = useServer();

const fields = 'id name color position archived version createdAt updatedAt deletedAt';
const operations = {
  list: `query ($id: ID!) { list(id: $id) { ${fields} } }`,
  lists: `{ lists { nodes { ${fields} } totalCount } }`,
  create: `mutation ($input: CreateListInput!) { createList(input: $input) { list { ${fields} } } }`,
  update: `mutation ($input: UpdateListInput!) { updateList(input: $input) { list { ${fields} } } }`,
  move: `mutation ($input: MoveListInput!) { moveList(input: $input) { list { ${fields} } } }`,
  delete: `mutation ($id: ID!) { deleteList(input: { id: $id }) { list { ${fields} } } }`,
};
const madeUp = '01a1fd83-085f-7429-8acf-26a739617b03';
const instant = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);

function run(user: Client, operation: keyof typeof operations, input: Record<string, unknown>): Promise<Reply> {
  return user.run(operations[operation], { input });
}

async function createList(user: Client, input: Record<string, unknown> = { name: 'Home' }) {
  return (await run(user, 'create', input)).data.createList.list;
}

async function find(user: Client, id: string) {
  return (await user.run(operations.list, { id })).data.list;
}

async function createLists(user: Client, ...names: string[]): Promise<string[]> {
  const ids: string[] = [];
  for (const name of names) ids.push((await createList(user, { name })).id);
  return ids;
}

async function namesInOrder(user: Client): Promise<string> {
  return (await user.run('{ lists { nodes { name } } }')).data.lists.nodes
    .map(({ name }: { name: string }) => name)
    .join(' ');
}

function expectRefused(reply: Reply, code: string, ...expected: string[]): void {
  expect([reply.status, reply.code, reply.fields], String(reply)).toEqual([200, code, expected]);
}

describe('createList', () => {
  test('makes a list with what is given, and sensible values for the rest', async () => {
    const user = await server.newUser();
    const list = await createList(user, { name: ' \tGroceries\n' });
    expect(list).toEqual({
      id: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-7/),
      name: 'Groceries',
      color: null,
      position: expect.stringMatching(/^[\x21-\x7e]+$/),
      archived: false,
      version: 1,
      createdAt: instant,
      updatedAt: list.createdAt,
      deletedAt: null,
    });
    expect(await find(user, list.id)).toEqual(list);
  });

  test('takes names of 1 to 200 characters, counted as people count', async () => {
    const user = await server.newUser();
    for (const name of ['x', '😀'.repeat(200)]) expect((await createList(user, { name })).name).toBe(name);
    expect((await createList(user, { name: ` ${'x'.repeat(200)} ` })).name).toBe('x'.repeat(200));
  });

  test('lets two lists have the same name', async () => {
    const user = await server.newUser();
    const [first, second] = [await createList(user), await createList(user)];
    expect(second).toMatchObject({ name: first.name });
    expect(second.id).not.toBe(first.id);
  });

  test('answers colours in lower case', async () => {
    const user = await server.newUser();
    expect((await createList(user, { name: 'x', color: '#1E90Ff' })).color).toBe('#1e90ff');
    expect((await createList(user, { name: 'x', color: null })).color).toBeNull();
  });

  test.each([
    [{ name: '' }, ['input.name TOO_SHORT']],
    [{ name: ' \n\t ' }, ['input.name TOO_SHORT']],
    [{ name: 'x'.repeat(201) }, ['input.name TOO_LONG']],
    [{ name: 'x', id: '1' }, ['input.id INVALID_ID']],
    [{ name: '', color: 'red' }, ['input.name TOO_SHORT', 'input.color INVALID_COLOR']],
    ...['', '#fff', '#1e90f', '#1e90fff', '1e90ff', '#1e90fg', ' #1e90ff', '#1e90ff\n', '#１e90ff', '#1e90ff80'].map(
      (color): [object, string[]] => [{ name: 'x', color }, ['input.color INVALID_COLOR']],
    ),
  ])('refuses %j and names each field', async (input, expected) => {
    const user = await server.newUser();
    expectRefused(await user.run(operations.create, { input }), 'BAD_USER_INPUT', ...expected);
    expect((await user.run(operations.lists)).data.lists.totalCount).toBe(0);
  });
});

describe('createList with an id of the client', () => {
  test('makes one list of many retries at once, and answers all of them alike', async () => {
    const user = await server.newUser();
    const input = { id: uuidv7(), name: 'Once', color: '#1e90ff' };
    const replies = await Promise.all(Array.from({ length: 30 }, () => run(user, 'create', input)));
    expect(replies[0]?.data.createList.list).toMatchObject({ ...input, version: 1 });
    expect(new Set(replies.map(({ text }) => text)), replies.join('\n')).toHaveProperty('size', 1);
    expect((await user.run(operations.lists)).data.lists.totalCount).toBe(1);
  });

  test('answers a retry with the list as it is now', async () => {
    const user = await server.newUser();
    const input = { id: uuidv7(), name: 'old' };
    await createList(user, input);
    await run(user, 'update', { id: input.id, name: 'new', archived: true });
    await user.run(operations.delete, { id: input.id });
    const list = await createList(user, { id: input.id.toUpperCase(), name: ' old ', color: null });
    expect(list).toMatchObject({ id: input.id, name: 'new', archived: true, version: 3, deletedAt: instant });
    expect(await find(user, input.id)).toEqual(list);
  });

  test.each([{ name: 'y' }, { name: 'X' }, { name: 'x', color: '#ffffff' }])('refuses it with %j', async (other) => {
    const user = await server.newUser();
    const id = uuidv7();
    const list = await createList(user, { id, name: 'x' });
    expectRefused(await run(user, 'create', { id, ...other }), 'CONFLICT', 'input.id TAKEN');
    expect(await find(user, id)).toEqual(list);
  });

  test('refuses the id of a task, of a label, of a user, and of what is gone for good', async () => {
    const user = await server.newUser();
    const label = async (name: string) =>
      (await user.run('mutation ($name: String!) { createLabel(input: { name: $name }) { label { id } } }', { name }))
        .data.createLabel.label.id;
    const remove =
      'mutation ($id: ID!) { deleteTask(input: { id: $id }) { task { id } } purgeTask(input: { id: $id }) { purgedIds } }';
    const [task, purged, kept, dropped] = [
      await user.createTask(),
      await user.createTask(),
      await label('kept'),
      await label('dropped'),
    ];
    await user.run(remove, { id: purged });
    await user.run('mutation ($id: ID!) { deleteLabel(input: { id: $id }) { deletedId } }', { id: dropped });
    const me = (await user.run('{ me { id } }')).data.me.id;
    for (const id of [task, purged, kept, dropped, me]) {
      expectRefused(await run(user, 'create', { id, name: 'x' }), 'CONFLICT', 'input.id TAKEN');
    }
  });

  test('gives one id to a list or to a task, never to both', async () => {
    const user = await server.newUser();
    const createTask = 'mutation ($input: CreateTaskInput!) { createTask(input: $input) { task { id } } }';
    await Promise.all(
      Array.from({ length: 20 }, async (_, n) => {
        const id = uuidv7();
        const calls = [[operations.create, { id, name: 'x' }] as const, [createTask, { id, title: 'x' }] as const];
        // Either may come first.
        if (n % 2) calls.reverse();
        const replies = await Promise.all(calls.map(([operation, input]) => user.run(operation, { input })));
        const made = replies.map(({ partialData }) => Object.values(partialData)[0] !== null);
        expect(made.toSorted(), replies.join('\n')).toEqual([false, true]);
        const refused = replies[made.indexOf(false)];
        expect(refused?.fields).toEqual(['input.id TAKEN']);
      }),
    );
  });
});

describe('updateList', () => {
  test.each([{ name: 'Garden' }, { color: '#00ff00' }, { archived: true }])('changes %j alone', async (change) => {
    const user = await server.newUser();
    const before = await createList(user, { name: 'Home', color: '#1e90ff' });
    const { list } = (await run(user, 'update', { id: before.id, ...change })).data.updateList;
    expect(list).toEqual({ ...before, ...change, version: 2, updatedAt: instant });
    expect(await find(user, before.id)).toEqual(list);
  });

  test('clears a colour with null', async () => {
    const user = await server.newUser();
    const { id } = await createList(user, { name: 'x', color: '#1e90ff' });
    expect((await run(user, 'update', { id, color: null })).data.updateList.list).toMatchObject({
      color: null,
      version: 2,
    });
  });

  test('changes nothing, the version included, where all is as asked already', async () => {
    const user = await server.newUser();
    const before = await createList(user, { name: 'x', color: '#1e90ff' });
    for (const same of [
      {},
      { name: ' x ' },
      { color: '#1E90FF', archived: false },
      { name: 'x', expectedVersion: 9 },
    ]) {
      expect((await run(user, 'update', { id: before.id, ...same })).data.updateList.list).toEqual(before);
    }
  });

  test('refuses a change that was decided by an older version, and says which is current', async () => {
    const user = await server.newUser();
    const { id } = await createList(user);
    const { list } = (await run(user, 'update', { id, name: 'one', expectedVersion: 1 })).data.updateList;
    const reply = await run(user, 'update', { id, name: 'two', expectedVersion: 1 });
    expect([reply.code, reply.error.extensions.currentVersion]).toEqual(['STALE_VERSION', 2]);
    expect(await find(user, id)).toEqual(list);
  });

  test.each([
    [{ name: null }, 'input.name REQUIRED'],
    [{ name: ' ' }, 'input.name TOO_SHORT'],
    [{ name: 'x'.repeat(201) }, 'input.name TOO_LONG'],
    [{ color: 'blue' }, 'input.color INVALID_COLOR'],
    [{ archived: null }, 'input.archived REQUIRED'],
    [{ id: 'x' }, 'input.id INVALID_ID'],
  ])('refuses %j', async (change, expected) => {
    const user = await server.newUser();
    const list = await createList(user);
    expectRefused(await run(user, 'update', { id: list.id, ...change }), 'BAD_USER_INPUT', expected);
    expect(await find(user, list.id)).toEqual(list);
  });

  test('refuses a list that is not there, or in the trash', async () => {
    const user = await server.newUser();
    const { id } = await createList(user);
    const { list } = (await user.run(operations.delete, { id })).data.deleteList;
    expectRefused(await run(user, 'update', { id: madeUp, name: 'x' }), 'NOT_FOUND', 'input.id NOT_FOUND');
    expectRefused(await run(user, 'update', { id, name: 'x' }), 'NOT_FOUND', 'input.id IN_TRASH');
    expect((await run(user, 'update', { id, name: 'Home' })).data.updateList.list).toEqual(list);
  });
});

describe('moveList', () => {
  test('puts a list after another, before another, or at the end', async () => {
    const user = await server.newUser();
    const [a, b, c, d] = await createLists(user, 'a', 'b', 'c', 'd');
    expect(await namesInOrder(user)).toBe('a b c d');
    for (const [input, expected] of [
      [{ id: a, afterId: b }, 'b a c d'],
      [{ id: d, beforeId: b }, 'd b a c'],
      [{ id: b }, 'd a c b'],
      [{ id: c, afterId: d, beforeId: null }, 'd c a b'],
      [{ id: c, afterId: b }, 'd a b c'],
      [{ id: a, beforeId: d, afterId: null }, 'a d b c'],
      [{ id: a, beforeId: d }, 'a d b c'],
      [{ id: c }, 'a d b c'],
    ] as const) {
      expect((await run(user, 'move', input)).data.moveList.list.id).toBe(input.id);
      expect(await namesInOrder(user), JSON.stringify(input)).toBe(expected);
    }
  });

  test('changes the position of that one list and nothing else', async () => {
    const user = await server.newUser();
    const [a] = await createLists(user, 'a', 'b', 'c');
    const before = (await user.run(operations.lists)).data.lists.nodes;
    const { list } = (await run(user, 'move', { id: a })).data.moveList;
    expect(list).toEqual({ ...before[0], position: list.position });
    expect(list.position > before[2].position).toBe(true);
    expect((await user.run(operations.lists)).data.lists.nodes).toEqual([before[1], before[2], list]);
    expect((await run(user, 'move', { id: a })).data.moveList.list).toEqual(list);
  });

  test('keeps the order through many moves into the same gap', async () => {
    const user = await server.newUser();
    const [a, b, c] = await createLists(user, 'a', 'b', 'c');
    for (let round = 0; round < 60; round += 1) {
      const { position } = (await run(user, 'move', { id: round % 2 ? b : c, afterId: a })).data.moveList.list;
      expect(position.length).toBeLessThan(64);
      expect(await namesInOrder(user)).toBe(round % 2 ? 'a b c' : 'a c b');
    }
  });

  test('refuses neighbours that say nothing, and names them', async () => {
    const user = await server.newUser();
    const [a, b, c] = await createLists(user, 'a', 'b', 'c');
    const gone = (await createLists(user, 'gone'))[0];
    await user.run(operations.delete, { id: gone });
    for (const [input, code, expected] of [
      [{ id: a, afterId: a }, 'BAD_USER_INPUT', 'input.afterId ITSELF'],
      [{ id: a, beforeId: a }, 'BAD_USER_INPUT', 'input.beforeId ITSELF'],
      [{ id: a, afterId: b, beforeId: c }, 'BAD_USER_INPUT', 'input.beforeId NOT_WITH_AFTER'],
      [{ id: a, afterId: 'x' }, 'BAD_USER_INPUT', 'input.afterId INVALID_ID'],
      [{ id: a, afterId: madeUp }, 'NOT_FOUND', 'input.afterId NOT_FOUND'],
      [{ id: a, beforeId: madeUp }, 'NOT_FOUND', 'input.beforeId NOT_FOUND'],
      [{ id: a, afterId: gone }, 'NOT_FOUND', 'input.afterId IN_TRASH'],
      [{ id: a, beforeId: gone }, 'NOT_FOUND', 'input.beforeId IN_TRASH'],
      [{ id: gone }, 'NOT_FOUND', 'input.id IN_TRASH'],
      [{ id: madeUp, afterId: a }, 'NOT_FOUND', 'input.id NOT_FOUND'],
    ] as const) {
      expectRefused(await run(user, 'move', input), code, expected);
    }
    expect(await namesInOrder(user)).toBe('a b c');
  });
});
