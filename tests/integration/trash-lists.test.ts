import { v7 as uuidv7 } from 'uuid';
import { describe, expect, test } from 'vitest';
import { useServer } from '../support/server.ts';
import {
  attempt,
  type Change,
  create,
  createList,
  createTree,
  later,
  live,
  load,
  mutate,
  type State,
} from '../support/trees.ts';

const server = useServer();

const outcomeOf = (text: string) => (text.includes('"errors"') ? (/IN_TRASH/.exec(text)?.[0] ?? text) : 'done');

describe('deleteList and restoreList', () => {
  test('take the tasks along, and bring back exactly those that went with the list', async () => {
    const user = await server.newUser();
    const listId = await createList(user);
    const tree = await createTree(user, { listId });
    const [earlier, outside] = [await create(user, 'earlier', { listId }), await create(user, 'outside')];
    await mutate(user, 'deleteTask', { id: earlier });
    await mutate(user, 'deleteTask', { id: tree.b });
    const all = [...Object.values(tree), earlier, outside];
    const before = await load(user, all);
    const { list } = await mutate(user, 'deleteList', { id: listId });
    expect((await mutate(user, 'deleteList', { id: listId })).list).toEqual(list);
    const trashed = await load(user, all);
    expect([list.version, live(trashed)]).toEqual([2, 'outside']);
    expect(trashed.map(({ version }) => version)).toEqual([2, 2, 2, 2, 2, 1]);
    for (let times = 0; times < 2; times++) {
      expect((await mutate(user, 'restoreList', { id: listId })).list).toEqual({ version: 3, deletedAt: null });
    }
    const [a, b, c, d, ...rest] = before as [State, State, State, State];
    expect(await load(user, all)).toEqual([...later([a], 2), b, c, ...later([d], 2), ...rest]);
  });

  test('leave no live task in a trashed list where one is made, moved or restored at once', async () => {
    const user = await server.newUser();
    const [mover, trashed] = [await create(user, 'mover'), await create(user, 'trashed')];
    const stray = `select t.title from task t join task_list l on l.id = t.list_id
      where t.deleted_at is null and l.deleted_at is not null`;
    const outcomes = new Set<string>();
    for (let round = 0; round < 50; round++) {
      const listId = await createList(user);
      const inputs: [Change, object][] = [
        ['deleteList', { id: listId }],
        ['createTask', { title: 'made', listId }],
        ['createTask', { title: 'made with an id', id: uuidv7(), listId }],
      ];
      const isTenth = round % 10 === 0;
      if (isTenth) {
        await mutate(user, 'moveTask', { id: trashed, listId });
        await mutate(user, 'deleteTask', { id: trashed });
        inputs.push(['moveTask', { id: mover, listId }], ['restoreTask', { id: trashed }]);
      }
      const replies = await Promise.all(inputs.map(([name, input]) => attempt(user, name, input)));
      for (const { text } of replies) outcomes.add(outcomeOf(text));
      expect(await server.sql(stray)).toEqual([]);
      if (isTenth) await mutate(user, 'restoreTasks', { ids: [mover, trashed] });
    }
    for (const outcome of outcomes) expect(['done', 'IN_TRASH']).toContain(outcome);
  });
});
