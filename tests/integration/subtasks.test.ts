import { describe, expect, test } from 'vitest';
import type { Client, Reply } from '../support/client.ts';
import { useServer } from '../support/server.ts';

const server = useServer();

interface Named {
  readonly id: string;
  readonly title: string;
}

function tryToCreate(user: Client, title: string, place: object = {}): Promise<Reply> {
  const operation = 'mutation ($input: CreateTaskInput!) { createTask(input: $input) { task { id list { id } } } }';
  return user.run(operation, { input: { title, ...place } });
}

async function create(user: Client, title: string, place: object = {}): Promise<string> {
  return (await tryToCreate(user, title, place)).data.createTask.task.id;
}

/** A task, one below it, one below that, and so on. */
async function createChain(user: Client, length: number, place: object = {}): Promise<string[]> {
  const ids: string[] = [];
  for (let level = 0; level < length; level++) {
    ids.push(await create(user, `level ${level}`, level === 0 ? place : { parentId: ids.at(-1) }));
  }
  return ids;
}

async function createList(user: Client): Promise<string> {
  return (await user.run('mutation { createList(input: { name: "list" }) { list { id } } }')).data.createList.list.id;
}

function move(user: Client, id: string, to: object): Promise<Reply> {
  const operation = 'mutation ($input: MoveTaskInput!) { moveTask(input: $input) { task { id } } }';
  return user.run(operation, { input: { id, ...to } });
}

async function trash(user: Client, id: string): Promise<void> {
  await user.run('mutation ($id: ID!) { deleteTask(input: { id: $id }) { deletedIds } }', { id });
}

async function load(user: Client, id: string, fields: string) {
  return (await user.run(`query ($id: ID!) { task(id: $id) { ${fields} } }`, { id })).data.task;
}

/** Where each task of a user's is, by id. */
async function places(user: Client) {
  const rows = await server.sql<{ id: string; parent_id: string | null; list_id: string | null }>(
    'select t.id, t.parent_id, t.list_id from task t join "user" u on u.id = t.user_id where u.email = $1',
    [user.email],
  );
  return new Map(rows.map(({ id, parent_id, list_id }) => [id, { parentId: parent_id, listId: list_id }]));
}

/** Puts tasks below one, without the API. */
async function fill(parentId: string, count: number): Promise<void> {
  const insert = `insert into task
    (user_id, id, list_id, parent_id, position, title, description, priority, version, created_at, updated_at)
    select user_id, gen_random_uuid(), list_id, id, 'b' || lpad(n::text, 8, '0') || 'V', 'many', '', 0, 1, now(), now()
    from task, generate_series(1, $2) as n where id = $1`;
  await server.sql(insert, [parentId, count]);
}

function expectRefusal(reply: Reply, code: string, ...fields: string[]): void {
  expect([reply.status, reply.code, reply.fields], String(reply)).toEqual([200, code, fields]);
}

const titles = (nodes: readonly Named[]) => nodes.map(({ title }) => title).join('');

