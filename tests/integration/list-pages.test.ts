import { describe, expect, test } from 'vitest';
import type { Client } from '../support/client.ts';
import { useServer } from '../support/server.ts';

const server = useServer();

const operations = {
  createList: 'mutation ($name: String!) { createList(input: { name: $name }) { list { id } } }',
  archive: 'mutation ($id: ID!) { updateList(input: { id: $id, archived: true }) { list { id } } }',
  deleteList: 'mutation ($id: ID!) { deleteList(input: { id: $id }) { list { id } } }',
  createTask: 'mutation ($input: CreateTaskInput!) { createTask(input: $input) { task { id } } }',
  moveTask: 'mutation ($input: MoveTaskInput!) { moveTask(input: $input) { task { id } } }',
  lists: `query ($first: Int, $after: String, $last: Int, $before: String, $filter: TaskListFilter) {
    lists(first: $first, after: $after, last: $last, before: $before, filter: $filter) {
      nodes { name } edges { cursor node { name } } totalCount
      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    }
  }`,
  tasksOfList: `query ($id: ID!, $first: Int, $after: String, $last: Int, $before: String, $filter: TaskFilter, $orderBy: TaskOrder) {
    list(id: $id) {
      tasks(first: $first, after: $after, last: $last, before: $before, filter: $filter, orderBy: $orderBy) {
        nodes { title } edges { cursor node { title } } totalCount
        pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
      }
    }
  }`,
};

type Arguments = Record<string, unknown>;

async function createList(user: Client, name = 'Home'): Promise<string> {
  return (await user.run(operations.createList, { name })).data.createList.list.id;
}

async function createTask(user: Client, input: Arguments): Promise<string> {
  return (await user.run(operations.createTask, { input })).data.createTask.task.id;
}

async function lists(user: Client, args: Arguments = {}) {
  return (await user.run(operations.lists, args)).data.lists;
}

async function tasksOf(user: Client, id: string, args: Arguments = {}) {
  return (await user.run(operations.tasksOfList, { id, ...args })).data.list.tasks;
}

function names({ nodes }: { nodes: { name?: string; title?: string }[] }): string {
  return nodes.map(({ name, title }) => name ?? title).join(' ');
}

/** Reads a connection to its end in pages of two, from either side, and holds each page against the whole. */
async function expectPages(read: (args: Arguments) => Promise<ReturnType<typeof lists>>, expected: string) {
  for (const [size, cursor, more, edge] of [
    ['first', 'after', 'hasNextPage', 'endCursor'],
    ['last', 'before', 'hasPreviousPage', 'startCursor'],
  ] as const) {
    const pages: string[] = [];
    let page = await read({ [size]: 2 });
    for (; ; page = await read({ [size]: 2, [cursor]: page.pageInfo[edge] })) {
      expect(page.totalCount).toBe(expected.split(' ').length);
      expect(page.edges.map(({ node }: { node: unknown }) => node)).toEqual(page.nodes);
      expect([page.pageInfo.startCursor, page.pageInfo.endCursor]).toEqual([
        page.edges[0].cursor,
        page.edges.at(-1).cursor,
      ]);
      expect(page.pageInfo[size === 'first' ? 'hasPreviousPage' : 'hasNextPage']).toBe(pages.length > 0);
      pages.push(names(page));
      if (!page.pageInfo[more]) break;
    }
    expect((size === 'first' ? pages : pages.toReversed()).join(' ')).toBe(expected);
  }
}

