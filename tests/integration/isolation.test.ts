import { v7 as uuidv7 } from 'uuid';
import { describe, expect, test } from 'vitest';
import type { Reply } from '../support/client.ts';
import { mutation } from '../support/input-mutation.ts';
import { useServer } from '../support/server.ts';
import { makeWorld, type World } from '../support/world.ts';

const server = useServer();
const madeUp = '01a1fd83-085f-7429-8acf-26a739617b03';

type Kind = 'task' | 'list' | 'label' | 'session' | 'event';
type Call = (id: string, own: World) => [operation: string, variables: Record<string, unknown>];

function on(name: string, more: Record<string, unknown> = {}): Call {
  return (id) => mutation(name, { id, ...more });
}

function query(field: string, variable = '$id: ID!'): Call {
  return (id) => [`query (${variable}) { ${field} }`, { id }];
}

/** Every way in which an id comes in, by root field and place: another user's must be there what a made-up one is. */
const calls: Record<Kind, Record<string, Call>> = {
  task: {
    'task.id': query('task(id: $id) { id title }'),
    'node.id': query('node(id: $id) { __typename id }'),
    'updateTask.id': on('updateTask', { title: 'stolen' }),
    'updateTask.id with a version': on('updateTask', { title: 'stolen', expectedVersion: 99 }),
    'updateTask.id with nothing to do': on('updateTask'),
    'completeTask.id': on('completeTask'),
    'reopenTask.id': on('reopenTask'),
    'moveTask.id': on('moveTask'),
    'moveTask.id to a place': (id, { mine }) => mutation('moveTask', { id, afterId: mine }),
    'moveTask.parentId': (id, { mine }) => mutation('moveTask', { id: mine, parentId: id }),
    'moveTask.afterId': (id, { mine }) => mutation('moveTask', { id: mine, afterId: id }),
    'moveTask.beforeId': (id, { mine }) => mutation('moveTask', { id: mine, beforeId: id }),
    'updateTasks.ids': (id, { mine }) => mutation('updateTasks', { ids: [mine, id], set: { priority: 'HIGH' } }),
    'moveTasks.parentId': (id, { mine }) => mutation('moveTasks', { ids: [mine], parentId: id }),
    'moveTasks.afterId': (id, { mine }) => mutation('moveTasks', { ids: [mine], afterId: id }),
    'moveTasks.beforeId': (id, { mine }) => mutation('moveTasks', { ids: [mine], beforeId: id }),
    'createTask.parentId': (id) => mutation('createTask', { title: 'new', parentId: id }),
    'createTask.parentId with an id': (id) => mutation('createTask', { id: uuidv7(), title: 'new', parentId: id }),
    'deleteTask.id': on('deleteTask'),
    'deleteTask.id with a version': on('deleteTask', { expectedVersion: 99 }),
    'restoreTask.id': on('restoreTask'),
    'purgeTask.id': on('purgeTask'),
    ...Object.fromEntries(
      ['completeTasks', 'reopenTasks', 'deleteTasks', 'restoreTasks', 'moveTasks'].map((name): [string, Call] => [
        `${name}.ids`,
        (id, { mine }) => mutation(name, { ids: [mine, id] }),
      ]),
    ),
  },
  list: {
    'list.id': query('list(id: $id) { id name tasks { totalCount } }'),
    'node.id': query('node(id: $id) { __typename id ... on TaskList { tasks { totalCount } } }'),
    'tasks.filter.listId': query('tasks(filter: { listId: $id, trash: INCLUDE }) { totalCount nodes { id } }'),
    'createTask.listId': (id) => mutation('createTask', { title: 'new', listId: id }),
    'createTask.listId with an id': (id) => mutation('createTask', { id: uuidv7(), title: 'new', listId: id }),
    'moveTask.listId': (id, { mine }) => mutation('moveTask', { id: mine, listId: id }),
    'moveTasks.listId': (id, { mine }) => mutation('moveTasks', { ids: [mine], listId: id }),
    'updateList.id': on('updateList', { name: 'stolen' }),
    'updateList.id with a version': on('updateList', { name: 'stolen', expectedVersion: 99 }),
    'moveList.id': on('moveList'),
    'moveList.id to a place': (id, { myList }) => mutation('moveList', { id, beforeId: myList }),
    'moveList.afterId': (id, { myList }) => mutation('moveList', { id: myList, afterId: id }),
    'moveList.beforeId': (id, { myList }) => mutation('moveList', { id: myList, beforeId: id }),
    'deleteList.id': on('deleteList'),
    'restoreList.id': on('restoreList'),
  },
  label: {
    'node.id': query('node(id: $id) { __typename id ... on Label { name } }'),
    'tasks.filter.labelIds': query('tasks(filter: { labelIds: [$id], trash: INCLUDE }) { totalCount nodes { id } }'),
    'lists.tasks.filter.labelIds': query('lists { nodes { tasks(filter: { labelIds: [$id] }) { totalCount } } }'),
    'createTask.labelIds': (id, { label }) => mutation('createTask', { title: 'new', labelIds: [label.live, id] }),
    'updateTask.labelIds': (id, { mine }) => mutation('updateTask', { id: mine, labelIds: [id] }),
    'updateTask.addLabelIds': (id, { mine }) => mutation('updateTask', { id: mine, addLabelIds: [id] }),
    ...Object.fromEntries(
      ['addLabelIds', 'removeLabelIds'].map((name): [string, Call] => [
        `updateTasks.set.${name}`,
        (id, { mine }) => mutation('updateTasks', { ids: [mine], set: { [name]: [id] } }),
      ]),
    ),
    'updateTask.removeLabelIds': (id, { mine }) => mutation('updateTask', { id: mine, removeLabelIds: [id] }),
    'updateLabel.id': on('updateLabel', { name: 'stolen' }),
    'updateLabel.id with a version': on('updateLabel', { name: 'stolen', expectedVersion: 99 }),
    'deleteLabel.id': on('deleteLabel'),
  },
  session: {
    'node.id': query('node(id: $id) { __typename id ... on Session { ipAddress current } }'),
    'revokeSession.id': on('revokeSession'),
  },
  event: { 'node.id': query('node(id: $id) { __typename id ... on SecurityEvent { kind ipAddress } }') },
};
const allCalls = (['task', 'list', 'label', 'session', 'event'] as const).flatMap((kind) =>
  Object.entries(calls[kind]).map(([name, call]) => ({ kind, name, call })),
);

