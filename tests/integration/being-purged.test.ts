import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Client, Reply } from '../support/client.ts';
import { useServer } from '../support/server.ts';
import { createList, createTask } from '../support/tasks.ts';
import { createTree, mutate } from '../support/trees.ts';

const server = useServer();

/** Holds locks from outside, so that the jobs leave the rows that are being removed where they are. */
function holdJobs(what: () => [text: string, values?: unknown[]]): { release(): Promise<void> } {
  let holder: pg.Client;
  beforeAll(async () => {
    holder = new pg.Client({ connectionString: server.databaseUrl });
    await holder.connect();
    await holder.query('begin');
    await holder.query(...what());
  });
  afterAll(() => holder.end());
  return { release: async () => void (await holder.query('rollback')) };
}

const node = async (user: Client, id: string) =>
  (await user.run('query ($id: ID!) { node(id: $id) { id } }', { id })).data.node;

function change(user: Client, name: string, input: object, fields: string): Promise<Reply> {
  const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}Input!`;
  return user.run(`mutation ($input: ${type}) { ${name}(input: $input) { ${fields} } }`, { input });
}

const problem = ({ code, error }: Reply) => [
  code,
  error.extensions.fields?.map((field: { code: string }) => field.code),
];

describe('a list that is being purged is gone, and so are its tasks:', () => {
  let user: Client;
  let ids: Record<string, string>;
  beforeAll(async () => {
    user = await server.newUser();
    const listId = await createList(user);
    const tree = await createTree(user, { listId });
    await mutate(user, 'deleteTask', { id: tree.b });
    await mutate(user, 'deleteList', { id: listId });
    ids = { listId, ...tree, outside: await createTask(user, 'outside') };
    await server.sql('update task_list set purged_at = now() where id = $1', [listId]);
  });
  holdJobs(() => ['select from task_list where id = $1 for update', [ids.listId]]);

  test('reads', async () => {
    for (const name of ['listId', 'a', 'b', 'c', 'd'])
      expect([name, await node(user, ids[name] ?? '')]).toEqual([name, null]);
    const operation = `query ($id: ID!) {
      list(id: $id) { id } lists(filter: { trash: INCLUDE }) { totalCount nodes { id } }
      only: tasks(filter: { trash: ONLY }) { totalCount nodes { title } }
      all: tasks(filter: { trash: INCLUDE }) { totalCount nodes { title } }
      named: tasks(filter: { trash: ONLY, listId: $id }) { totalCount nodes { title } }
      allNamed: tasks(filter: { trash: INCLUDE, listId: $id }) { totalCount nodes { title } } }`;
    const nothing = { totalCount: 0, nodes: [] };
    expect((await user.run(operation, { id: ids.listId })).data).toEqual({
      list: null,
      lists: nothing,
      only: nothing,
      all: { totalCount: 1, nodes: [{ title: 'outside' }] },
      named: nothing,
      allNamed: nothing,
    });
  });

  const { listId, a, outside } = { listId: () => ids.listId, a: () => ids.a, outside: () => ids.outside };
  test.for([
    ['restoreList', () => ({ id: listId() }), 'list { id }'],
    ['updateList', () => ({ id: listId(), name: 'other' }), 'list { id }'],
    ['moveList', () => ({ id: listId() }), 'list { id }'],
    ['deleteList', () => ({ id: listId() }), 'list { id }'],
    ['createTask', () => ({ title: 'new', listId: listId() }), 'task { id }'],
    ['createTask', () => ({ title: 'new', parentId: a() }), 'task { id }'],
    ['moveTask', () => ({ id: outside(), listId: listId() }), 'task { id }'],
    ['moveTask', () => ({ id: outside(), afterId: a() }), 'task { id }'],
    ['updateTask', () => ({ id: a(), title: 'new' }), 'task { id }'],
    ['completeTask', () => ({ id: a() }), 'task { id }'],
    ['restoreTask', () => ({ id: a() }), 'task { id }'],
    ['restoreTask', () => ({ id: ids.b }), 'task { id }'],
    ['deleteTask', () => ({ id: a() }), 'task { id }'],
  ] as const)('%s', async ([name, input, fields]) => {
    expect(problem(await change(user, name, input(), fields))).toEqual(['NOT_FOUND', ['NOT_FOUND']]);
  });

  test('purgeTask succeeds, and the ids stay taken', async () => {
    expect((await change(user, 'purgeTask', { id: a() }, 'purgedIds')).data.purgeTask).toEqual({ purgedIds: [a()] });
    for (const id of [a(), listId()]) {
      expect(problem(await change(user, 'createTask', { id, title: 'new' }, 'task { id }'))).toEqual([
        'CONFLICT',
        ['TAKEN'],
      ]);
    }
  });
});

describe('a label that is removed is gone while its links are still there:', () => {
  let user: Client;
  let [dead, other]: string[] = [];
  let taskId: string;
  const createLabel = async (name: string): Promise<string> =>
    (await change(user, 'createLabel', { name }, 'label { id }')).data.createLabel.label.id;

  beforeAll(async () => {
    user = await server.newUser();
    const labels: string[] = [];
    for (let number = 0; number < 50; number++) labels.push(await createLabel(`label ${number}`));
    [dead, other] = labels;
    taskId = (await change(user, 'createTask', { title: 'labelled', labelIds: labels }, 'task { id }')).data.createTask
      .task.id;
  });

  const holding = holdJobs(() => ['select from task_label where label_id = $1 for update', [dead]]);

  test('deleteLabel answers', async () => {
    const deleted = await change(user, 'deleteLabel', { id: dead }, 'deletedId');
    expect(deleted.data.deleteLabel).toEqual({ deletedId: dead });
  });

  test('reads', async () => {
    expect(await node(user, dead ?? '')).toBeNull();
    const operation = `query ($id: ID!, $dead: [ID!], $both: [ID!], $other: [ID!]) {
      task(id: $id) { labels { id } } labels(first: 100) { totalCount nodes { id } }
      dead: tasks(filter: { labelIds: $dead }) { totalCount nodes { id } }
      both: tasks(filter: { labelIds: $both }) { totalCount nodes { id } }
      other: tasks(filter: { labelIds: $other }) { totalCount } }`;
    const values = { id: taskId, dead: [dead], both: [other, dead], other: [other] };
    const { task, labels, ...found } = (await user.run(operation, values)).data;
    expect([task.labels.length, labels.totalCount, labels.nodes.length]).toEqual([49, 49, 49]);
    const nothing = { totalCount: 0, nodes: [] };
    expect(found).toEqual({ dead: nothing, both: nothing, other: { totalCount: 1 } });
    expect(JSON.stringify([task, labels])).not.toContain(dead);
    const compiled = `{ task(id: "${taskId}") { labels { id } } }`;
    // A query that is seen again is compiled.
    for (let times = 0; times < 3; times++) expect((await user.run(compiled)).data.task.labels).toHaveLength(49);
  });

  test('changes, its name and its place among fifty', async () => {
    expect(problem(await change(user, 'updateLabel', { id: dead, name: 'x' }, 'label { id }'))[0]).toBe('NOT_FOUND');
    const add = { id: taskId, addLabelIds: [dead] };
    expect(problem(await change(user, 'updateTask', add, 'task { id }'))).toEqual(['NOT_FOUND', ['NOT_FOUND']]);
    expect(problem(await change(user, 'createLabel', { id: dead, name: 'x' }, 'label { id }'))[0]).toBe('CONFLICT');
    const fresh = await createLabel('label 0');
    const added = await change(user, 'updateTask', { id: taskId, addLabelIds: [fresh] }, 'task { labels { id } }');
    expect(added.data.updateTask.task.labels).toHaveLength(50);
  });

  test('the rows go in the end, and removing it once more succeeds', async () => {
    expect(await server.sql('select from label where id = $1', [dead])).toHaveLength(1);
    await holding.release();
    expect((await change(user, 'deleteLabel', { id: dead }, 'deletedId')).data.deleteLabel).toEqual({
      deletedId: dead,
    });
    await expect.poll(() => server.sql('select from label where id = $1', [dead])).toEqual([]);
    expect(await server.sql('select from task_label where label_id = $1', [dead])).toEqual([]);
    expect(await server.sql('select kind from retired_id where id = $1', [dead])).toEqual([{ kind: 'label' }]);
    expect((await change(user, 'deleteLabel', { id: dead }, 'deletedId')).data.deleteLabel).toEqual({
      deletedId: dead,
    });
  });
});
