import pg from 'pg';
import { v7 as uuidv7 } from 'uuid';
import { describe, expect, test } from 'vitest';
import type { Client, Reply } from '../support/client.ts';
import { useServer } from '../support/server.ts';
import { collectStatements } from '../support/statements.ts';

const server = useServer();

const fields = 'id name color version createdAt updatedAt';
const operations = {
  create: `mutation ($input: CreateLabelInput!) { createLabel(input: $input) { label { ${fields} } } }`,
  update: `mutation ($input: UpdateLabelInput!) { updateLabel(input: $input) { label { ${fields} } } }`,
  delete: 'mutation ($input: DeleteLabelInput!) { deleteLabel(input: $input) { deletedId } }',
  labels: `query ($first: Int, $after: String, $last: Int, $before: String) {
    labels(first: $first, after: $after, last: $last, before: $before) {
      nodes { name } edges { cursor node { name } } totalCount
      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    }
  }`,
  node: `query ($id: ID!) { node(id: $id) { __typename id ... on Label { ${fields} } ... on TaskList { name } } }`,
};
const madeUp = '01a1fd83-085f-7429-8acf-26a739617b03';
const instant = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);

function run(user: Client, operation: 'create' | 'update' | 'delete', input: Record<string, unknown>): Promise<Reply> {
  return user.run(operations[operation], { input });
}

async function createLabel(user: Client, input: Record<string, unknown> = { name: 'errand' }) {
  return (await run(user, 'create', input)).data.createLabel.label;
}

async function find(user: Client, id: string) {
  return (await user.run(operations.node, { id })).data.node;
}

async function names(user: Client, args: Record<string, unknown> = {}): Promise<string[]> {
  return (await user.run(operations.labels, args)).data.labels.nodes.map(({ name }: { name: string }) => name);
}

function expectRefused(reply: Reply, code: string, ...expected: string[]): void {
  expect([reply.status, reply.code, reply.fields], String(reply)).toEqual([200, code, expected]);
}

describe('createLabel', () => {
  test('makes a label with what is given', async () => {
    const user = await server.newUser();
    const label = await createLabel(user, { name: ' \tErrand\n', color: '#1E90FF' });
    expect(label).toEqual({
      id: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-7/),
      name: 'Errand',
      color: '#1e90ff',
      version: 1,
      createdAt: instant,
      updatedAt: label.createdAt,
    });
    expect(await find(user, label.id)).toEqual({ __typename: 'Label', ...label });
  });

  test.each([
    [{ name: '' }, ['input.name TOO_SHORT']],
    [{ name: ' \n' }, ['input.name TOO_SHORT']],
    [{ name: 'x'.repeat(101) }, ['input.name TOO_LONG']],
    [{ name: 'x', color: '#fff' }, ['input.color INVALID_COLOR']],
    [{ name: 'x', id: 'x' }, ['input.id INVALID_ID']],
  ])('refuses %j', async (input, expected) => {
    const user = await server.newUser();
    expectRefused(await run(user, 'create', input), 'BAD_USER_INPUT', ...expected);
    expect(await names(user)).toEqual([]);
  });

  test.each(['😀'.repeat(100), 'ﷺ'.repeat(100), '㌖'.repeat(100)])(
    'takes 100 characters such as %.1s',
    async (name) => {
      const user = await server.newUser();
      expect((await createLabel(user, { name })).name).toBe(name);
      expect(await names(user)).toEqual([name]);
    },
  );

  test('takes m² and m2 for two names: they differ by more than case', async () => {
    const user = await server.newUser();
    for (const name of ['m²', 'm2', '①', '1']) expect((await createLabel(user, { name })).name).toBe(name);
  });

  test.each([
    ['Work', 'work', 'WORK'],
    ['É', 'é', 'e\u0301', 'E\u0301'],
    ['Работа', 'работа', 'РАБОТА'],
    ['Ελλάδα', 'ΕΛΛΆΔΑ', 'Ελλα\u0301δα'],
    ['ΟΔΟΣ', 'οδος', 'Οδος', 'οδοσ'],
  ])('takes %s and %s for the same name', async (first, ...others) => {
    const [user, other] = await Promise.all([server.newUser(), server.newUser()]);
    const label = await createLabel(user, { name: first });
    const second = await createLabel(user, { name: 'second' });
    for (const name of [first, ` ${first} `, ...others]) {
      expectRefused(await run(user, 'create', { name }), 'CONFLICT', 'input.name TAKEN');
      expectRefused(await run(user, 'create', { id: uuidv7(), name }), 'CONFLICT', 'input.name TAKEN');
      expectRefused(await run(user, 'update', { id: second.id, name }), 'CONFLICT', 'input.name TAKEN');
    }
    expect(await find(user, second.id)).toMatchObject(second);
    expect(await names(user)).toEqual(expect.arrayContaining([first, 'second']));
    // Another user has names of their own, and one may write one's own otherwise.
    expect((await createLabel(other, { name: first })).name).toBe(first);
    const again = (await run(user, 'update', { id: label.id, name: others[0] })).data.updateLabel.label;
    expect(again).toMatchObject({ id: label.id, name: others[0], version: 2 });
  });

  test('takes names that differ by more than case for different ones', async () => {
    const user = await server.newUser();
    for (const name of ['e', 'é', 'ı', 'i', 'work', 'work 1', 'wörk']) await createLabel(user, { name });
    expect(await names(user)).toHaveLength(7);
  });

  test('makes one of many that are asked for at once under one name', async () => {
    const user = await server.newUser();
    const replies = await Promise.all(
      Array.from({ length: 20 }, (_, n) => run(user, 'create', { name: n % 2 ? 'Same' : 'same' })),
    );
    const refused = replies.filter(({ partialData }) => partialData.createLabel === null);
    expect(refused, replies.join('\n')).toHaveLength(19);
    for (const reply of refused) expectRefused(reply, 'CONFLICT', 'input.name TAKEN');
    expect(await names(user)).toHaveLength(1);
  });
});