/** Creates, whose id is to be new. */
const creates: Record<string, Call> = {
  createTask: on('createTask', { title: 'private' }),
  createList: on('createList', { name: 'private' }),
  createLabel: on('createLabel', { name: 'private' }),
};

/** All that is stored of a user's. */
async function rowsOf({ userId }: World): Promise<unknown[]> {
  const accounts = ['session', 'refresh_token', 'security_event'];
  const tables = ['task', 'task_list', 'label', 'task_label', 'retired_id', ...accounts];
  const all = tables.map((table) => `select '${table}' as kind, to_jsonb(r) as row from ${table} r where user_id = $1`);
  return server.sql(`${all.join(' union all ')} order by kind, row`, [userId]);
}

/** The answer with what differs from call to call taken out. */
function bare({ status, text }: Reply, id: string): string {
  return `${status} ${text.replace(/"requestId":"[^"]+"/g, '').replaceAll(id, madeUp)}`;
}

describe.each(allCalls)("another user's $kind in $name", ({ kind, call }) => {
  test('is what a made-up id is, byte for byte, and stays as it was', async () => {
    const [owner, stranger] = await Promise.all([makeWorld(server), makeWorld(server)]);
    const before = await Promise.all([rowsOf(owner), rowsOf(stranger)]);
    const nobodys = await stranger.user.run(...call(madeUp, stranger));
    for (const [state, id] of Object.entries(owner[kind])) {
      const theirs = await stranger.user.run(...call(id, stranger));
      expect(bare(theirs, id), `${state}: ${theirs}`).toBe(bare(nobodys, madeUp));
    }
    expect(await Promise.all([rowsOf(owner), rowsOf(stranger)])).toEqual(before);
    // The same call finds what one owns: without this, the test could not fail.
    const { live } = owner[kind];
    const own = await owner.user.run(...call(live, owner));
    expect(bare(own, live), String(own)).not.toBe(bare(nobodys, madeUp));
  });
});

