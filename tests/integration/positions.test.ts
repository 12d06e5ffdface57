import { describe, expect, test } from 'vitest';
import type { Client, Reply } from '../support/client.ts';
import { mutation } from '../support/input-mutation.ts';
import { useServer } from '../support/server.ts';
import {
  createList,
  createTask,
  createTasks,
  type Location,
  type MoveTarget,
  moveTask,
  positionsOf,
  titlesIn,
} from '../support/tasks.ts';

const server = useServer();
const madeUp = '01a1fd83-085f-7429-8acf-26a739617b03';

/** What a move leaves alone, of all tasks. */
async function versions(user: Client) {
  const operation = `{ tasks(first: 100, filter: { trash: INCLUDE }, orderBy: { field: CREATED_AT, direction: ASC }) {
    nodes { id version createdAt updatedAt deletedAt } } }`;
  return (await user.run(operation)).data.tasks.nodes;
}

function expectRefusal(reply: Reply, code: string, field: string): void {
  expect([reply.status, reply.code, reply.fields], String(reply)).toEqual([200, code, [`input.${field}`]]);
}

describe('moveTask', () => {
  test('puts a task right after or before a sibling, or at the end', async () => {
    const user = await server.newUser();
    const { a, b, c, d } = await createTasks(user, ['a', 'b', 'c', 'd']);
    const before = await versions(user);
    const moves: [string, MoveTarget, string][] = [
      [a, { afterId: c }, 'bcad'],
      [d, { beforeId: b }, 'dbca'],
      [d, {}, 'bcad'],
      [c, { afterId: a.toUpperCase() }, 'bacd'],
      [b, { afterId: null, beforeId: null }, 'acdb'],
    ];
    for (const [id, to, order] of moves) {
      expect((await moveTask(user, id, to)).data.moveTask.task).toMatchObject({ id, list: null, parent: null });
      expect((await titlesIn(user)).join(''), JSON.stringify(to)).toBe(order);
    }
    expect(await versions(user)).toEqual(before);
  });

  test('puts a task into another list, the inbox, below a task or to the top level, to a spot there at once', async () => {
    const user = await server.newUser();
    const [one, other] = [await createList(user), await createList(user)];
    const { a, x } = await createTasks(user, ['a', 'b', 'x'], { listId: one });
    const { c } = await createTasks(user, ['c', 'd'], { listId: other });
    const { e } = await createTasks(user, ['e', 'f']);
    const { g } = await createTasks(user, ['g', 'h'], { parentId: c });
    const before = await versions(user);
    const moves: [MoveTarget, Location, string][] = [
      [{ listId: other, afterId: c }, { listId: other }, 'cxd'],
      [{ listId: null, beforeId: e }, {}, 'xef'],
      [{ listId: one, beforeId: a }, { listId: one }, 'xab'],
      [{ parentId: c, afterId: g }, { listId: other, parentId: c }, 'gxh'],
      [{ parentId: null }, { listId: other }, 'cdx'],
      [{ listId: other, parentId: c }, { listId: other, parentId: c }, 'ghx'],
      [{ listId: null }, {}, 'efx'],
      [{ parentId: a }, { listId: one, parentId: a }, 'x'],
      [{ listId: one, parentId: null, afterId: a }, { listId: one }, 'axb'],
      [{ listId: null, parentId: e }, { parentId: e }, 'x'],
    ];
    for (const [to, place, order] of moves) {
      if (to.parentId === e) expectRefusalOfForeignList(await moveTask(user, x, { listId: one, parentId: e }));
      const { task } = (await moveTask(user, x, to)).data.moveTask;
      const ids = { listId: task.list?.id, parentId: task.parent?.id };
      expect((await titlesIn(user, place)).join(''), JSON.stringify(to)).toBe(order);
      expect(ids).toEqual({ listId: place.listId, parentId: place.parentId });
    }
    expect(await titlesIn(user, { listId: other })).toEqual(['c', 'd']);
    expect(await versions(user)).toEqual(before);
  });

  const expectRefusalOfForeignList = (reply: Reply) => expectRefusal(reply, 'BAD_USER_INPUT', 'listId NOT_THE_PARENTS');

  test('changes nothing where the task is there already', async () => {
    const user = await server.newUser();
    const { a, b, c } = await createTasks(user, ['a', 'b', 'c']);
    const before = await positionsOf(server, user);
    const moves: [string, MoveTarget][] = [
      [b, { afterId: a }],
      [b, { beforeId: c }],
      [c, {}],
      [a, { beforeId: b, listId: null, parentId: null }],
    ];
    for (const [id, to] of moves) expect((await moveTask(user, id, to)).data.moveTask.task.id).toBe(id);
    expect(await positionsOf(server, user)).toEqual(before);
  });

  test('refuses neighbours that are none', async () => {
    const [user, stranger] = await Promise.all([server.newUser(), server.newUser()]);
    const listId = await createList(user);
    const { a, b, gone } = await createTasks(user, ['a', 'b', 'gone']);
    const [inList, below] = [
      await createTask(user, 'in list', { listId }),
      await createTask(user, 'below', { parentId: b }),
    ];
    const theirs = await createTask(stranger, 'private');
    await user.run('mutation ($id: ID!) { deleteTask(input: { id: $id }) { deletedIds } }', { id: gone });
    const before = await positionsOf(server, user);
    const refusals: [MoveTarget, string, string][] = [
      [{ afterId: a }, 'BAD_USER_INPUT', 'afterId ITSELF'],
      [{ beforeId: a.toUpperCase() }, 'BAD_USER_INPUT', 'beforeId ITSELF'],
      [{ afterId: b, beforeId: b }, 'BAD_USER_INPUT', 'beforeId NOT_WITH_AFTER'],
      [{ afterId: inList }, 'BAD_USER_INPUT', 'afterId NOT_A_SIBLING'],
      [{ listId, afterId: b }, 'BAD_USER_INPUT', 'afterId NOT_A_SIBLING'],
      [{ parentId: b, beforeId: b }, 'BAD_USER_INPUT', 'beforeId NOT_A_SIBLING'],
      [{ beforeId: below }, 'BAD_USER_INPUT', 'beforeId NOT_A_SIBLING'],
      [{ afterId: gone }, 'NOT_FOUND', 'afterId IN_TRASH'],
      [{ beforeId: theirs }, 'NOT_FOUND', 'beforeId NOT_FOUND'],
      [{ afterId: madeUp }, 'NOT_FOUND', 'afterId NOT_FOUND'],
      [{ listId: madeUp }, 'NOT_FOUND', 'listId NOT_FOUND'],
      [{ parentId: theirs }, 'NOT_FOUND', 'parentId NOT_FOUND'],
      [{ parentId: 'x' }, 'BAD_USER_INPUT', 'parentId INVALID_ID'],
    ];
    for (const [to, code, field] of refusals) expectRefusal(await moveTask(user, a, to), code, field);
    expectRefusal(await moveTask(user, gone, { afterId: a }), 'NOT_FOUND', 'id IN_TRASH');
    expectRefusal(await moveTask(stranger, a), 'NOT_FOUND', 'id NOT_FOUND');
    expect(await positionsOf(server, user)).toEqual(before);
    expect((await moveTask(server.client(), a)).status).toBe(401);
  });

  test('a hundred times at once to one spot leaves one order without equal positions', async () => {
    const user = await server.newUser();
    const titles = Array.from({ length: 20 }, (_, index) => `${index}`);
    const ids = Object.values(await createTasks(user, titles));
    const [first = '', ...others] = ids;
    const turns = Array.from({ length: 100 }, (_, turn) => others[turn % others.length] ?? '');
    const replies = await Promise.all(turns.map((id) => moveTask(user, id, { afterId: first })));
    expect(replies.map(({ text }) => text).filter((text) => text.includes('errors'))).toEqual([]);
    const rows = await positionsOf(server, user);
    expect(new Set(rows.map(({ position }) => position)).size).toBe(20);
    const order = await titlesIn(user);
    expect(order).toEqual(rows.map(({ title }) => title));
    expect([order[0], [...order].sort()]).toEqual(['0', [...titles].sort()]);
  });

  test('400 times to one spot keeps every position short, and changes nothing else of any task', async () => {
    const user = await server.newUser();
    const titles = ['a', 'b', 'c', 'd', 'e'];
    const [first = '', ...others] = Object.values(await createTasks(user, titles));
    const before = await versions(user);
    for (let turn = 0; turn < 400; turn++) {
      const { task } = (await moveTask(user, others[turn % 4] ?? '', { afterId: first })).data.moveTask;
      expect(task.position.length).toBeLessThan(64);
    }
    for (const { position } of await positionsOf(server, user)) expect(position).toMatch(/^[0-9A-Za-z]{1,63}$/);
    expect(await titlesIn(user)).toEqual(['a', 'e', 'd', 'c', 'b']);
    expect(await versions(user)).toEqual(before);
  });

  test('keeps its place where making room gives a task the very position that it had', async () => {
    const user = await server.newUser();
    const { b, d } = await createTasks(user, ['a', 'b', 'c', 'd']);
    const keys = ['a0', `a0${'z'.repeat(38)}`, 'a1', 'a2'];
    await server.sql(
      `update task set position = key from unnest($1::text[], $2::text[]) as given(name, key)
       where title = name and user_id = (select id from "user" where email = $3)`,
      [['a', 'b', 'c', 'd'], keys, user.email],
    );
    const { task } = (await moveTask(user, d, { afterId: b })).data.moveTask;
    expect(task.position).toBe('a2');
    expect(await titlesIn(user)).toEqual(['a', 'b', 'd', 'c']);
  });
});

