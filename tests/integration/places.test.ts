import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { positionAt } from '../../src/database/positions.ts';
import type { Client, Reply } from '../support/client.ts';
import { useServer } from '../support/server.ts';

const server = useServer();
const madeUp = '01a1fd83-085f-7429-8acf-26a739617b03';

interface Place {
  readonly listId?: string | null;
  readonly parentId?: string | null;
}
type Move = Place & { readonly afterId?: string | null; readonly beforeId?: string | null };

async function create(user: Client, title: string, place: Place = {}): Promise<string> {
  const operation = 'mutation ($input: CreateTaskInput!) { createTask(input: $input) { task { id } } }';
  return (await user.run(operation, { input: { title, ...place } })).data.createTask.task.id;
}

/** Tasks in this order, one after the other. */
async function createAll<Title extends string>(user: Client, titles: readonly Title[], place: Place = {}) {
  const ids: Partial<Record<Title, string>> = {};
  for (const title of titles) ids[title] = await create(user, title, place);
  return ids as Record<Title, string>;
}

async function createList(user: Client): Promise<string> {
  return (await user.run('mutation { createList(input: { name: "list" }) { list { id } } }')).data.createList.list.id;
}

function move(user: Client, id: string, to: Move = {}): Promise<Reply> {
  const operation = `mutation ($input: MoveTaskInput!) {
    moveTask(input: $input) { task { id position list { id } parent { id } } } }`;
  return user.run(operation, { input: { id, ...to } });
}

/** The titles in a place, by position. */
async function titlesIn(user: Client, { listId, parentId }: Place = {}): Promise<string[]> {
  if (parentId) {
    const operation = 'query ($id: ID!) { task(id: $id) { subtasks(first: 100) { nodes { title } } } }';
    const { task } = (await user.run(operation, { id: parentId })).data;
    return task.subtasks.nodes.map(({ title }: { title: string }) => title);
  }
  const operation = `query ($filter: TaskFilter!) {
    tasks(first: 100, filter: $filter, orderBy: { field: POSITION, direction: ASC }) { nodes { title } } }`;
  const filter = { topLevel: true, ...(listId ? { listId } : { inbox: true }) };
  return (await user.run(operation, { filter })).data.tasks.nodes.map(({ title }: { title: string }) => title);
}

/** What a move leaves alone, of all tasks. */
async function versions(user: Client) {
  const operation = `{ tasks(first: 100, filter: { trash: INCLUDE }, orderBy: { field: CREATED_AT, direction: ASC }) {
    nodes { id version createdAt updatedAt deletedAt } } }`;
  return (await user.run(operation)).data.tasks.nodes;
}

function rowsOf(user: Client) {
  return server.sql<{ title: string; position: string }>(
    'select t.title, t.position from task t join "user" u on u.id = t.user_id where u.email = $1 order by t.position',
    [user.email],
  );
}

function expectRefusal(reply: Reply, code: string, field: string): void {
  expect([reply.status, reply.code, reply.fields], String(reply)).toEqual([200, code, [`input.${field}`]]);
}