describe('subtasks', () => {
  test('go five levels below the top, and not six, by creating and by moving', async () => {
    const user = await server.newUser();
    const chain = await createChain(user, 6);
    expectRefusal(await tryToCreate(user, 'too deep', { parentId: chain[5] }), 'LIMIT_EXCEEDED');
    const [single = ''] = await createChain(user, 1);
    const [three = '', , third = ''] = await createChain(user, 3);
    const before = await places(user);
    expectRefusal(await move(user, single, { parentId: chain[5] }), 'LIMIT_EXCEEDED');
    expectRefusal(await move(user, three, { parentId: chain[3] }), 'LIMIT_EXCEEDED');
    expect(await places(user)).toEqual(before);
    expect((await move(user, single, { parentId: chain[4] })).data.moveTask.task.id).toBe(single);
    expect((await move(user, three, { parentId: chain[2] })).data.moveTask.task.id).toBe(three);
    expectRefusal(await tryToCreate(user, 'too deep', { parentId: third }), 'LIMIT_EXCEEDED');
    // Two levels up, there is room for two more.
    expect((await move(user, chain[3] ?? '', { parentId: chain[0] })).data.moveTask.task.id).toBe(chain[3]);
    expect((await tryToCreate(user, 'deep enough', { parentId: chain[5] })).data.createTask.task.list).toBeNull();
  });

  test('are a thousand in a tree, and not one more, by creating and by moving', async () => {
    const user = await server.newUser();
    const [top = '', below = ''] = await createChain(user, 2);
    const [other = '', another = ''] = await createChain(user, 2);
    await fill(below, 998);
    const last = await create(user, 'the thousandth', { parentId: top });
    for (const parentId of [top, below, last]) {
      expectRefusal(await tryToCreate(user, 'one too many', { parentId }), 'LIMIT_EXCEEDED');
      expectRefusal(await move(user, another, { parentId }), 'LIMIT_EXCEEDED');
      expectRefusal(await move(user, other, { parentId }), 'LIMIT_EXCEEDED');
    }
    // What is in the tree may move within it, and what is in the trash does not count.
    expect((await move(user, last, { parentId: below })).data.moveTask.task.id).toBe(last);
    await trash(user, last);
    expectRefusal(await move(user, other, { parentId: top }), 'LIMIT_EXCEEDED');
    expect((await move(user, another, { parentId: top })).data.moveTask.task.id).toBe(another);
    const restored = await user.run('mutation ($id: ID!) { restoreTask(input: { id: $id }) { restoredIds } }', {
      id: last,
    });
    expectRefusal(restored, 'LIMIT_EXCEEDED');
  });

  test('are not more than a thousand where thirty are made at once', async () => {
    const user = await server.newUser();
    const top = await create(user, 'top');
    await fill(top, 990);
    const replies = await Promise.all(Array.from({ length: 30 }, () => tryToCreate(user, 'next', { parentId: top })));
    expect(replies.filter(({ text }) => text.includes('LIMIT_EXCEEDED'))).toHaveLength(20);
    expect((await places(user)).size).toBe(1_001);
  });

  test('never contain what they are part of', async () => {
    const user = await server.newUser();
    const chain = await createChain(user, 4);
    const before = await places(user);
    for (const parentId of [...chain, chain[0]?.toUpperCase()]) {
      expectRefusal(await move(user, chain[0] ?? '', { parentId }), 'BAD_USER_INPUT', 'input.parentId OWN_SUBTASK');
    }
    expectRefusal(
      await move(user, chain[1] ?? '', { parentId: chain[3] }),
      'BAD_USER_INPUT',
      'input.parentId OWN_SUBTASK',
    );
    expect(await places(user)).toEqual(before);
  });

  test('never contain what they are part of after simultaneous moves, two or four in a circle', async () => {
    const user = await server.newUser();
    const [a = '', b = ''] = [await create(user, 'a'), await create(user, 'b')];
    const ring = [a, b, await create(user, 'c'), await create(user, 'd')];
    for (let round = 0; round < 50; round++) {
      const members = round % 10 === 9 ? ring : [a, b];
      const replies = await Promise.all(
        members.map((id, index) => move(user, id, { parentId: members[(index + 1) % members.length] })),
      );
      const refused = replies.filter(({ text }) => text.includes('"errors"'));
      expect(refused.map(({ fields }) => fields)).toEqual([['input.parentId OWN_SUBTASK']]);
      const parents = await places(user);
      for (const start of ring) {
        let steps = 0;
        for (let id: string | null = start; id !== null && steps <= 4; steps++) id = parents.get(id)?.parentId ?? null;
        expect(steps).toBeLessThanOrEqual(4);
      }
      await Promise.all(members.map((id) => move(user, id, { parentId: null })));
    }
  });

  test('are in the list of their parent, and move along with it, in the trash or not', async () => {
    const user = await server.newUser();
    const [one, other] = [await createList(user), await createList(user)];
    const [top = '', ...below] = await createChain(user, 4, { listId: one });
    const trashed = await create(user, 'trashed', { parentId: below[0] });
    await trash(user, trashed);
    const listIds = async () => new Set([...(await places(user)).values()].map(({ listId }) => listId));
    const versions = () => Promise.all([top, ...below, trashed].map((id) => load(user, id, 'version updatedAt')));
    const before = await versions();
    expect(await listIds()).toEqual(new Set([one]));
    const outside = await create(user, 'outside', { listId: other });
    for (const to of [{ listId: other }, { listId: null }, { parentId: outside }, { listId: one }]) {
      await move(user, top, to);
      const expected = to.parentId ? other : to.listId;
      const lists = await Promise.all([top, ...below, trashed].map((id) => load(user, id, 'list { id }')));
      expect(lists.map(({ list }) => list?.id ?? null)).toEqual(Array(5).fill(expected));
    }
    expect(await versions()).toEqual(before);
  });

  test('refuse a list that is not that of their parent', async () => {
    const user = await server.newUser();
    const [one, other] = [await createList(user), await createList(user)];
    const [inOne, inInbox] = [await create(user, 'a', { listId: one }), await create(user, 'b')];
    for (const place of [
      { parentId: inOne, listId: other },
      { parentId: inInbox, listId: one },
    ]) {
      const reply = await tryToCreate(user, 'misplaced', place);
      expectRefusal(reply, 'BAD_USER_INPUT', 'input.listId NOT_THE_PARENTS');
    }
    const reply = await tryToCreate(user, 'placed', { parentId: inOne, listId: one });
    expect(reply.data.createTask.task.list).toEqual({ id: one });
  });

  test('stay open when their parent is completed', async () => {
    const user = await server.newUser();
    const [top = '', below = ''] = await createChain(user, 2);
    const before = await load(user, below, 'completed version updatedAt');
    await user.run('mutation ($id: ID!) { completeTask(input: { id: $id }) { task { id } } }', { id: top });
    expect(await load(user, below, 'completed version updatedAt')).toEqual(before);
    expect(before.completed).toBe(false);
  });
});

