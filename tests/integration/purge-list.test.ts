import { describe, expect, test } from 'vitest';
import { madeUp } from '../support/calls-by-id.ts';
import type { Client, Reply } from '../support/client.ts';
import { mutation } from '../support/input-mutation.ts';
import { useServer } from '../support/server.ts';
import { createList, createTask } from '../support/tasks.ts';
import { createTree, mutate } from '../support/trees.ts';

const server = useServer();
const purge = (user: Client, id: string): Promise<Reply> => user.run(...mutation('purgeList', { id }));
const refusalOf = (reply: Reply) => [reply.status, reply.code, reply.fields, reply.partialData];

/** A list in the trash, and the ids of its tasks. */
async function trashedList(user: Client) {
  const listId = await createList(user);
  const tree = await createTree(user, { listId });
  await mutate(user, 'deleteTask', { id: tree.d });
  await mutate(user, 'deleteList', { id: listId });
  return { listId, tasks: Object.values(tree) };
}

const rows = (table: string, ids: readonly string[]) => server.sql(`select from ${table} where id = any($1)`, [ids]);

describe('purgeList', () => {
  test('removes a list in the trash with its tasks, and nothing else; their ids stay taken', async () => {
    const user = await server.newUser();
    const outside = [await createTask(user, 'outside'), await createTask(user, 'trashed')];
    await mutate(user, 'deleteTask', { id: outside[1] });
    const [first, second] = [await trashedList(user), await trashedList(user)];
    expect((await purge(user, first.listId)).data.purgeList).toEqual({ purgedId: first.listId });
    const operation = `query ($id: ID!) { list(id: $id) { id } lists(filter: { trash: ONLY }) { nodes { id } }
      tasks(filter: { trash: INCLUDE }) { totalCount } }`;
    expect((await user.run(operation, { id: first.listId })).data).toEqual({
      list: null,
      lists: { nodes: [{ id: second.listId }] },
      tasks: { totalCount: 6 },
    });
    await expect.poll(() => rows('task_list', [first.listId])).toEqual([]);
    expect(await rows('task', first.tasks)).toEqual([]);
    expect(await rows('task', [...second.tasks, ...outside])).toHaveLength(6);
    expect(await rows('retired_id', [first.listId, ...first.tasks])).toHaveLength(5);
    for (const id of [first.listId, ...first.tasks]) {
      const reply = await user.run(...mutation('createTask', { id, title: 'new' }));
      expect(refusalOf(reply)).toEqual([200, 'CONFLICT', ['input.id TAKEN'], { createTask: null }]);
    }
  });

  test('succeeds again if repeated, at once and when the list is gone', async () => {
    const user = await server.newUser();
    const { listId } = await trashedList(user);
    const replies = await Promise.all(Array.from({ length: 5 }, () => purge(user, listId)));
    for (const reply of replies) expect(reply.data.purgeList).toEqual({ purgedId: listId });
    await expect.poll(() => rows('task_list', [listId])).toEqual([]);
    expect((await purge(user, listId)).data.purgeList).toEqual({ purgedId: listId });
  });

  test('refuses a list that is not in the trash, archived or not', async () => {
    const user = await server.newUser();
    const listId = await createList(user);
    const taskId = await createTask(user, 'kept', { listId });
    const refusal = [200, 'BAD_USER_INPUT', ['input.id NOT_IN_TRASH'], { purgeList: null }];
    expect(refusalOf(await purge(user, listId))).toEqual(refusal);
    await user.run(...mutation('updateList', { id: listId, archived: true }));
    expect(refusalOf(await purge(user, listId))).toEqual(refusal);
    await mutate(user, 'deleteList', { id: listId });
    await mutate(user, 'restoreList', { id: listId });
    expect(refusalOf(await purge(user, listId))).toEqual(refusal);
    expect([await rows('task_list', [listId]), await rows('task', [taskId])]).toEqual([[{}], [{}]]);
  });

  test("does not find another user's, other records, or none; needs a log-in and an id", async () => {
    const [user, other] = [await server.newUser(), await server.newUser()];
    const { listId, tasks } = await trashedList(other);
    const mine = await createTask(user, 'mine');
    await mutate(user, 'deleteTask', { id: mine });
    for (const id of [listId, mine, madeUp, ...tasks]) {
      const refusal = [200, 'NOT_FOUND', ['input.id NOT_FOUND'], { purgeList: null }];
      expect(refusalOf(await purge(user, id))).toEqual(refusal);
    }
    await mutate(user, 'purgeTask', { id: mine });
    expect((await purge(user, mine)).code).toBe('NOT_FOUND');
    expect((await other.run('query ($id: ID!) { list(id: $id) { id } }', { id: listId })).data.list.id).toBe(listId);
    expect([(await purge(server.client(), listId)).status, (await purge(user, 'x')).code]).toEqual([
      401,
      'BAD_USER_INPUT',
    ]);
  });

  test('comes before or after a restore or a move at the same moment', async () => {
    const user = await server.newUser();
    for (let round = 0; round < 10; round++) {
      const { listId, tasks } = await trashedList(user);
      const [purged, restored, rescued] = await Promise.all([
        purge(user, listId),
        user.run(...mutation('restoreList', { id: listId })),
        user.run(...mutation('restoreTask', { id: tasks[0] })),
      ]);
      if (restored.text.includes('"errors"')) expect(restored.code).toBe('NOT_FOUND');
      else expect(purged.code).toBe('BAD_USER_INPUT');
      if (!rescued.text.includes('"errors"')) expect(await rows('task', tasks.slice(0, 1))).toHaveLength(1);
    }
  });
});