describe('lists', () => {
  test('come by position, in pages from either end', async () => {
    const user = await server.newUser();
    const ids: string[] = [];
    for (const name of ['a', 'b', 'c', 'd', 'e']) ids.push(await createList(user, name));
    await user.run('mutation ($id: ID!, $to: ID!) { moveList(input: { id: $id, beforeId: $to }) { list { id } } }', {
      id: ids[4],
      to: ids[0],
    });
    await expectPages((args) => lists(user, args), 'e a b c d');
  });

  test('are those neither put aside nor in the trash unless the filter says so', async () => {
    const user = await server.newUser();
    const [, archived, trashed, both] = [
      await createList(user, 'plain'),
      await createList(user, 'archived'),
      await createList(user, 'trashed'),
      await createList(user, 'both'),
    ];
    for (const id of [archived, both]) await user.run(operations.archive, { id });
    for (const id of [trashed, both]) await user.run(operations.deleteList, { id });
    for (const [filter, expected] of [
      [undefined, 'plain'],
      [null, 'plain'],
      [{ archived: null, trash: null }, 'plain'],
      [{ archived: true }, 'archived'],
      [{ archived: false, trash: 'ONLY' }, 'trashed'],
      [{ trash: 'INCLUDE' }, 'plain trashed'],
      [{ archived: true, trash: 'ONLY' }, 'both'],
      [{ archived: true, trash: 'INCLUDE' }, 'archived both'],
    ] as const) {
      const page = await lists(user, { filter });
      expect([names(page), page.totalCount], JSON.stringify(filter)).toEqual([expected, expected.split(' ').length]);
    }
  });

  test('refuse a cursor of another filter, of another connection, and sizes out of range', async () => {
    const user = await server.newUser();
    await createList(user);
    const { endCursor } = (await lists(user)).pageInfo;
    for (const [args, expected] of [
      [{ after: endCursor, filter: { archived: true } }, 'after INVALID_CURSOR'],
      [{ before: endCursor, filter: { trash: 'INCLUDE' } }, 'before INVALID_CURSOR'],
      [{ after: 'rubbish' }, 'after INVALID_CURSOR'],
      [{ first: 101 }, 'first OUT_OF_RANGE'],
      [{ last: -1 }, 'last OUT_OF_RANGE'],
      [{ first: 1, last: 1 }, 'last NOT_WITH_FIRST'],
    ] as const) {
      const reply = await user.run(operations.lists, args);
      expect([reply.status, reply.code, reply.fields], String(reply)).toEqual([200, 'BAD_USER_INPUT', [expected]]);
      expect(reply.partialData).toEqual({ lists: null });
    }
    const foreign = await user.run('query ($after: String) { labels(after: $after) { nodes { id } } }', {
      after: endCursor,
    });
    expect(foreign.fields).toEqual(['after INVALID_CURSOR']);
  });
});

