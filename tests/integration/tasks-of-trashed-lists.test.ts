import { beforeAll, describe, expect, test } from 'vitest';
import type { Client } from '../support/client.ts';
import { useServer } from '../support/server.ts';
import { createList, createTask } from '../support/tasks.ts';
import { createTree, load, mutate, type State } from '../support/trees.ts';

const server = useServer();

/** A list in the trash with a tree of tasks, one of which went to the trash by itself before. */
async function trashedList(user: Client) {
  const listId = await createList(user);
  const tree = await createTree(user, { listId });
  const earlier = await createTask(user, 'earlier', { listId });
  await mutate(user, 'deleteTask', { id: earlier });
  await mutate(user, 'deleteList', { id: listId });
  return { listId, ...tree, earlier };
}

interface Titled {
  readonly title: string;
}
const titlesOf = (nodes: readonly Titled[]) => nodes.map(({ title }) => title);

describe('what is read of a task whose list is in the trash', () => {
  let user: Client;
  let ids: Awaited<ReturnType<typeof trashedList>>;
  let labelId: string;
  const inList = ['a', 'b', 'c', 'd', 'earlier'];

  beforeAll(async () => {
    user = await server.newUser();
    const label = 'mutation { createLabel(input: { name: "label" }) { label { id } } }';
    labelId = (await user.run(label)).data.createLabel.label.id;
    for (const title of ['outside', 'gone']) await createTask(user, title);
    ids = await trashedList(user);
    const archived = await createList(user);
    await createTask(user, 'archived', { listId: archived });
    const archive = 'mutation ($id: ID!) { updateList(input: { id: $id, archived: true }) { list { id } } }';
    await user.run(archive, { id: archived });
    await server.sql(
      `insert into task_label (user_id, task_id, label_id, created_at) select user_id, id, $1, created_at from task`,
      [labelId],
    );
    await server.sql(`update task set due_date = '2020-01-01', due_key = '2020-01-01', priority = 3`);
    await server.sql(`update task set deleted_at = now() where title = 'gone'`);
  });

  async function read(filter: object, page: object = {}, orderBy?: object) {
    const operation = `query ($filter: TaskFilter, $orderBy: TaskOrder, $first: Int, $after: String, $last: Int, $before: String) {
      tasks(filter: $filter, orderBy: $orderBy, first: $first, after: $after, last: $last, before: $before) {
        totalCount nodes { title } pageInfo { startCursor endCursor hasNextPage hasPreviousPage } } }`;
    return (await user.run(operation, { filter, orderBy, ...page })).data.tasks;
  }

  /** The titles of each page of two. */
  async function walk(
    [size, from, cursor, hasMore]: [string, string, string, string],
    filter: object,
    orderBy: object,
  ) {
    const pages: string[][] = [];
    let page = await read(filter, { [size]: 2 }, orderBy);
    for (;;) {
      pages.push(titlesOf(page.nodes));
      if (!page.pageInfo[hasMore]) return pages;
      page = await read(filter, { [size]: 2, [from]: page.pageInfo[cursor] }, orderBy);
    }
  }

  const narrowing = {
    nothing: {},
    'completed: false': { completed: false },
    labelIds: () => ({ labelIds: [labelId] }),
    priorities: { priorities: ['HIGH'] },
    dueTo: { dueTo: '2020-01-01' },
    overdue: { overdue: true },
    search: { search: 'a' },
    'inbox: false': { inbox: false },
    'inbox: true': { inbox: true },
    'topLevel: true': { topLevel: true },
    'topLevel: false': { topLevel: false },
  };
  const kept: Partial<Record<string, string[]>> = {
    search: ['a', 'earlier', 'archived'],
    'inbox: false': [...inList, 'archived'],
    'inbox: true': ['outside', 'gone'],
    'topLevel: true': ['outside', 'gone', 'a', 'earlier', 'archived'],
    'topLevel: false': ['b', 'c', 'd'],
  };

  test.for(Object.entries(narrowing))('is by the trash filter, with %s', async ([name, given]) => {
    const filter = typeof given === 'function' ? given() : given;
    const some = (titles: string[]) => titles.filter((title) => kept[name]?.includes(title) ?? true).sort();
    const expected = {
      EXCLUDE: some(['outside']),
      ONLY: some([...inList, 'gone']),
      INCLUDE: some([...inList, 'outside', 'gone']),
    };
    for (const [trash, titles] of Object.entries(expected)) {
      const { nodes, totalCount } = await read({ ...filter, trash });
      expect({ trash, titles: titlesOf(nodes).sort(), totalCount }).toEqual({
        trash,
        titles,
        totalCount: titles.length,
      });
    }
  });

  test.for([
    ['EXCLUDE', []],
    ['ONLY', inList],
    ['INCLUDE', inList],
  ] as const)('is by the trash filter where the list is named: %s', async ([trash, titles]) => {
    const { nodes, totalCount } = await read({ listId: ids.listId, trash });
    expect([titlesOf(nodes).sort(), totalCount]).toEqual([titles, titles.length]);
    const operation = `query ($id: ID!, $trash: TrashFilter) {
      list(id: $id) { tasks(filter: { trash: $trash }, orderBy: { field: TITLE, direction: ASC }) { totalCount nodes { title } } }
      lists(filter: { trash: ONLY }) { nodes { tasks(filter: { trash: $trash }) { totalCount nodes { title } } } } }`;
    const { list, lists } = (await user.run(operation, { id: ids.listId, trash })).data;
    expect([titlesOf(list.tasks.nodes), list.tasks.totalCount]).toEqual([titles, titles.length]);
    const top = titles.filter((title) => title === 'a' || title === 'earlier');
    expect(lists.nodes.map(({ tasks }: { tasks: { nodes: Titled[] } }) => titlesOf(tasks.nodes))).toEqual([top]);
  });

  const orders = ['CREATED_AT', 'UPDATED_AT', 'TITLE', 'PRIORITY', 'DUE'].flatMap((field) =>
    ['ASC', 'DESC'].map((direction) => ({ field, direction })),
  );
  test.for(orders)('comes in exact pages of the trash by $field $direction', async (orderBy) => {
    for (const filter of [{ trash: 'ONLY' }, { trash: 'INCLUDE' }, { trash: 'ONLY', listId: ids.listId }]) {
      const all = titlesOf((await read(filter, {}, orderBy)).nodes);
      expect(all.length).toBeGreaterThanOrEqual(5);
      const forward = await walk(['first', 'after', 'endCursor', 'hasNextPage'], filter, orderBy);
      const backward = await walk(['last', 'before', 'startCursor', 'hasPreviousPage'], filter, orderBy);
      expect({ forward: forward.flat(), backward: backward.toReversed().flat() }).toEqual({
        forward: all,
        backward: all,
      });
    }
  });

  test('is found by id, with its own deletedAt and that of its list, and all subtasks in the trash', async () => {
    const subtask = await createTask(user, 'outside too');
    await server.sql(`update task set deleted_at = now(), list_id = $1, parent_id = $2 where id = $3`, [
      ids.listId,
      ids.a,
      subtask,
    ]);
    const nodes = 'nodes { title deletedAt }';
    const operation = `query ($id: ID!, $first: Int) {
      task(id: $id) { title deletedAt list { deletedAt } subtasks { totalCount ${nodes} } }
      node(id: $id) { ... on Task { few: subtasks(first: $first) { ${nodes} } } } }`;
    const { task, node } = (await user.run(operation, { id: ids.a, first: 5 })).data;
    expect(task).toMatchObject({ title: 'a', deletedAt: null, list: { deletedAt: expect.any(String) } });
    const subtasks = [
      { title: 'b', deletedAt: null },
      { title: 'd', deletedAt: null },
      { title: 'outside too', deletedAt: expect.any(String) },
    ];
    expect([task.subtasks, node.few]).toEqual([{ totalCount: 3, nodes: subtasks }, { nodes: subtasks }]);
    // A query that is seen again is compiled.
    const compiled = `{ task(id: "${ids.a}") { subtasks(first: 5) { nodes { title } } } }`;
    for (let times = 0; times < 3; times++) {
      const { nodes } = (await user.run(compiled)).data.task.subtasks;
      expect(titlesOf(nodes)).toEqual(['b', 'd', 'outside too']);
    }
    await server.sql('delete from task where id = $1', [subtask]);
  });
});

