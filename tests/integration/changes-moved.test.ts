import { expect, test } from 'vitest';
import type { Client } from '../support/client.ts';
import { idOf } from '../support/deletable-account.ts';
import { everythingOf, LocalCopy } from '../support/local-copy.ts';
import { useServer } from '../support/server.ts';
import { createList, createTask, moveTask } from '../support/tasks.ts';

const server = useServer();

const change = async (user: Client, name: string, id: string) =>
  (await user.run(`mutation { ${name}(input: { id: "${id}" }) { __typename } }`)).data;

/** Moves a list to the trash and purges it. @param isRemoved whether to wait for the job that removes the rows */
async function purgeList(user: Client, id: string, isRemoved: boolean): Promise<void> {
  await change(user, 'deleteList', id);
  await change(user, 'purgeList', id);
  if (isRemoved) await expect.poll(() => server.sql('select from task_list where id = $1', [id])).toEqual([]);
}

async function purgeTask(user: Client, id: string): Promise<void> {
  await change(user, 'deleteTask', id);
  await change(user, 'purgeTask', id);
}

/** @param random decides the sizes of pages: usually twenty records */
async function copyOf(user: Client, random = () => 0.99): Promise<LocalCopy> {
  const copy = new LocalCopy(random);
  await copy.sync(user);
  return copy;
}

async function expectEqual(copy: LocalCopy, user: Client): Promise<void> {
  await copy.sync(user);
  const expected = await everythingOf(server.sql, idOf(user));
  expect(Object.fromEntries(copy.records)).toEqual(Object.fromEntries(expected));
}

test.each([false, true])('a task that was moved into a list goes with it (rows removed: %s)', async (isRemoved) => {
  const user = await server.newUser();
  const [list, task] = [await createList(user), await createTask(user, 'moved')];
  await createTask(user, 'subtask', { parentId: task });
  const copy = await copyOf(user);
  await moveTask(user, task, { listId: list });
  await purgeList(user, list, isRemoved);
  await expectEqual(copy, user);
});

test.each([false, true])('also during a first sync (rows removed: %s)', async (isRemoved) => {
  const user = await server.newUser();
  const [task, list] = [await createTask(user, 'moved'), await createList(user)];
  const copy = new LocalCopy(() => 0);
  const slow = user.at(user.url);
  let pages = 0;
  // The changes come between the third page and the fourth.
  slow.run = async (operation, variables) => {
    if (++pages === 4) {
      expect(copy.records.has(task)).toBe(true);
      await moveTask(user, task, { listId: list });
      await purgeList(user, list, isRemoved);
    }
    return user.run(operation, variables);
  };
  for (const title of ['a', 'b', 'c']) await createTask(user, title);
  await copy.sync(slow);
  expect(pages).toBeGreaterThan(4);
  await expectEqual(copy, user);
});

test.each([false, true])(
  'subtasks of a task that had left a purged list stay (rows removed: %s)',
  async (isRemoved) => {
    const user = await server.newUser();
    const list = await createList(user);
    const task = await createTask(user, 'moved', { listId: list });
    await createTask(user, 'subtask', { parentId: task });
    const copy = await copyOf(user);
    await moveTask(user, task, { listId: null });
    await purgeList(user, list, isRemoved);
    // It now comes after the removal of the list, and its subtask before.
    await change(user, 'completeTask', task);
    await expectEqual(copy, user);
  },
);

test('subtasks of a task that had left a purged task stay', async () => {
  const user = await server.newUser();
  const top = await createTask(user, 'top');
  const task = await createTask(user, 'moved', { parentId: top });
  await createTask(user, 'subtask', { parentId: task });
  const copy = await copyOf(user);
  await moveTask(user, task, { parentId: null });
  await purgeTask(user, top);
  await change(user, 'completeTask', task);
  await expectEqual(copy, user);
});