describe('moveTask', () => {
  test('puts a task right after or before a sibling, or at the end', async () => {
    const user = await server.newUser();
    const { a, b, c, d } = await createAll(user, ['a', 'b', 'c', 'd']);
    const before = await versions(user);
    const moves: [string, Move, string][] = [
      [a, { afterId: c }, 'bcad'],
      [d, { beforeId: b }, 'dbca'],
      [d, {}, 'bcad'],
      [c, { afterId: a.toUpperCase() }, 'bacd'],
      [b, { afterId: null, beforeId: null }, 'acdb'],
    ];
    for (const [id, to, order] of moves) {
      expect((await move(user, id, to)).data.moveTask.task).toMatchObject({ id, list: null, parent: null });
      expect((await titlesIn(user)).join(''), JSON.stringify(to)).toBe(order);
    }
    expect(await versions(user)).toEqual(before);
  });

  test('puts a task into another list, the inbox, below a task or to the top level, to a spot there at once', async () => {
    const user = await server.newUser();
    const [one, other] = [await createList(user), await createList(user)];
    const { a, x } = await createAll(user, ['a', 'b', 'x'], { listId: one });
    const { c } = await createAll(user, ['c', 'd'], { listId: other });
    const { e } = await createAll(user, ['e', 'f']);
    const { g } = await createAll(user, ['g', 'h'], { parentId: c });
    const before = await versions(user);
    const moves: [Move, Place, string][] = [
      [{ listId: other, afterId: c }, { listId: other }, 'cxd'],
      [{ listId: null, beforeId: e }, {}, 'xef'],
      [{ listId: one, beforeId: a }, { listId: one }, 'xab'],
      [{ parentId: c, afterId: g }, { listId: other, parentId: c }, 'gxh'],
      [{ parentId: null }, { listId: other }, 'cdx'],
      [{ listId: other, parentId: c }, { listId: other, parentId: c }, 'ghx'],
      [{ listId: null }, {}, 'efx'],
      [{ parentId: a }, { listId: one, parentId: a }, 'x'],
      [{ listId: one, parentId: null, afterId: a }, { listId: one }, 'axb'],
      [{ listId: null, parentId: e }, { parentId: e }, 'x'],
    ];
    for (const [to, place, order] of moves) {
      if (to.parentId === e) expectRefusalOfForeignList(await move(user, x, { listId: one, parentId: e }));
      const { task } = (await move(user, x, to)).data.moveTask;
      const ids = { listId: task.list?.id, parentId: task.parent?.id };
      expect((await titlesIn(user, place)).join(''), JSON.stringify(to)).toBe(order);
      expect(ids).toEqual({ listId: place.listId, parentId: place.parentId });
    }
    expect(await titlesIn(user, { listId: other })).toEqual(['c', 'd']);
    expect(await versions(user)).toEqual(before);
  });

  const expectRefusalOfForeignList = (reply: Reply) => expectRefusal(reply, 'BAD_USER_INPUT', 'listId NOT_THE_PARENTS');

  test('changes nothing where the task is there already', async () => {
    const user = await server.newUser();
    const { a, b, c } = await createAll(user, ['a', 'b', 'c']);
    const before = await rowsOf(user);
    const moves: [string, Move][] = [
      [b, { afterId: a }],
      [b, { beforeId: c }],
      [c, {}],
      [a, { beforeId: b, listId: null, parentId: null }],
    ];
    for (const [id, to] of moves) expect((await move(user, id, to)).data.moveTask.task.id).toBe(id);
    expect(await rowsOf(user)).toEqual(before);
  });

  test('refuses neighbours that are none', async () => {
    const [user, stranger] = await Promise.all([server.newUser(), server.newUser()]);
    const listId = await createList(user);
    const { a, b, gone } = await createAll(user, ['a', 'b', 'gone']);
    const [inList, below] = [await create(user, 'in list', { listId }), await create(user, 'below', { parentId: b })];
    const theirs = await create(stranger, 'private');
    await user.run('mutation ($id: ID!) { deleteTask(input: { id: $id }) { deletedIds } }', { id: gone });
    const before = await rowsOf(user);
    const refusals: [Move, string, string][] = [
      [{ afterId: a }, 'BAD_USER_INPUT', 'afterId ITSELF'],
      [{ beforeId: a.toUpperCase() }, 'BAD_USER_INPUT', 'beforeId ITSELF'],
      [{ afterId: b, beforeId: b }, 'BAD_USER_INPUT', 'beforeId NOT_WITH_AFTER'],
      [{ afterId: inList }, 'BAD_USER_INPUT', 'afterId NOT_A_SIBLING'],
      [{ listId, afterId: b }, 'BAD_USER_INPUT', 'afterId NOT_A_SIBLING'],
      [{ parentId: b, beforeId: b }, 'BAD_USER_INPUT', 'beforeId NOT_A_SIBLING'],
      [{ beforeId: below }, 'BAD_USER_INPUT', 'beforeId NOT_A_SIBLING'],
      [{ afterId: gone }, 'NOT_FOUND', 'afterId IN_TRASH'],
      [{ beforeId: theirs }, 'NOT_FOUND', 'beforeId NOT_FOUND'],
      [{ afterId: madeUp }, 'NOT_FOUND', 'afterId NOT_FOUND'],
      [{ listId: madeUp }, 'NOT_FOUND', 'listId NOT_FOUND'],
      [{ parentId: theirs }, 'NOT_FOUND', 'parentId NOT_FOUND'],
      [{ parentId: 'x' }, 'BAD_USER_INPUT', 'parentId INVALID_ID'],
    ];
    for (const [to, code, field] of refusals) expectRefusal(await move(user, a, to), code, field);
    expectRefusal(await move(user, gone, { afterId: a }), 'NOT_FOUND', 'id IN_TRASH');
    expectRefusal(await move(stranger, a), 'NOT_FOUND', 'id NOT_FOUND');
    expect(await rowsOf(user)).toEqual(before);
    expect((await move(server.client(), a)).status).toBe(401);
  });

  test('a hundred times at once to one spot leaves one order without equal positions', async () => {
    const user = await server.newUser();
    const titles = Array.from({ length: 20 }, (_, index) => `${index}`);
    const ids = Object.values(await createAll(user, titles));
    const [first = '', ...others] = ids;
    const turns = Array.from({ length: 100 }, (_, turn) => others[turn % others.length] ?? '');
    const replies = await Promise.all(turns.map((id) => move(user, id, { afterId: first })));
    expect(replies.map(({ text }) => text).filter((text) => text.includes('errors'))).toEqual([]);
    const rows = await rowsOf(user);
    expect(new Set(rows.map(({ position }) => position)).size).toBe(20);
    const order = await titlesIn(user);
    expect(order).toEqual(rows.map(({ title }) => title));
    expect([order[0], [...order].sort()]).toEqual(['0', [...titles].sort()]);
  });

  test('400 times to one spot keeps every position short, and changes nothing else of any task', {
    timeout: 90_000,
  }, async () => {
    const user = await server.newUser();
    const titles = ['a', 'b', 'c', 'd', 'e'];
    const [first = '', ...others] = Object.values(await createAll(user, titles));
    const before = await versions(user);
    for (let turn = 0; turn < 400; turn++) {
      const { task } = (await move(user, others[turn % 4] ?? '', { afterId: first })).data.moveTask;
      expect(task.position.length).toBeLessThan(64);
    }
    for (const { position } of await rowsOf(user)) expect(position).toMatch(/^[0-9A-Za-z]{1,63}$/);
    expect(await titlesIn(user)).toEqual(['a', 'e', 'd', 'c', 'b']);
    expect(await versions(user)).toEqual(before);
  });

  test('keeps its place where making room gives a task the very position that it had', async () => {
    const user = await server.newUser();
    const { b, d } = await createAll(user, ['a', 'b', 'c', 'd']);
    const keys = ['a0', `a0${'z'.repeat(38)}`, 'a1', 'a2'];
    await server.sql(
      `update task set position = key from unnest($1::text[], $2::text[]) as given(name, key)
       where title = name and user_id = (select id from "user" where email = $3)`,
      [['a', 'b', 'c', 'd'], keys, user.email],
    );
    const { task } = (await move(user, d, { afterId: b })).data.moveTask;
    expect(task.position).toBe('a2');
    expect(await titlesIn(user)).toEqual(['a', 'b', 'd', 'c']);
  });
});

