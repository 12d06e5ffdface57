import { v7 as uuidv7 } from 'uuid';
import { describe, expect, test } from 'vitest';
import type { Client } from '../support/client.ts';
import { useServer } from '../support/server.ts';
import { createList, createTask } from '../support/tasks.ts';
import { attempt, type Change, createTree, load, mutate, type State } from '../support/trees.ts';

const server = useServer();

/** Of the tasks that a filter lets through, sorted. */
async function titles(user: Client, filter: object): Promise<string[]> {
  const { tasks } = (
    await user.run('query ($filter: TaskFilter) { tasks(filter: $filter) { nodes { title } } }', { filter })
  ).data;
  return tasks.nodes.map(({ title }: State) => title).sort();
}

const outcomeOf = (text: string) => (text.includes('"errors"') ? (/IN_TRASH/.exec(text)?.[0] ?? text) : 'done');

describe('deleteList and restoreList', () => {
  test('write the list alone, whose tasks go with it and come back as they were', async () => {
    const user = await server.newUser();
    const listId = await createList(user);
    const tree = await createTree(user, { listId });
    const [earlier, outside] = [await createTask(user, 'earlier', { listId }), await createTask(user, 'outside')];
    await mutate(user, 'deleteTask', { id: earlier });
    await mutate(user, 'deleteTask', { id: tree.b });
    const all = [...Object.values(tree), earlier, outside];
    const before = await load(user, all);
    const { list } = await mutate(user, 'deleteList', { id: listId });
    expect((await mutate(user, 'deleteList', { id: listId })).list).toEqual(list);
    expect(list).toEqual({ version: 2, deletedAt: expect.any(String) });
    expect(await load(user, all)).toEqual(before);
    expect(await titles(user, {})).toEqual(['outside']);
    expect(await titles(user, { trash: 'ONLY' })).toEqual(['a', 'b', 'c', 'd', 'earlier']);
    for (let times = 0; times < 2; times++) {
      expect((await mutate(user, 'restoreList', { id: listId })).list).toEqual({ version: 3, deletedAt: null });
    }
    expect(await load(user, all)).toEqual(before);
    expect(await titles(user, {})).toEqual(['a', 'd', 'outside']);
    expect(await titles(user, { trash: 'ONLY' })).toEqual(['b', 'c', 'earlier']);
  });

  test('come before or after what is made, moved or restored at once', async () => {
    const user = await server.newUser();
    const [mover, trashed] = [await createTask(user, 'mover'), await createTask(user, 'trashed')];
    const outcomes = new Set<string>();
    for (let round = 0; round < 20; round++) {
      const listId = await createList(user);
      const inputs: [Change, object][] = [
        ['deleteList', { id: listId }],
        ['createTask', { title: 'made', listId }],
        ['createTask', { title: 'made with an id', id: uuidv7(), listId }],
      ];
      if (round % 10 === 0) {
        await mutate(user, 'moveTask', { id: trashed, listId });
        await mutate(user, 'deleteTask', { id: trashed });
        inputs.push(['moveTask', { id: mover, listId }], ['restoreTask', { id: trashed }]);
      }
      const replies = await Promise.all(inputs.map(([name, input]) => attempt(user, name, input)));
      for (const { text } of replies) outcomes.add(outcomeOf(text));
      expect((await attempt(user, 'createTask', { title: 'late', listId })).text).toContain('IN_TRASH');
      if (round % 10 === 0) await mutate(user, 'restoreTasks', { ids: [mover, trashed] });
    }
    for (const outcome of outcomes) expect(['done', 'IN_TRASH']).toContain(outcome);
  });
});
