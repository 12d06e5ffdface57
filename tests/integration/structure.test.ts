import { expect, test } from 'vitest';
import type { Client } from '../support/client.ts';
import { useServer } from '../support/server.ts';

const server = useServer();

async function mutate(user: Client, name: string, input: object, selection: string) {
  const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}Input!`;
  return (await user.run(`mutation ($input: ${type}) { ${name}(input: $input) { ${selection} } }`, { input })).data[
    name
  ];
}

const create = async (user: Client, title: string, place: object = {}): Promise<string> =>
  (await mutate(user, 'createTask', { title, ...place }, 'task { id }')).task.id;

const createList = async (user: Client): Promise<string> =>
  (await mutate(user, 'createList', { name: 'list' }, 'list { id }')).list.id;

test('bulk changes beside moves of the same tasks wait for each other and all succeed', async () => {
  const user = await server.newUser();
  const listId = await createList(user);
  // Below the task, yet with ids before its own: the order in which a move reaches them is not that of their ids.
  const below = await Promise.all(Array.from({ length: 20 }, (_, index) => create(user, `${index}`)));
  const parentId = await create(user, 'above');
  for (const id of below) await mutate(user, 'moveTask', { id, parentId }, 'task { id }');
  const ids = [...below, parentId];
  for (let round = 0; round < 6; round++) {
    await Promise.all([
      mutate(user, 'moveTask', { id: parentId, listId: round % 2 === 0 ? listId : null }, 'task { id }'),
      mutate(user, 'completeTasks', { ids }, 'tasks { id }'),
      mutate(user, 'reopenTasks', { ids: ids.toReversed() }, 'tasks { id }'),
      mutate(user, 'updateTasks', { ids, set: { priority: round % 2 === 0 ? 'HIGH' : 'LOW' } }, 'tasks { id }'),
    ]);
  }
  expect(server.logs()).not.toContain('40P01');
});

test('a subtask and its parent that were deleted one after the other come back together, one below the other', async () => {
  const user = await server.newUser();
  const parentId = await create(user, 'parent');
  const id = await create(user, 'child', { parentId });
  await mutate(user, 'deleteTask', { id }, 'deletedIds');
  await mutate(user, 'deleteTask', { id: parentId }, 'deletedIds');
  for (const ids of [
    [parentId, id],
    [id, parentId],
  ]) {
    const { tasks, restoredIds } = await mutate(
      user,
      'restoreTasks',
      { ids },
      'restoredIds tasks { id deletedAt parent { id } }',
    );
    expect(restoredIds.toSorted()).toEqual([parentId, id].toSorted());
    expect(tasks.find((task: { id: string }) => task.id === id)).toEqual({
      id,
      deletedAt: null,
      parent: { id: parentId },
    });
    await mutate(user, 'deleteTask', { id }, 'deletedIds');
    await mutate(user, 'deleteTask', { id: parentId }, 'deletedIds');
  }
});

test('the trash shows tasks of archived lists too: they are purged as well', async () => {
  const user = await server.newUser();
  const listId = await createList(user);
  const id = await create(user, 'archived', { listId });
  await mutate(user, 'updateList', { id: listId, archived: true }, 'list { id }');
  await mutate(user, 'deleteTask', { id }, 'deletedIds');
  const { data } = await user.run('{ tasks(filter: { trash: ONLY }) { nodes { id } } }');
  expect(data.tasks.nodes).toEqual([{ id }]);
});

test('a mutation takes at most 5,000 tasks along, subtasks included', async () => {
  const user = await server.newUser();
  const ids = await Promise.all(Array.from({ length: 6 }, () => create(user, 'top')));
  await server.sql(
    `insert into task (user_id, id, parent_id, position, title, description, priority, version, created_at, updated_at)
     select user_id, gen_random_uuid(), task.id, gen_random_uuid(), 'sub', '', 0, 1, now(), now()
     from task, generate_series(1, 999) where task.id = any($1)`,
    [ids],
  );
  const remove = 'mutation ($ids: [ID!]!) { deleteTasks(input: { ids: $ids }) { deletedIds } }';
  expect((await user.run(remove, { ids })).code).toBe('LIMIT_EXCEEDED');
  expect((await user.run(remove, { ids: ids.slice(1) })).data.deleteTasks.deletedIds).toHaveLength(5_000);
});