describe('tasks by POSITION', () => {
  test('are one sibling group only', async () => {
    const user = await server.newUser();
    const listId = await createList(user);
    const operation = `query ($filter: TaskFilter) {
      tasks(filter: $filter, orderBy: { field: POSITION, direction: ASC }) { totalCount } }`;
    const refused = [undefined, {}, { topLevel: true }, { listId }, { inbox: true }, { inbox: false, topLevel: true }];
    for (const filter of [...refused, { listId, topLevel: false }, { inbox: true, topLevel: null }]) {
      const reply = await user.run(operation, { filter });
      const outcome = [reply.status, reply.code, reply.fields];
      expect(outcome, String(reply)).toEqual([200, 'BAD_USER_INPUT', ['orderBy.field NEEDS_SIBLINGS']]);
    }
    for (const place of [{ listId }, { inbox: true }]) {
      const filter = { ...place, topLevel: true };
      expect((await user.run(operation, { filter })).data.tasks).toEqual({ totalCount: 0 });
    }
  });

  test.each(['ASC', 'DESC'])('are read forward and backward with cursors, %s', async (direction) => {
    const user = await server.newUser();
    const { a, e } = await createAll(user, ['a', 'b', 'c', 'd', 'e']);
    await move(user, a, { afterId: e });
    const ordered = direction === 'ASC' ? 'bcdea' : 'aedcb';
    const operation = `query ($first: Int, $after: String, $last: Int, $before: String) {
      tasks(first: $first, after: $after, last: $last, before: $before, filter: { inbox: true, topLevel: true },
            orderBy: { field: POSITION, direction: ${direction} }) {
        nodes { title } pageInfo { startCursor endCursor hasNextPage hasPreviousPage } } }`;
    const read = async (args: object) => {
      const { nodes, pageInfo } = (await user.run(operation, { ...args })).data.tasks;
      return [nodes.map(({ title }: { title: string }) => title).join(''), pageInfo];
    };
    const [first, firstInfo] = await read({ first: 2 });
    const [second, secondInfo] = await read({ first: 2, after: firstInfo.endCursor });
    const [third, thirdInfo] = await read({ first: 2, after: secondInfo.endCursor });
    expect([first + second + third, thirdInfo.hasNextPage]).toEqual([ordered, false]);
    const [last, lastInfo] = await read({ last: 3 });
    const [earlier, earlierInfo] = await read({ last: 3, before: lastInfo.startCursor });
    expect([earlier + last, earlierInfo.hasPreviousPage]).toEqual([ordered, false]);
  });
});