describe('the subtasks of a task', () => {
  test('are read in pages from both ends, by position, and counted', async () => {
    const user = await server.newUser();
    const [top, empty] = [await create(user, 'top'), await create(user, 'empty')];
    const ids: string[] = [];
    for (const title of 'abcde') ids.push(await create(user, title, { parentId: top }));
    await create(user, 'not a child', { parentId: ids[2] });
    await move(user, ids[4] ?? '', { beforeId: ids[0] });
    const fields = 'nodes { title } totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor }';
    const read = async (args: string) => {
      const { subtasks } = await load(user, top, `subtasks(${args}) { ${fields} }`);
      const { hasNextPage, hasPreviousPage, ...cursors } = subtasks.pageInfo;
      return { page: [titles(subtasks.nodes), subtasks.totalCount, hasPreviousPage, hasNextPage], cursors };
    };
    const [first, last] = [await read('first: 2'), await read('last: 2')];
    expect([first.page, last.page]).toEqual([
      ['ea', 5, false, true],
      ['cd', 5, true, false],
    ]);
    const [after, before] = [first.cursors.endCursor, last.cursors.startCursor];
    expect((await read(`first: 9, after: "${after}"`)).page).toEqual(['bcd', 5, true, false]);
    expect((await read(`last: 9, before: "${before}"`)).page).toEqual(['eab', 5, false, true]);
    expect((await read(`first: 9, after: "${after}", before: "${before}"`)).page).toEqual(['b', 5, true, true]);
    const none = await load(user, empty, `subtasks { ${fields} }`);
    expect(none.subtasks).toMatchObject({ nodes: [], totalCount: 0, pageInfo: { startCursor: null } });
    const elsewhere = `query ($id: ID!) { task(id: $id) { subtasks(first: 1, after: "${after}") { nodes { id } } } }`;
    expectRefusal(await user.run(elsewhere, { id: ids[2] }), 'BAD_USER_INPUT', 'after INVALID_CURSOR');
    const both = 'query ($id: ID!) { task(id: $id) { subtasks(first: 1, last: 1) { nodes { id } } } }';
    expectRefusal(await user.run(both, { id: top }), 'BAD_USER_INPUT', 'last NOT_WITH_FIRST');
  });

  test('are read under aliases with different arguments, and upwards through their parents', async () => {
    const user = await server.newUser();
    const [top = '', below = '', lowest = ''] = await createChain(user, 3);
    await create(user, 'b', { parentId: below });
    const fields = `one: subtasks(first: 1) { nodes { title } } end: subtasks(last: 1) { edges { node { title } } }
      all: subtasks { totalCount nodes { id subtasks { nodes { title } } } }`;
    expect(await load(user, below, fields)).toEqual({
      one: { nodes: [{ title: 'level 2' }] },
      end: { edges: [{ node: { title: 'b' } }] },
      all: { totalCount: 2, nodes: [expect.objectContaining({ id: lowest }), expect.anything()] },
    });
    const upwards = 'parent { title subtasks { totalCount } parent { id title parent { id } } }';
    const grandparent = { id: top, title: 'level 0', parent: null };
    const parent = { title: 'level 1', subtasks: { totalCount: 2 }, parent: grandparent };
    expect(await load(user, lowest, upwards)).toEqual({ parent });
  });

  test('are those in the trash where it is there itself, and else those that are not', async () => {
    const user = await server.newUser();
    const top = await create(user, 'top');
    const [a, b] = [await create(user, 'a', { parentId: top }), await create(user, 'b', { parentId: top })];
    await trash(user, a);
    const fields = 'subtasks { totalCount nodes { id } }';
    expect((await load(user, top, fields)).subtasks).toEqual({ totalCount: 1, nodes: [{ id: b }] });
    await trash(user, top);
    expect((await load(user, top, fields)).subtasks).toEqual({ totalCount: 2, nodes: [{ id: a }, { id: b }] });
    expect((await load(user, a, `parent { id ${fields} }`)).parent.subtasks.totalCount).toBe(2);
  });

  test('are read in one page for tasks in the trash and for tasks that are not', async () => {
    const user = await server.newUser();
    const [kept, trashed] = [await create(user, 'kept'), await create(user, 'trashed')];
    for (const parentId of [kept, trashed]) await create(user, 'below', { parentId });
    await trash(user, trashed);
    const page =
      '{ tasks(filter: { topLevel: true, trash: INCLUDE }) { nodes { title subtasks { nodes { title } } } } }';
    const below = { nodes: [{ title: 'below' }] };
    expect((await user.run(page)).data.tasks.nodes).toEqual([
      { title: 'trashed', subtasks: below },
      { title: 'kept', subtasks: below },
    ]);
  });

  test('are as each mutation of one operation has left them', async () => {
    const user = await server.newUser();
    const top = await create(user, 'top');
    const make = (title: string) =>
      `${title}: createTask(input: { title: "${title}", parentId: $id }) { task { parent { subtasks { totalCount nodes { title } } } } }`;
    const { data } = await user.run(`mutation ($id: ID!) { ${make('a')} ${make('b')} }`, { id: top });
    expect(data.a.task.parent.subtasks).toEqual({ totalCount: 1, nodes: [{ title: 'a' }] });
    expect(data.b.task.parent.subtasks).toEqual({ totalCount: 2, nodes: [{ title: 'a' }, { title: 'b' }] });
  });
});
