import { expect, test } from 'vitest';
import type { Client } from '../support/client.ts';
import { mutation } from '../support/input-mutation.ts';
import { useServer } from '../support/server.ts';
import { collectStatements } from '../support/statements.ts';
import { createList, createTask, createTasks, type MoveTarget, titlesIn } from '../support/tasks.ts';

const server = useServer();

const moveAll = (user: Client, ids: readonly string[], to: MoveTarget) =>
  user.run('mutation ($input: MoveTasksInput!) { moveTasks(input: $input) { tasks { id } } }', {
    input: { ids, ...to },
  });

/** Tasks each below the one before. */
async function createChain(user: Client, length: number): Promise<string[]> {
  const ids: string[] = [];
  for (let depth = 0; depth < length; depth++)
    ids.push(await createTask(user, `${depth}`, { parentId: ids.at(-1) ?? null }));
  return ids;
}

test('many tasks are moved, and brought back, by as many statements as two', async () => {
  const user = await server.newUser();
  const statementsFor = async (count: number) => {
    const [from, listId] = [await createList(user), await createList(user)];
    const titles = Array.from({ length: count }, (_, index) => `${index}`);
    const ids = Object.values(await createTasks(user, titles, { listId: from }));
    const parentId = await createTask(user, 'parent', { listId });
    const { statements } = await collectStatements(async () => {
      for (const to of [{ listId }, { parentId }, { parentId: null, afterId: parentId }, {}]) {
        void (await moveAll(user, ids.toReversed(), to)).data;
        void (await moveAll(user, ids, to)).data;
      }
    });
    expect(await titlesIn(user, { listId })).toEqual(['parent', ...titles]);
    await user.run(...mutation('deleteTask', { id: parentId }));
    void (await user.run('mutation ($ids: [ID!]!) { deleteTasks(input: { ids: $ids }) { deletedIds } }', { ids })).data;
    await user.run(...mutation('deleteList', { id: listId }));
    const restore = 'mutation ($ids: [ID!]!) { restoreTasks(input: { ids: $ids }) { restoredIds } }';
    const restored = await collectStatements(async () => void (await user.run(restore, { ids })).data);
    return [...statements, ...restored.statements].length;
  };
  const [few, many] = [await statementsFor(2), await statementsFor(99)];
  expect(many).toBe(few);
});

test('a subtask stays below one that is moved before it, and leaves one that is moved after it', async () => {
  const user = await server.newUser();
  const [one, other] = [await createList(user), await createList(user)];
  const { a } = await createTasks(user, ['a', 'b']);
  const { c, d } = await createTasks(user, ['c', 'd'], { parentId: a });
  await moveAll(user, [a, c], { listId: one });
  expect([await titlesIn(user, { listId: one }), await titlesIn(user, { parentId: a })]).toEqual([['a'], ['d', 'c']]);
  await moveAll(user, [d, a], { listId: other });
  expect([await titlesIn(user, { listId: other }), await titlesIn(user, { parentId: a })]).toEqual([['d', 'a'], ['c']]);
  const lists = await server.sql('select distinct list_id from task where id = any($1)', [[a, c, d]]);
  expect(lists).toEqual([{ list_id: other }]);
});

test('what is moved before the task above it takes no room below that one', async () => {
  const user = await server.newUser();
  const [top = '', , , middle = ''] = await createChain(user, 6);
  const parentId = await createTask(user, 'parent');
  expect((await moveAll(user, [top, middle], { parentId })).code).toBe('LIMIT_EXCEEDED');
  expect((await moveAll(user, [middle, top], { parentId })).data.moveTasks.tasks).toHaveLength(2);
  expect(await titlesIn(user, { parentId })).toEqual(['3', '0']);
});