describe('a task whose list is in the trash', () => {
  const changes = {
    updateTask: ({ a }) => ['UpdateTaskInput', { id: a, title: 'changed' }, 'task { id }'],
    updateTasks: ({ a }) => ['UpdateTasksInput', { ids: [a], set: { priority: 'HIGH' } }, 'tasks { id }'],
    completeTask: ({ a }) => ['CompleteTaskInput', { id: a }, 'task { id }'],
    completeTasks: ({ a }) => ['CompleteTasksInput', { ids: [a] }, 'tasks { id }'],
    reopenTask: ({ d }) => ['ReopenTaskInput', { id: d }, 'task { id }'],
    reopenTasks: ({ d }) => ['ReopenTasksInput', { ids: [d] }, 'tasks { id }'],
    moveTask: ({ a }) => ['MoveTaskInput', { id: a, listId: null }, 'task { id }'],
    moveTasks: ({ a }) => ['MoveTasksInput', { ids: [a], listId: null }, 'tasks { id }'],
  } satisfies Record<string, (ids: Record<string, string>) => [string, object, string]>;
  const intoIt = {
    'createTask into the list': ({ listId }) => ['createTask', 'CreateTaskInput', { title: 'new', listId }],
    'createTask below a task': ({ a }) => ['createTask', 'CreateTaskInput', { title: 'new', parentId: a }],
    'moveTask into the list': ({ listId, outside }) => ['moveTask', 'MoveTaskInput', { id: outside, listId }],
    'moveTask below a task': ({ a, outside }) => ['moveTask', 'MoveTaskInput', { id: outside, parentId: a }],
    'moveTask after a task': ({ a, outside }) => ['moveTask', 'MoveTaskInput', { id: outside, afterId: a }],
  } satisfies Record<string, (ids: Record<string, string>) => [string, string, object]>;

  let user: Client;
  let ids: Record<string, string>;
  beforeAll(async () => {
    user = await server.newUser();
    ids = { ...(await trashedList(user)), outside: await createTask(user, 'outside') };
    await server.sql('update task set completed_at = now() where id = $1', [ids.d]);
  });

  const attempts = [
    ...Object.entries(changes).map(([name, input]) => {
      return { what: name, call: () => [name, ...input(ids as never)] as const };
    }),
    ...Object.entries(intoIt).map(([what, input]) => {
      return { what, call: () => [...input(ids as never), 'task { id }'] as const };
    }),
  ];
  test.for(attempts)('is not changed, and nothing comes into its list: $what', async ({ call }) => {
    const [name, type, input, fields] = call();
    const before = await load(user, ids);
    const reply = await user.run(`mutation ($input: ${type}!) { ${name}(input: $input) { ${fields} } }`, { input });
    expect([reply.code, reply.text]).toEqual(['NOT_FOUND', expect.stringContaining('IN_TRASH')]);
    expect(await load(user, ids)).toEqual(before);
  });

  test('is in the trash already for deleteTask, whatever version is expected', async () => {
    const before = await load(user, ids);
    const { deletedIds } = await mutate(user, 'deleteTask', { id: ids.a, expectedVersion: 77 });
    expect(deletedIds.sort()).toEqual([ids.a, ids.b, ids.c, ids.d].sort());
    expect(await load(user, ids)).toEqual(before);
  });

  test('keeps what it is asked to be: completing what is completed succeeds', async () => {
    const complete = 'mutation ($id: ID!) { completeTask(input: { id: $id }) { task { completed } } }';
    expect((await user.run(complete, { id: ids.d })).data.completeTask.task).toEqual({ completed: true });
  });
});

