import { v7 as uuidv7 } from 'uuid';
import { describe, expect, test } from 'vitest';
import type { Reply } from '../support/client.ts';
import { useServer } from '../support/server.ts';
import { createList, createTask } from '../support/tasks.ts';
import { attempt, createTree, later, live, load, mutate } from '../support/trees.ts';

const server = useServer();

function expectRefusal(reply: Reply, code: string, ...fields: string[]): void {
  expect([reply.status, reply.code, reply.fields], String(reply)).toEqual([200, code, fields]);
}

describe('deleteTask and restoreTask', () => {
  test('take a task and all that is below it, say which, and bring them back to their places', async () => {
    const user = await server.newUser();
    const listId = await createList(user);
    const first = await createTask(user, 'x', { listId });
    const tree = await createTree(user, { listId });
    const last = await createTask(user, 'y', { listId });
    const before = await load(user, tree);
    const others = await load(user, [first, last]);
    const { task, deletedIds } = await mutate(user, 'deleteTask', { id: tree.a });
    expect([task.id, deletedIds[0], [...deletedIds].sort()]).toEqual([tree.a, tree.a, Object.values(tree).sort()]);
    const trashed = await load(user, tree);
    expect(trashed).toEqual(later(before, 1).map((each) => ({ ...each, deletedAt: task.deletedAt })));
    expect(task.deletedAt).toBeTypeOf('string');
    expect((await mutate(user, 'deleteTask', { id: tree.a })).task).toEqual(task);
    expect(await load(user, tree)).toEqual(trashed);

    const { restoredIds } = await mutate(user, 'restoreTask', { id: tree.a });
    expect([restoredIds[0], [...restoredIds].sort()]).toEqual([tree.a, Object.values(tree).sort()]);
    expect(await load(user, tree)).toEqual(later(before, 2));
    expect(await load(user, [first, last])).toEqual(others);
  });

  test('leave in the trash what lay there before, which comes back by itself to its place', async () => {
    const user = await server.newUser();
    const tree = await createTree(user);
    for (const id of [tree.b, tree.a]) await mutate(user, 'deleteTask', { id });
    expect((await load(user, tree)).map(({ version }) => version)).toEqual([2, 2, 2, 2]);
    expect((await mutate(user, 'restoreTask', { id: tree.a })).restoredIds).toEqual([tree.a, tree.d]);
    expect(live(await load(user, tree))).toBe('ad');
    expect((await mutate(user, 'restoreTask', { id: tree.b })).restoredIds).toEqual([tree.b, tree.c]);
    expect(live(await load(user, tree))).toBe('abcd');
    expect((await load(user, tree))[1]).toMatchObject({ parent: { id: tree.a } });
  });

  test('can always be done one after the other, however deep or many what lay in the trash before is', async () => {
    const user = await server.newUser();
    let parentId = await createTask(user, 'top');
    for (let level = 1; level < 5; level++) parentId = await createTask(user, 'above', { parentId });
    const { a, b, d } = await createTree(user);
    await mutate(user, 'deleteTasks', { ids: [b, d] });
    // Whether what is in the trash is in the way is up to the move; what can be deleted can be restored.
    await attempt(user, 'moveTask', { id: a, parentId });
    await mutate(user, 'deleteTask', { id: a });
    await mutate(user, 'restoreTask', { id: a });
    expect(await load(user, [a])).toMatchObject([{ deletedAt: null }]);
  });

  test('never leave more than a thousand subtasks below one task', async () => {
    const user = await server.newUser();
    const { a, d } = await createTree(user);
    await mutate(user, 'deleteTask', { id: d });
    await server.sql(
      `insert into task
         (user_id, id, parent_id, position, title, description, priority, version, created_at, updated_at)
       select user_id, gen_random_uuid(), id, 'b' || lpad(n::text, 8, '0') || 'V', 'many', '', 0, 1, now(), now()
       from task, generate_series(1, 998) as n where id = $1`,
      [a],
    );
    await mutate(user, 'deleteTask', { id: a });
    await attempt(user, 'restoreTask', { id: a });
    const counted =
      "select count(*)::int as count from task where deleted_at is null and title in ('b', 'c', 'd', 'many')";
    const mine = ' and user_id = (select user_id from task where id = $1)';
    expect((await server.sql(counted + mine, [a]))[0]?.count).toBeLessThanOrEqual(1_000);
  });

  test('bring a subtree back to the top level of its list where its parent is in the trash or gone', async () => {
    const user = await server.newUser();
    const listId = await createList(user);
    const { a, b, c } = await createTree(user, { listId });
    const other = await createTask(user, 'other', { listId });
    await mutate(user, 'deleteTask', { id: a });
    expect((await mutate(user, 'restoreTask', { id: b })).restoredIds).toEqual([b, c]);
    const [top, below] = await load(user, [b, c]);
    expect(top).toMatchObject({ list: { id: listId }, parent: null, deletedAt: null, version: 3 });
    expect(below).toMatchObject({ list: { id: listId }, parent: { id: b }, deletedAt: null, version: 3 });
    expect(await load(user, [other])).toMatchObject([{ version: 1 }]);
    const place = 'query ($id: ID!) { list(id: $id) { tasks { nodes { id } } } }';
    expect((await user.run(place, { id: listId })).data.list.tasks.nodes).toEqual([{ id: other }, { id: b }]);
    expect((await mutate(user, 'purgeTask', { id: a })).purgedIds).not.toContain(b);
    expect(live(await load(user, [b, c]))).toBe('bc');
  });

  test('bring a subtree back to the inbox where its list is in the trash', async () => {
    const user = await server.newUser();
    const listId = await createList(user);
    const inbox = await createTask(user, 'inbox');
    const tree = await createTree(user, { listId });
    await mutate(user, 'deleteTask', { id: tree.d });
    await mutate(user, 'deleteList', { id: listId });
    await mutate(user, 'restoreTask', { id: tree.a });
    const [a, b, c, d] = await load(user, tree);
    expect(a).toMatchObject({ list: null, parent: null, deletedAt: null });
    expect([b, c, d]).toMatchObject([
      { parent: { id: tree.a } },
      { parent: { id: tree.b } },
      { parent: { id: tree.a } },
    ]);
    for (const task of [b, c]) expect(task).toMatchObject({ list: null, deletedAt: null });
    expect(d).toMatchObject({ list: null, deletedAt: expect.any(String) });
    const place =
      '{ tasks(filter: { inbox: true, topLevel: true }, orderBy: { field: POSITION, direction: ASC }) { nodes { id } } }';
    expect((await user.run(place)).data.tasks.nodes).toEqual([{ id: inbox }, { id: tree.a }]);
    const versions = await load(user, tree);
    await mutate(user, 'restoreList', { id: listId });
    expect(await load(user, tree)).toEqual(versions);
  });
});