test('every place in the schema where an id comes in is among those above', async () => {
  const user = await server.newUser();
  const type = 'type { name kind ofType { name kind ofType { name kind ofType { name } } } }';
  const { __schema: schema } = (
    await user.run(`{ __schema { types { name inputFields { name ${type} }
      fields { name args { name ${type} } } } } }`)
  ).data;
  type Type = { name: string | null; ofType?: Type };
  type Value = { name: string; type: Type };
  const types = new Map<string, { inputFields: Value[] | null; fields: { name: string; args: Value[] }[] }>(
    schema.types.map((each: { name: string }) => [each.name, each]),
  );
  const nameOf = ({ name, ofType }: Type): string => name ?? (ofType ? nameOf(ofType) : '');
  const idsIn = (path: string, values: Value[]): string[] =>
    values.flatMap((value) => {
      const below = value.name === 'input' ? path : `${path}.${value.name}`;
      if (nameOf(value.type) === 'ID') return [below];
      return idsIn(below, types.get(nameOf(value.type))?.inputFields ?? []);
    });
  const roots = ['Query', 'Mutation'].flatMap((name) => types.get(name)?.fields ?? []);
  const places = roots.flatMap(({ name, args }) => idsIn(name, args));
  const covered = [...allCalls.map(({ name }) => name), ...Object.keys(creates).map((name) => `${name}.id`)];
  expect(places).toContain('moveTask.beforeId');
  expect(covered).toEqual(expect.arrayContaining(places));
});

test.each(Object.entries(creates))(
  "%s answers another user's id as one of one's own that is taken",
  async (_name, call) => {
    const [owner, stranger] = await Promise.all([makeWorld(server), makeWorld(server)]);
    const before = await Promise.all([rowsOf(owner), rowsOf(stranger)]);
    const answers = [owner, stranger].flatMap(({ task, list, label, session, userId }) =>
      [task, list, label, session, { userId }].flatMap((ids) => Object.values(ids)),
    );
    const replies: string[] = [];
    for (const id of answers) {
      const reply = await stranger.user.run(...call(id, stranger));
      expect(reply.fields, String(reply)).toEqual(['input.id TAKEN']);
      replies.push(bare(reply, id));
    }
    expect(new Set(replies)).toHaveProperty('size', 1);
    expect(await Promise.all([rowsOf(owner), rowsOf(stranger)])).toEqual(before);
  },
);

test.each([
  ['tasks', 'tasks(after: $after) { nodes { id } pageInfo { endCursor } }'],
  ['lists', 'lists(after: $after) { nodes { id } pageInfo { endCursor } }'],
  ['labels', 'labels(after: $after) { nodes { id } pageInfo { endCursor } }'],
])("a cursor of another user's %s is what rubbish is", async (name, field) => {
  const [owner, stranger] = await Promise.all([makeWorld(server), makeWorld(server)]);
  const ask = `query ($after: String) { ${field} }`;
  const after = (await owner.user.run(ask)).data[name].pageInfo.endCursor;
  expect((await owner.user.run(ask, { after })).data[name].nodes).toEqual([]);
  const [theirs, nobodys] = [
    await stranger.user.run(ask, { after }),
    await stranger.user.run(ask, { after: 'rubbish' }),
  ];
  expect(bare(theirs, after)).toBe(bare(nobodys, 'rubbish'));
  expect(theirs.fields).toEqual(['after INVALID_CURSOR']);
});

test('nothing of another user is in any page', async () => {
  const [, stranger] = await Promise.all([makeWorld(server), server.newUser()]);
  const pages = `tasks(filter: { trash: INCLUDE }) { totalCount } lists(filter: { trash: INCLUDE }) { totalCount }
    archived: lists(filter: { archived: true }) { totalCount } labels { totalCount }`;
  const none = { totalCount: 0 };
  expect((await stranger.run(`{ ${pages} }`)).data).toEqual({ tasks: none, lists: none, archived: none, labels: none });
});

describe('signed out', () => {
  const own = { mine: madeUp, myList: madeUp, label: { live: madeUp } } as World;
  const others: Record<string, Call> = {
    lists: query('lists { totalCount }', ''),
    labels: query('labels { totalCount }', ''),
  };
  const operations = new Map([
    ...allCalls.map(({ name, call }) => [name, call] as const),
    ...Object.entries({ ...creates, ...others }),
  ]);

  test.each([...operations])('%s answers 401', async (_name, call) => {
    const [operation, variables] = call(madeUp, own);
    const reply = await server.client().run(operation.replace('query ()', 'query'), variables);
    expect([reply.status, reply.code], String(reply)).toEqual([401, 'UNAUTHENTICATED']);
  });
});
