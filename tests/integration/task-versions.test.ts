import { describe, expect, test } from 'vitest';
import type { Client, Reply } from '../support/client.ts';
import { useServer } from '../support/server.ts';

const server = useServer();

const fields = 'id title description completed completedAt priority version createdAt updatedAt deletedAt';
const operations = {
  task: `query ($id: ID!) { task(id: $id) { ${fields} } }`,
  tasks: `{ tasks(first: 100, orderBy: { field: CREATED_AT, direction: ASC }) { nodes { ${fields} } } }`,
  update: `mutation ($input: UpdateTaskInput!) { updateTask(input: $input) { task { ${fields} } } }`,
  complete: `mutation ($id: ID!) { completeTask(input: { id: $id }) { task { ${fields} } } }`,
  completeAll: `mutation ($ids: [ID!]!) { completeTasks(input: { ids: $ids }) { tasks { ${fields} } } }`,
  delete: `mutation ($input: DeleteTaskInput!) { deleteTask(input: $input) { task { ${fields} } deletedIds } }`,
  restore: `mutation ($id: ID!) { restoreTask(input: { id: $id }) { task { ${fields} } } }`,
  purge: 'mutation ($id: ID!) { purgeTask(input: { id: $id }) { purgedIds } }',
};

interface Row {
  readonly id: string;
  readonly completedAt: string;
}

async function load(user: Client, id: string) {
  return (await user.run(operations.task, { id })).data.task;
}

function idsOf(tasks: readonly Row[]): string[] {
  return tasks.map(({ id }) => id);
}

/** A hundred tasks with the title `old`. @returns their ids in ascending order */
async function manyTasks(user: Client): Promise<string[]> {
  await server.sql(
    `insert into task (user_id, id, position, title, description, priority, version, created_at, updated_at)
     select id, gen_random_uuid(), gen_random_uuid(), 'old', '', 0, 1, now(), now() from "user", generate_series(1, 100) where email = $1`,
    [user.email],
  );
  return idsOf((await user.run(operations.tasks)).data.tasks.nodes);
}

/** The same user on another device. */
async function secondDevice(user: Client): Promise<Client> {
  const login =
    'mutation ($email: String!, $password: String!) { login(input: { email: $email, password: $password }) { accessToken } }';
  const { email, password } = user;
  return user.withToken((await server.client().run(login, { email, password })).data.login.accessToken);
}

/** Plays a race again and again, a few at a time: as many as the server has connections for. */
async function rounds(count: number, race: (round: number) => Promise<void>): Promise<void> {
  const atOnce = 5;
  for (let round = 0; round < count; round += atOnce) {
    await Promise.all(Array.from({ length: atOnce }, (_, index) => race(round + index)));
  }
}

/** Starts two requests at once, the second one first in every other round, so that either may win. */
async function inTurns(round: number, race: readonly (() => Promise<Reply>)[]): Promise<[Reply, Reply]> {
  const inOrder = <Item>(items: readonly Item[]) => (round % 2 === 0 ? items : items.toReversed());
  return inOrder(await Promise.all(inOrder(race).map((start) => start()))) as [Reply, Reply];
}

function expectStale(reply: Reply, currentVersion: number): void {
  expect([reply.status, reply.code, reply.error.extensions.currentVersion], String(reply)).toEqual([
    200,
    'STALE_VERSION',
    currentVersion,
  ]);
}

describe('expectedVersion', () => {
  test('lets a change pass only on the version that it names', async () => {
    const user = await server.newUser();
    const id = await user.createTask();
    await user.run(operations.complete, { id });
    const before = await load(user, id);
    for (const expectedVersion of [1, 3, 0, -1, 2_147_483_647]) {
      expectStale(await user.run(operations.update, { input: { id, title: 'new', expectedVersion } }), 2);
      expectStale(await user.run(operations.delete, { input: { id, expectedVersion } }), 2);
    }
    expect(await load(user, id)).toEqual(before);
    const updated = await user.run(operations.update, { input: { id, title: 'new', expectedVersion: 2 } });
    expect(updated.data.updateTask.task).toMatchObject({ title: 'new', version: 3 });
    const deleted = await user.run(operations.delete, { input: { id, expectedVersion: 3 } });
    expect(deleted.data.deleteTask).toMatchObject({ task: { version: 4 }, deletedIds: [id] });
  });

  test('that is null is not given', async () => {
    const user = await server.newUser();
    const id = await user.createTask();
    const updated = await user.run(operations.update, { input: { id, title: 'new', expectedVersion: null } });
    expect(updated.data.updateTask.task.version).toBe(2);
    const deleted = await user.run(operations.delete, { input: { id, expectedVersion: null } });
    expect(deleted.data.deleteTask.task.version).toBe(3);
  });

  test('is not looked at where all is as asked already', async () => {
    const user = await server.newUser();
    const id = await user.createTask('same');
    const before = await load(user, id);
    for (const expectedVersion of [0, 1, 2]) {
      for (const same of [{}, { title: ' same ' }, { description: null, priority: 'NONE' }]) {
        const reply = await user.run(operations.update, { input: { id, expectedVersion, ...same } });
        expect(reply.data.updateTask.task).toEqual(before);
      }
    }
    const deleted = (await user.run(operations.delete, { input: { id } })).data.deleteTask;
    for (const expectedVersion of [1, 2, 3]) {
      const again = await user.run(operations.delete, { input: { id, expectedVersion } });
      expect(again.data.deleteTask).toEqual(deleted);
      const update = await user.run(operations.update, { input: { id, expectedVersion, title: 'same' } });
      expect(update.data.updateTask.task).toEqual(deleted.task);
    }
  });

  test('in the trash counts less than where the task is', async () => {
    const user = await server.newUser();
    const id = await user.createTask();
    await user.run(operations.delete, { input: { id } });
    const reply = await user.run(operations.update, { input: { id, title: 'new', expectedVersion: 1 } });
    expect([reply.code, reply.fields]).toEqual(['NOT_FOUND', ['input.id IN_TRASH']]);
  });
});