describe('createLabel with an id of the client', () => {
  test('may be repeated, and answers the label as it is now', async () => {
    const user = await server.newUser();
    const input = { id: uuidv7(), name: 'old', color: '#1e90ff' };
    const replies = await Promise.all(Array.from({ length: 20 }, () => run(user, 'create', input)));
    expect(new Set(replies.map(({ text }) => text)), replies.join('\n')).toHaveProperty('size', 1);
    await run(user, 'update', { id: input.id, name: 'new' });
    expect(await createLabel(user, input)).toMatchObject({ id: input.id, name: 'new', version: 2 });
    expectRefused(await run(user, 'create', { ...input, name: 'new' }), 'CONFLICT', 'input.id TAKEN');
    expect(await names(user)).toEqual(['new']);
  });

  test('refuses an id that anything has or had', async () => {
    const user = await server.newUser();
    const list = (await user.run('mutation { createList(input: { name: "x" }) { list { id } } }')).data.createList.list;
    const [task, label] = [await user.createTask(), await createLabel(user)];
    for (const id of [list.id, task, label.id]) {
      expectRefused(await run(user, 'create', { id, name: 'x' }), 'CONFLICT', 'input.id TAKEN');
    }
  });
});

describe('updateLabel', () => {
  test('changes what is given alone, and clears a colour with null', async () => {
    const user = await server.newUser();
    const before = await createLabel(user, { name: 'x', color: '#1e90ff' });
    const renamed = (await run(user, 'update', { id: before.id, name: 'y' })).data.updateLabel.label;
    expect(renamed).toEqual({ ...before, name: 'y', version: 2, updatedAt: instant });
    const cleared = (await run(user, 'update', { id: before.id, color: null })).data.updateLabel.label;
    expect(cleared).toEqual({ ...renamed, color: null, version: 3, updatedAt: instant });
    for (const same of [{}, { name: ' y ' }, { color: null, expectedVersion: 1 }]) {
      expect((await run(user, 'update', { id: before.id, ...same })).data.updateLabel.label).toEqual(cleared);
    }
    expect(await find(user, before.id)).toMatchObject(cleared);
  });

  test('refuses a change that was decided by an older version', async () => {
    const user = await server.newUser();
    const { id } = await createLabel(user);
    await run(user, 'update', { id, name: 'one', expectedVersion: 1 });
    const reply = await run(user, 'update', { id, name: 'two', expectedVersion: 1 });
    expect([reply.code, reply.error.extensions.currentVersion]).toEqual(['STALE_VERSION', 2]);
    expect(await names(user)).toEqual(['one']);
  });

  test('refuses what does not fit, and a label that is not there', async () => {
    const user = await server.newUser();
    const { id } = await createLabel(user);
    for (const [input, code, expected] of [
      [{ id, name: null }, 'BAD_USER_INPUT', 'input.name REQUIRED'],
      [{ id, name: '' }, 'BAD_USER_INPUT', 'input.name TOO_SHORT'],
      [{ id, color: 'red' }, 'BAD_USER_INPUT', 'input.color INVALID_COLOR'],
      [{ id: 'x', name: 'y' }, 'BAD_USER_INPUT', 'input.id INVALID_ID'],
      [{ id: madeUp, name: 'y' }, 'NOT_FOUND', 'input.id NOT_FOUND'],
    ] as const) {
      expectRefused(await run(user, 'update', input), code, expected);
    }
    expect(await names(user)).toEqual(['errand']);
  });
});