/** Moves a task over HTTP and within an array. */
async function moveAlike(user: Client, order: string[], kind: string, id: string, anchor: string): Promise<void> {
  if (kind !== 'end' && id === anchor) return;
  await move(user, id, kind === 'end' ? {} : { [`${kind}Id`]: anchor });
  order.splice(order.indexOf(id), 1);
  const index = { after: order.indexOf(anchor) + 1, before: order.indexOf(anchor) }[kind];
  order.splice(index ?? order.length, 0, id);
}

describe('the order of tasks', () => {
  test('is that of an array, whatever is made and moved', async () => {
    const users = await Promise.all(Array.from({ length: 12 }, () => server.newUser()));
    const picks = fc.tuple(fc.constantFrom('create', 'after', 'before', 'end'), fc.nat(), fc.nat());
    const steps = fc.array(picks, { minLength: 10, maxLength: 15 });
    const follows = fc.asyncProperty(fc.constantFrom(...users), steps, async (user, steps) => {
      const listId = await createList(user);
      const order = [await create(user, '0', { listId })];
      for (const [kind, ...numbers] of steps) {
        const [id = '', anchor = ''] = numbers.map((number) => order[number % order.length]);
        if (kind === 'create') order.push(await create(user, 'next', { listId }));
        else await moveAlike(user, order, kind, id, anchor);
      }
      const operation = 'query ($id: ID!) { list(id: $id) { tasks(first: 100) { nodes { id } } } }';
      const { nodes } = (await user.run(operation, { id: listId })).data.list.tasks;
      expect(nodes.map(({ id }: { id: string }) => id)).toEqual(order);
    });
    await fc.assert(follows, { numRuns: 12 });
  });

  test('of twenty requests at once is after all that was there before, and no two have the same place', async () => {
    const user = await server.newUser();
    const batch = (title: string) => Promise.all(Array.from({ length: 20 }, () => create(user, title)));
    await batch('early');
    await create(user, 'between');
    await batch('late');
    const rows = await rowsOf(user);
    expect(new Set(rows.map(({ position }) => position)).size).toBe(41);
    expect(rows.map(({ title }) => title)).toEqual([...Array(20).fill('early'), 'between', ...Array(20).fill('late')]);
  });

  test('and its short positions outlive a machine whose clock was ahead', async () => {
    const user = await server.newUser();
    await create(user, 'ahead');
    await server.sql('update task set position = $1 where title = $2', [positionAt(Date.now() + 3_600_000), 'ahead']);
    const titles = Array.from({ length: 20 }, (_, index) => `${index}`);
    await createAll(user, titles);
    expect(await titlesIn(user)).toEqual(['ahead', ...titles]);
    for (const { position } of await rowsOf(user)) expect(position.length).toBeLessThan(64);
  });
});