describe('two changes at the same time', () => {
  test('of different fields are both kept, and both counted', async () => {
    // Two hundred rounds: a hundred tasks of each of two users.
    for (let times = 0; times < 2; times++) {
      const user = await server.newUser();
      const other = await secondDevice(user);
      const ids = await manyTasks(user);
      await rounds(ids.length, async (round) => {
        const replies = await Promise.all([
          user.run(operations.update, { input: { id: ids[round], title: `new ${round}` } }),
          other.run(operations.update, { input: { id: ids[round], description: `more ${round}` } }),
        ]);
        const versions = replies.map((reply) => reply.data.updateTask.task.version);
        expect(versions.sort(), replies.join('\n')).toEqual([2, 3]);
      });
      const expected = ids.map((id, round) => ({
        id,
        title: `new ${round}`,
        description: `more ${round}`,
        version: 3,
      }));
      expect((await user.run(operations.tasks)).data.tasks.nodes).toMatchObject(expected);
    }
  });

  test('with the same expectedVersion: one is made, the other is told where the task is', async () => {
    const user = await server.newUser();
    const other = await secondDevice(user);
    await rounds(50, async () => {
      const id = await user.createTask('old');
      const replies = await Promise.all([
        user.run(operations.update, { input: { id, title: 'mine', expectedVersion: 1 } }),
        other.run(operations.update, { input: { id, title: 'theirs', expectedVersion: 1 } }),
      ]);
      const made = replies.filter((reply) => reply.partialData.updateTask !== null);
      expect(made, replies.join('\n')).toHaveLength(1);
      for (const reply of replies) if (!made.includes(reply)) expectStale(reply, 2);
      expect(await load(user, id)).toEqual(made[0]?.data.updateTask.task);
    });
  });

  test('of a hundred tasks, named in opposite orders, wait for each other and lose nothing', async () => {
    for (let round = 0; round < 8; round++) {
      const user = await server.newUser();
      const ids = await manyTasks(user);
      const [forwards, backwards, renamed] = [ids.slice(0, 95), ids.slice(5).reverse(), ids.slice(40, 42)];
      const replies = await Promise.all([
        ...[forwards, backwards, forwards, backwards].map((ids) => user.run(operations.completeAll, { ids })),
        ...renamed.map((id) => user.run(operations.update, { input: { id, title: 'new' } })),
      ]);
      const answers = replies.slice(0, 4).map((reply): Row[] => reply.data.completeTasks.tasks);
      expect(answers.map(idsOf)).toEqual([forwards, backwards, forwards, backwards]);
      for (const reply of replies.slice(4)) expect(reply.data.updateTask.task.title).toBe('new');

      const found: Row[] = (await user.run(operations.tasks)).data.tasks.nodes;
      const expected = ids.map((id) =>
        renamed.includes(id) ? { title: 'new', version: 3 } : { title: 'old', version: 2 },
      );
      expect(found).toMatchObject(expected.map((task, index) => ({ id: ids[index], completed: true, ...task })));
      // One of them completed a task; the others found it so, and answer with what that one had set.
      const completedAt = new Map(found.map((task) => [task.id, task.completedAt]));
      for (const task of answers.flat()) expect(task.completedAt).toBe(completedAt.get(task.id));
    }
  });
});

describe('a change and a removal at the same time', () => {
  test('an update succeeds before a deletion or not at all', async () => {
    const user = await server.newUser();
    const other = await secondDevice(user);
    await rounds(100, async (round) => {
      const id = await user.createTask('old');
      const race = [
        () => user.run(operations.update, { input: { id, title: 'new' } }),
        () => other.run(operations.delete, { input: { id } }),
      ];
      const [updated, deleted] = await inTurns(round, race);
      const print = `${updated}\n${deleted}`;
      const isUpdated = updated.partialData.updateTask !== null;
      if (isUpdated) {
        expect(updated.data.updateTask.task, print).toMatchObject({ title: 'new', version: 2, deletedAt: null });
      } else {
        expect([updated.code, updated.fields], print).toEqual(['NOT_FOUND', ['input.id IN_TRASH']]);
      }
      const { task, deletedIds } = deleted.data.deleteTask;
      expect(task, print).toMatchObject(isUpdated ? { title: 'new', version: 3 } : { title: 'old', version: 2 });
      expect(deletedIds).toEqual([id]);
      expect(await load(user, id), print).toEqual(task);
    });
  });

  test('a restored task is not purged, and a purged one not restored', async () => {
    const user = await server.newUser();
    const other = await secondDevice(user);
    await rounds(50, async (round) => {
      const id = await user.createTask('old');
      await user.run(operations.delete, { input: { id } });
      const race = [() => user.run(operations.restore, { id }), () => other.run(operations.purge, { id })];
      const [restored, purged] = await inTurns(round, race);
      const print = `${restored}\n${purged}`;
      const now = await load(user, id);
      if (restored.partialData.restoreTask) {
        expect([purged.code, purged.fields], print).toEqual(['BAD_USER_INPUT', ['input.id NOT_IN_TRASH']]);
        expect(now, print).toEqual(restored.data.restoreTask.task);
      } else {
        expect([restored.code, restored.fields], print).toEqual(['NOT_FOUND', ['input.id NOT_FOUND']]);
        expect(purged.data.purgeTask.purgedIds, print).toEqual([id]);
        expect(now).toBeNull();
      }
    });
  });
});
