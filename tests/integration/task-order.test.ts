import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { positionAt } from '../../src/records/positions.ts';
import type { Client } from '../support/client.ts';
import { useServer } from '../support/server.ts';
import { createList, createTask, createTasks, moveTask, positionsOf, titlesIn } from '../support/tasks.ts';

const server = useServer();

describe('tasks by POSITION', () => {
  test('are one sibling group only', async () => {
    const user = await server.newUser();
    const listId = await createList(user);
    const operation = `query ($filter: TaskFilter) {
      tasks(filter: $filter, orderBy: { field: POSITION, direction: ASC }) { totalCount } }`;
    const refused = [undefined, {}, { topLevel: true }, { listId }, { inbox: true }, { inbox: false, topLevel: true }];
    for (const filter of [...refused, { listId, topLevel: false }, { inbox: true, topLevel: null }]) {
      const reply = await user.run(operation, { filter });
      const outcome = [reply.status, reply.code, reply.fields];
      expect(outcome, String(reply)).toEqual([200, 'BAD_USER_INPUT', ['orderBy.field NEEDS_SIBLINGS']]);
    }
    for (const place of [{ listId }, { inbox: true }]) {
      const filter = { ...place, topLevel: true };
      expect((await user.run(operation, { filter })).data.tasks).toEqual({ totalCount: 0 });
    }
  });

  test.each(['ASC', 'DESC'])('are read forward and backward with cursors, %s', async (direction) => {
    const user = await server.newUser();
    const { a, e } = await createTasks(user, ['a', 'b', 'c', 'd', 'e']);
    await moveTask(user, a, { afterId: e });
    const ordered = direction === 'ASC' ? 'bcdea' : 'aedcb';
    const operation = `query ($first: Int, $after: String, $last: Int, $before: String) {
      tasks(first: $first, after: $after, last: $last, before: $before, filter: { inbox: true, topLevel: true },
            orderBy: { field: POSITION, direction: ${direction} }) {
        nodes { title } pageInfo { startCursor endCursor hasNextPage hasPreviousPage } } }`;
    const read = async (args: object) => {
      const { nodes, pageInfo } = (await user.run(operation, { ...args })).data.tasks;
      return [nodes.map(({ title }: { title: string }) => title).join(''), pageInfo];
    };
    const [first, firstInfo] = await read({ first: 2 });
    const [second, secondInfo] = await read({ first: 2, after: firstInfo.endCursor });
    const [third, thirdInfo] = await read({ first: 2, after: secondInfo.endCursor });
    expect([first + second + third, thirdInfo.hasNextPage]).toEqual([ordered, false]);
    const [last, lastInfo] = await read({ last: 3 });
    const [earlier, earlierInfo] = await read({ last: 3, before: lastInfo.startCursor });
    expect([earlier + last, earlierInfo.hasPreviousPage]).toEqual([ordered, false]);
  });
});

/** Moves a task over HTTP and within an array. */
async function moveAlike(user: Client, order: string[], kind: string, id: string, anchor: string): Promise<void> {
  if (kind !== 'end' && id === anchor) return;
  await moveTask(user, id, kind === 'end' ? {} : { [`${kind}Id`]: anchor });
  order.splice(order.indexOf(id), 1);
  const index = { after: order.indexOf(anchor) + 1, before: order.indexOf(anchor) }[kind];
  order.splice(index ?? order.length, 0, id);
}

describe('the order of tasks', () => {
  test('is that of an array, whatever is made and moved', async () => {
    const users = await Promise.all(Array.from({ length: 12 }, () => server.newUser()));
    const picks = fc.tuple(fc.constantFrom('create', 'after', 'before', 'end'), fc.nat(), fc.nat());
    const steps = fc.array(picks, { minLength: 10, maxLength: 15 });
    const follows = fc.asyncProperty(fc.constantFrom(...users), steps, async (user, steps) => {
      const listId = await createList(user);
      const order = [await createTask(user, '0', { listId })];
      for (const [kind, ...numbers] of steps) {
        const [id = '', anchor = ''] = numbers.map((number) => order[number % order.length]);
        if (kind === 'create') order.push(await createTask(user, 'next', { listId }));
        else await moveAlike(user, order, kind, id, anchor);
      }
      const operation = 'query ($id: ID!) { list(id: $id) { tasks(first: 100) { nodes { id } } } }';
      const { nodes } = (await user.run(operation, { id: listId })).data.list.tasks;
      expect(nodes.map(({ id }: { id: string }) => id)).toEqual(order);
    });
    await fc.assert(follows, { numRuns: 12 });
  });

  test('of twenty requests at once is after all that was there before, and no two have the same place', async () => {
    const user = await server.newUser();
    const batch = (title: string) => Promise.all(Array.from({ length: 20 }, () => createTask(user, title)));
    await batch('early');
    await createTask(user, 'between');
    await batch('late');
    const rows = await positionsOf(server, user);
    expect(new Set(rows.map(({ position }) => position)).size).toBe(41);
    expect(rows.map(({ title }) => title)).toEqual([...Array(20).fill('early'), 'between', ...Array(20).fill('late')]);
  });

  test('and its short positions outlive a machine whose clock was ahead', async () => {
    const user = await server.newUser();
    await createTask(user, 'ahead');
    await server.sql('update task set position = $1 where title = $2', [positionAt(Date.now() + 3_600_000), 'ahead']);
    const titles = Array.from({ length: 20 }, (_, index) => `${index}`);
    await createTasks(user, titles);
    expect(await titlesIn(user)).toEqual(['ahead', ...titles]);
    for (const { position } of await positionsOf(server, user)) expect(position.length).toBeLessThan(64);
  });
});