describe('deleteTasks and restoreTasks', () => {
  test('take trees that overlap once, in any order', async () => {
    const user = await server.newUser();
    const tree = await createTree(user);
    const before = await load(user, tree);
    const { a, b, c, d } = tree;
    for (const [round, ids] of [
      [c, a, b],
      [a, c],
      [b, d, a, b],
    ].entries()) {
      const deleted = await mutate(user, 'deleteTasks', { ids });
      expect([...deleted.deletedIds].sort()).toEqual([a, b, c, d].sort());
      expect(deleted.tasks).toEqual([...new Set(ids)].map((id) => ({ id })));
      expect(live(await load(user, tree))).toBe('');
      const restored = await mutate(user, 'restoreTasks', { ids });
      expect([...restored.restoredIds].sort()).toEqual([a, b, c, d].sort());
      expect(await load(user, tree)).toEqual(later(before, 2 * (round + 1)));
    }
  });

  test('bring siblings whose parent stays in the trash to the end of the top level, in the order named', async () => {
    const user = await server.newUser();
    const { a, b, c, d } = await createTree(user);
    await mutate(user, 'deleteTask', { id: a });
    await mutate(user, 'restoreTasks', { ids: [d, c, b] });
    const tasks = await load(user, { b, c, d });
    expect(tasks).toMatchObject([{ parent: null }, { parent: { id: b } }, { parent: null }]);
    expect((tasks[2]?.position ?? '') < (tasks[0]?.position ?? '')).toBe(true);
    expect(live(await load(user, { a, b, c, d }))).toBe('bcd');
  });
});

describe('purgeTask', () => {
  test('removes all that is below, says so once more, and lets none of the ids be used again', async () => {
    const user = await server.newUser();
    const [a, b, other] = [uuidv7(), uuidv7(), await createTask(user, 'other')];
    await createTask(user, 'a', { id: a });
    await createTask(user, 'b', { id: b, parentId: a });
    await mutate(user, 'deleteTask', { id: a });
    expect((await mutate(user, 'purgeTask', { id: a })).purgedIds).toEqual([a, b]);
    for (const id of [a, b]) expect((await mutate(user, 'purgeTask', { id })).purgedIds).toEqual([id]);
    expect(await load(user, [a, b])).toEqual([null, null]);
    expect(await load(user, [other])).toMatchObject([{ version: 1, deletedAt: null }]);
    for (const id of [a, b]) {
      expectRefusal(await attempt(user, 'createTask', { title: 'a', id }), 'CONFLICT', 'input.id TAKEN');
      expectRefusal(await attempt(user, 'createList', { name: 'a', id }), 'CONFLICT', 'input.id TAKEN');
    }
  });
});

test('ids are those named, in that order, then those below, level by level and by id', async () => {
  const user = await server.newUser();
  const [a, b, c, d, e, f] = [uuidv7(), uuidv7(), uuidv7(), uuidv7(), uuidv7(), uuidv7()];
  const tree: [id: string, parentId?: string][] = [[b], [a], [f, a], [d, a], [e, d], [c, f]];
  for (const [id, parentId] of tree) await createTask(user, 'task', { id, parentId });
  const all = [b, a, d, f, c, e];
  expect((await mutate(user, 'deleteTasks', { ids: [b, a] })).deletedIds).toEqual(all);
  expect((await mutate(user, 'restoreTasks', { ids: [b, a] })).restoredIds).toEqual(all);
  expect((await mutate(user, 'deleteTask', { id: a })).deletedIds).toEqual(all.slice(1));
  expect((await mutate(user, 'purgeTask', { id: a })).purgedIds).toEqual(all.slice(1));
});

test('nothing is made in, or moved to, a list or a task in the trash', async () => {
  const user = await server.newUser();
  const [listId, parentId] = [await createList(user), await createTask(user, 'parent')];
  const mover = await createTask(user, 'mover');
  await mutate(user, 'deleteList', { id: listId });
  await mutate(user, 'deleteTask', { id: parentId });
  for (const place of [{ listId }, { parentId }]) {
    const refused = ['NOT_FOUND', `input.${Object.keys(place)} IN_TRASH`] as const;
    expectRefusal(await attempt(user, 'createTask', { title: 'new', ...place }), ...refused);
    expectRefusal(await attempt(user, 'createTask', { title: 'new', id: uuidv7(), ...place }), ...refused);
    expectRefusal(await attempt(user, 'moveTask', { id: mover, ...place }), ...refused);
  }
  expect(await load(user, [mover])).toMatchObject([{ list: null, parent: null, version: 1 }]);
});