describe('deleteLabel', () => {
  test('is final, may be repeated, and frees the name but never the id', async () => {
    const user = await server.newUser();
    const input = { id: uuidv7(), name: 'errand' };
    const { id } = await createLabel(user, input);
    for (let time = 0; time < 2; time += 1) {
      expect((await run(user, 'delete', { id })).data.deleteLabel).toEqual({ deletedId: id });
      expect(await find(user, id)).toBeNull();
    }
    expectRefused(await run(user, 'update', { id, name: 'x' }), 'NOT_FOUND', 'input.id NOT_FOUND');
    expectRefused(await run(user, 'create', input), 'CONFLICT', 'input.id TAKEN');
    expect((await createLabel(user)).name).toBe('errand');
  });

  test('refuses a label that never was', async () => {
    const user = await server.newUser();
    expectRefused(await run(user, 'delete', { id: madeUp }), 'NOT_FOUND', 'input.id NOT_FOUND');
    expectRefused(await run(user, 'delete', { id: 'x' }), 'BAD_USER_INPUT', 'input.id INVALID_ID');
  });
});

describe('labels', () => {
  test('come by name whatever its case, in pages from either end', async () => {
    const user = await server.newUser();
    for (const name of ['banana', 'Cherry', 'apple', 'Éclair', 'date']) await createLabel(user, { name });
    const expected = ['apple', 'banana', 'Cherry', 'date', 'Éclair'];
    for (const [size, cursor, more, edge] of [
      ['first', 'after', 'hasNextPage', 'endCursor'],
      ['last', 'before', 'hasPreviousPage', 'startCursor'],
    ] as const) {
      const pages: string[][] = [];
      let args: Record<string, unknown> = { [size]: 2 };
      for (let hasMore = true; hasMore; ) {
        const { nodes, edges, totalCount, pageInfo } = (await user.run(operations.labels, args)).data.labels;
        expect(totalCount).toBe(5);
        expect(edges.map(({ node }: { node: unknown }) => node)).toEqual(nodes);
        pages.push(nodes.map(({ name }: { name: string }) => name));
        hasMore = pageInfo[more];
        args = { [size]: 2, [cursor]: pageInfo[edge] };
      }
      expect((size === 'first' ? pages : pages.toReversed()).flat()).toEqual(expected);
    }
    expect(await names(user)).toEqual(expected);
  });

  test('say of an empty page whether anything is before it', async () => {
    const user = await server.newUser();
    const { id } = await createLabel(user, { name: 'only' });
    const after = (await user.run(operations.labels, {})).data.labels.pageInfo.endCursor;
    const isPreceded = async () => {
      const { nodes, pageInfo } = (await user.run(operations.labels, { first: 1, after })).data.labels;
      expect([nodes, pageInfo.hasNextPage]).toEqual([[], false]);
      return pageInfo.hasPreviousPage;
    };
    expect(await isPreceded()).toBe(true);
    await run(user, 'delete', { id });
    expect(await isPreceded()).toBe(false);
  });

  test('refuse rubbish for a cursor, and sizes out of range', async () => {
    const user = await server.newUser();
    for (const [args, expected] of [
      [{ after: 'rubbish' }, 'after INVALID_CURSOR'],
      [{ first: -1 }, 'first OUT_OF_RANGE'],
      [{ last: 101 }, 'last OUT_OF_RANGE'],
    ] as const) {
      const reply = await user.run(operations.labels, args);
      expectRefused(reply, 'BAD_USER_INPUT', expected);
      expect(reply.partialData).toEqual({ labels: null });
    }
  });
});

test('node finds lists, and says which type each record is of', async () => {
  const user = await server.newUser();
  const { id } = (await user.run('mutation { createList(input: { name: "Home" }) { list { id } } }')).data.createList
    .list;
  expect(await find(user, id)).toEqual({ __typename: 'TaskList', id, name: 'Home' });
  const label = await createLabel(user);
  expect((await find(user, label.id.toUpperCase())).id).toBe(label.id);
  expect(await find(user, madeUp)).toBeNull();
});

test('pages of one user are read one after another, so that others have their turn', async () => {
  const user = await server.newUser();
  await createLabel(user, { name: 'one' });
  const aliases = Array.from({ length: 20 }, (_, index) => `a${index}: labels { nodes { name } }`);
  const holder = new pg.Client({ connectionString: server.databaseUrl });
  await holder.connect();
  await holder.query('begin; lock table label in access exclusive mode');
  const waiting = "select from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()";
  const { result, statements } = await collectStatements(async () => {
    const asked = user.run(`{ ${aliases.join(' ')} }`);
    await expect.poll(() => server.sql(waiting)).toHaveLength(1);
    return { asked };
  });
  await holder.end();
  expect(statements.filter(({ text }) => text.includes('from "label"'))).toHaveLength(1);
  const pages = Object.values((await result.asked).data);
  expect(pages).toEqual(aliases.map(() => ({ nodes: [{ name: 'one' }] })));
});