describe('restoreTask and purgeTask of a task whose list is in the trash', () => {
  const placeOf = ({ title, list, parent, deletedAt }: State) => [title, list?.id, parent?.id, deletedAt];

  test.for([
    { named: ['a'], restored: 'abcd', tops: ['a'] },
    { named: ['b'], restored: 'bc', tops: ['b'] },
    { named: ['c', 'a'], restored: 'abcd', tops: ['a'] },
    { named: ['d', 'c'], restored: 'cd', tops: ['c', 'd'] },
    { named: ['earlier', 'b'], restored: 'bce', tops: ['b', 'earlier'] },
  ] as const)('$named: to the end of the inbox, with subtasks', async ({ named, restored, tops }) => {
    const user = await server.newUser();
    const ids = await trashedList(user);
    const inbox = await createTask(user, 'inbox');
    const answer = await mutate(user, 'restoreTasks', { ids: named.map((name) => ids[name]) });
    expect(answer.restoredIds).toHaveLength(restored.length);
    const { listId, ...tasks } = ids;
    const states = await load(user, tasks);
    for (const state of states) {
      const isBack = restored.includes(state.title.charAt(0));
      expect([state.title, state.list?.id]).toEqual([state.title, isBack ? undefined : listId]);
      if (isBack)
        expect([state.title, state.deletedAt, state.version]).toEqual([state.title, null, expect.any(Number)]);
    }
    const operation = `{ tasks(filter: { inbox: true, topLevel: true }, orderBy: { field: POSITION, direction: ASC }) {
      nodes { id title } } }`;
    const top = titlesOf((await user.run(operation)).data.tasks.nodes);
    expect([top[0], top.slice(1).sort()]).toEqual(['inbox', [...tops]]);
    const before = (await load(user, { ...tasks, inbox })).map(placeOf);
    await mutate(user, 'restoreTasks', { ids: named.map((name) => ids[name]) });
    await mutate(user, 'restoreList', { id: listId });
    expect((await load(user, { ...tasks, inbox })).map(placeOf)).toEqual(before);
  });

  test('purgeTask removes it and what is below', async () => {
    const user = await server.newUser();
    const ids = await trashedList(user);
    expect(await mutate(user, 'purgeTask', { id: ids.b })).toEqual({ purgedIds: [ids.b, ids.c] });
    expect(await load(user, [ids.b, ids.c])).toEqual([null, null]);
    await mutate(user, 'restoreList', { id: ids.listId });
    expect(titlesOf(await load(user, [ids.a, ids.d, ids.earlier]))).toEqual(['a', 'd', 'earlier']);
  });
});