describe.each(['task', 'task_list'])('in %s', (table) => {
  const isTask = table === 'task';
  const make = (user: Client) => (isTask ? createTask(user, 'x') : createList(user));
  const moveAfter = (user: Client, id: string, afterId: string | null) =>
    isTask ? moveTask(user, id, { afterId }) : user.run(...mutation('moveList', { id, afterId }));

  /** Four records at these positions. */
  async function recordsAt(user: Client, positions: readonly string[]): Promise<string[]> {
    const ids: string[] = [];
    for (const position of positions) {
      const id = await make(user);
      await server.sql(`update ${table} set position = $1 where id = $2`, [position, id]);
      ids.push(id);
    }
    return ids;
  }

  const placesOf = (ids: readonly string[]) =>
    server.sql(`select id, position from ${table} where id = any($1) order by id`, [ids]);

  test("another user's records have places of their own: making room moves none of them, and none is in the way", async () => {
    const [mover, other] = [await server.newUser(), await server.newUser()];
    const long = 'z'.repeat(38);
    const [, b = '', , d = ''] = await recordsAt(mover, ['a0', `a0${long}`, 'a1', 'a2']);
    const theirs = await recordsAt(other, ['a0', `a0${long}`, `a0${long}V`, 'a1', 'b01']);
    const before = await placesOf(theirs);
    expect((await moveAfter(mover, d, b)).data).not.toBeNull();
    expect(await placesOf(theirs)).toEqual(before);
    // Last among one's own is last, whoever else has something behind it.
    const [e = ''] = await recordsAt(mover, ['b00']);
    await moveAfter(mover, e, null);
    expect(await placesOf([e])).toEqual([{ id: e, position: 'b00' }]);
  });
});