describe('tasks of a list', () => {
  /** A list with the tasks a to e at its top level, created in that order, and `b1` below `b`. */
  async function aListWithTasks(user: Client) {
    const id = await createList(user);
    const tasks: Record<string, string> = {};
    for (const title of ['a', 'b', 'c', 'd', 'e']) tasks[title] = await createTask(user, { title, listId: id });
    await createTask(user, { title: 'b1', parentId: tasks.b, priority: 'HIGH' });
    await createTask(user, { title: 'elsewhere' });
    return { id, tasks };
  }

  test('are its top level by position, in pages from either end', async () => {
    const user = await server.newUser();
    const { id, tasks } = await aListWithTasks(user);
    await user.run(operations.moveTask, { input: { id: tasks.e, beforeId: tasks.a } });
    await expectPages((args) => tasksOf(user, id, args), 'e a b c d');
    const orderBy = { field: 'POSITION', direction: 'DESC' };
    await expectPages((args) => tasksOf(user, id, { ...args, orderBy }), 'd c b a e');
    for (const topLevel of [true, null])
      expect(names(await tasksOf(user, id, { filter: { topLevel } }))).toBe('e a b c d');
  });

  test('are all of it in any other order, the subtasks among them', async () => {
    const user = await server.newUser();
    const { id } = await aListWithTasks(user);
    const byTitle = { field: 'TITLE', direction: 'DESC' };
    await expectPages((args) => tasksOf(user, id, { ...args, orderBy: byTitle }), 'e d c b1 b a');
    const read = async (orderBy: object, filter: object | null) => names(await tasksOf(user, id, { orderBy, filter }));
    expect(await read(byTitle, { topLevel: true })).toBe('e d c b a');
    expect(await read(byTitle, { topLevel: false })).toBe('b1');
    expect(await read({ field: 'PRIORITY', direction: 'DESC' }, { priorities: ['HIGH', 'LOW'] })).toBe('b1');
    expect(await read({ field: 'CREATED_AT', direction: 'ASC' }, null)).toBe('a b c d e b1');
  });

  test('refuse a filter that names a place, and positions without siblings', async () => {
    const user = await server.newUser();
    const { id } = await aListWithTasks(user);
    const byPosition = { field: 'POSITION', direction: 'ASC' };
    for (const [args, expected] of [
      [{ filter: { listId: id } }, 'filter.listId NOT_HERE'],
      [{ filter: { inbox: true } }, 'filter.inbox NOT_HERE'],
      [{ filter: { inbox: false } }, 'filter.inbox NOT_HERE'],
      [{ filter: { topLevel: false } }, 'orderBy.field NEEDS_SIBLINGS'],
      [{ filter: { topLevel: false }, orderBy: byPosition }, 'orderBy.field NEEDS_SIBLINGS'],
      [{ after: 'rubbish' }, 'after INVALID_CURSOR'],
      [{ first: 101 }, 'first OUT_OF_RANGE'],
    ] as const) {
      const reply = await user.run(operations.tasksOfList, { id, ...args });
      expect([reply.code, reply.fields], String(reply)).toEqual(['BAD_USER_INPUT', [expected]]);
    }
    expect(names(await tasksOf(user, id, { filter: { listId: null, inbox: null } }))).toBe('a b c d e');
  });

  test('refuse a cursor of another list or order', async () => {
    const user = await server.newUser();
    const { id } = await aListWithTasks(user);
    const other = await createList(user);
    const { endCursor: after } = (await tasksOf(user, id, { first: 1 })).pageInfo;
    const orderBy = { field: 'POSITION', direction: 'DESC' };
    for (const args of [
      { id: other, after },
      { id, after, orderBy },
    ]) {
      expect((await user.run(operations.tasksOfList, args)).fields).toEqual(['after INVALID_CURSOR']);
    }
  });

  test('are read for many lists at once, each its own, whatever is asked beside them', async () => {
    const user = await server.newUser();
    const [home, work, empty] = [await createList(user), await createList(user, 'Work'), await createList(user, 'x')];
    for (const title of ['a', 'b', 'c']) await createTask(user, { title, listId: home });
    for (const title of ['A', 'B']) await createTask(user, { title, listId: work });
    const nested = `{ lists { nodes {
      up: tasks(first: 2) { nodes { title } totalCount pageInfo { hasNextPage } }
      down: tasks(first: 2, orderBy: { field: POSITION, direction: DESC }) { nodes { title } totalCount pageInfo { hasNextPage } }
    } } }`;
    const expected = (up: string[], down: string[], totalCount: number) => ({
      up: { nodes: up.map((title) => ({ title })), totalCount, pageInfo: { hasNextPage: totalCount > 2 } },
      down: { nodes: down.map((title) => ({ title })), totalCount, pageInfo: { hasNextPage: totalCount > 2 } },
    });
    expect((await user.run(nested)).data.lists.nodes).toEqual([
      expected(['a', 'b'], ['c', 'b'], 3),
      expected(['A', 'B'], ['B', 'A'], 2),
      expected([], [], 0),
    ]);
    expect((await tasksOf(user, empty)).pageInfo).toMatchObject({ startCursor: null, endCursor: null });
  });

  test('are as they are after each of several mutations of one request', async () => {
    const user = await server.newUser();
    const id = await createList(user);
    const make = (title: string) =>
      `${title}: createTask(input: { title: "${title}", listId: "${id}" }) { task { list { tasks { totalCount nodes { title } } } } }`;
    const { data } = await user.run(`mutation { ${make('a')} ${make('b')} }`);
    expect(data.a.task.list.tasks).toEqual({ totalCount: 1, nodes: [{ title: 'a' }] });
    expect(data.b.task.list.tasks).toEqual({ totalCount: 2, nodes: [{ title: 'a' }, { title: 'b' }] });
  });

  test('give cursors that go on where their own order and filter are asked for again', async () => {
    const user = await server.newUser();
    const { id } = await aListWithTasks(user);
    const both = `query ($id: ID!) { list(id: $id) {
      up: tasks(first: 2) { pageInfo { endCursor } }
      down: tasks(first: 2, orderBy: { field: POSITION, direction: DESC }) { pageInfo { endCursor } }
      filtered: tasks(first: 2, filter: { trash: EXCLUDE }) { pageInfo { endCursor } }
    } }`;
    const { up, down, filtered } = (await user.run(both, { id })).data.list;
    const orderBy = { field: 'POSITION', direction: 'DESC' };
    const filter = { trash: 'EXCLUDE' };
    expect(names(await tasksOf(user, id, { after: up.pageInfo.endCursor }))).toBe('c d e');
    expect(names(await tasksOf(user, id, { after: down.pageInfo.endCursor, orderBy }))).toBe('c b a');
    expect(names(await tasksOf(user, id, { after: filtered.pageInfo.endCursor, filter }))).toBe('c d e');
  });
});
