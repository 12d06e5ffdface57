import { v7 as uuidv7 } from 'uuid';
import { describe, expect, test } from 'vitest';
import type { Client, Reply } from '../support/client.ts';
import { mutation } from '../support/input-mutation.ts';
import { startServer, useServer } from '../support/server.ts';
import { createList, createTask } from '../support/tasks.ts';
import { mutate } from '../support/trees.ts';

const server = useServer();
type Input = Record<string, unknown>;

function create(user: Client, tasks: readonly Input[]): Promise<Reply> {
  const operation = `mutation ($input: CreateTasksInput!) { createTasks(input: $input) {
    tasks { id title version completed deletedAt parent { id } } } }`;
  return user.run(operation, { input: { tasks } });
}
const created = async (user: Client, tasks: readonly Input[]) => (await create(user, tasks)).data.createTasks.tasks;
const countOf = async (user: Client): Promise<number> =>
  (await user.run('{ tasks(filter: { trash: INCLUDE }) { totalCount } }')).data.tasks.totalCount;
const outcomeOf = (reply: Reply) => [reply.status, reply.code, reply.fields, reply.partialData];
const taken = (...indexes: number[]) => [
  200,
  'CONFLICT',
  indexes.map((index) => `input.tasks.${index}.id TAKEN`),
  { createTasks: null },
];

/** A tree of three tasks. */
function tree() {
  const [a, b, c] = [uuidv7(), uuidv7(), uuidv7()];
  const tasks = [
    { id: a, title: 'a' },
    { id: b, title: 'b', parentId: a },
    { id: c, title: 'c', parentId: b },
  ];
  return { a, b, c, tasks };
}

describe('createTasks with ids, called again,', () => {
  test('answers the tasks as they are now', async () => {
    const user = await server.newUser();
    const { a, b, c, tasks } = tree();
    const first = await created(user, tasks);
    expect(await created(user, tasks)).toEqual(first);
    await user.run(...mutation('updateTask', { id: a, title: 'renamed' }));
    await user.run(...mutation('moveTask', { id: b, parentId: null }));
    await mutate(user, 'deleteTask', { id: b });
    expect(await created(user, tasks)).toMatchObject([
      { id: a, title: 'renamed', version: 2, deletedAt: null },
      { id: b, title: 'b', parent: null, deletedAt: expect.any(String) },
      { id: c, parent: { id: b } },
    ]);
    expect(await countOf(user)).toBe(3);
  });

  test('creates what is not there yet, and again what has no id', async () => {
    const user = await server.newUser();
    const { a, tasks } = tree();
    await user.run(...mutation('createTask', { id: a, title: 'a' }));
    const mixed = [...tasks, { title: 'without an id' }];
    expect(await created(user, mixed)).toHaveLength(4);
    expect(await created(user, mixed)).toHaveLength(4);
    expect(await countOf(user)).toBe(5);
    for (const task of tasks) {
      const { text } = await user.run(...mutation('createTask', task));
      expect(text).toContain(task.id);
    }
    expect(await countOf(user)).toBe(5);
  });

  test('refuses ids with other input, of other records, or of tasks that are gone, each by its index', async () => {
    const user = await server.newUser();
    const { a, b, c, tasks } = tree();
    await created(user, tasks);
    const listId = await createList(user);
    await mutate(user, 'deleteTask', { id: c });
    await mutate(user, 'purgeTask', { id: c });
    const me = (await user.run('{ me { id } }')).data.me.id;
    const other = uuidv7();
    const reply = await create(user, [
      { id: a, title: 'other' },
      { id: b, title: 'b', parentId: a },
      { id: c, title: 'c', parentId: b },
      { id: other, title: 'new' },
      { id: listId, title: 'x' },
      { id: me, title: 'x' },
    ]);
    expect(outcomeOf(reply)).toEqual(taken(0, 2, 4, 5));
    expect(await countOf(user)).toBe(2);
    // An id of another user is free.
    expect(await created(await server.newUser(), [{ id: a, title: 'other' }])).toMatchObject([{ id: a }]);
  });

  test('refuses the id of a task that is being purged with its list', async () => {
    const user = await server.newUser();
    const [listId, id] = [await createList(user), uuidv7()];
    const task = { id, title: 'x', listId };
    await created(user, [task]);
    await mutate(user, 'deleteList', { id: listId });
    // By then it is marked, or gone.
    await user.run(...mutation('purgeList', { id: listId }));
    expect(outcomeOf(await create(user, [{ title: 'new' }, task]))).toEqual(taken(1));
    expect(await countOf(user)).toBe(0);
  });

  test('creates each task once, however many identical calls come at once at two instances', async () => {
    const user = await server.newUser();
    const second = await startServer(server.databaseUrl);
    try {
      for (let round = 0; round < 5; round++) {
        const { tasks } = tree();
        const clients = [user, user.at(second.url), user, user.at(second.url)];
        const replies = await Promise.all(clients.map((client) => create(client, tasks)));
        const [first, ...others] = replies.map((reply) => reply.data.createTasks);
        for (const other of others) expect(other).toEqual(first);
        expect(await countOf(user)).toBe(3 * (round + 1));
      }
    } finally {
      await second.stop();
    }
  });

  test('comes before or after the deletion of its list or parent', async () => {
    const user = await server.newUser();
    for (let round = 0; round < 10; round++) {
      const [listId, parentId] = [await createList(user), await createTask(user, 'parent')];
      const [made] = await Promise.all([
        create(user, [
          { title: 'in the list', listId },
          { title: 'below', parentId },
        ]),
        mutate(user, 'deleteList', { id: listId }),
        mutate(user, 'deleteTask', { id: parentId }),
      ]);
      if (made.text.includes('"errors"')) expect(made.fields.join()).toContain('IN_TRASH');
      const live = '{ tasks { totalCount } }';
      expect((await user.run(live)).data.tasks.totalCount).toBe(0);
    }
  });
});
