import pg from 'pg';
import { v4 as uuidv4, v7 as uuidv7 } from 'uuid';
import { describe, expect, test, vi } from 'vitest';
import type { Client, Reply } from '../support/client.ts';
import { mutation } from '../support/input-mutation.ts';
import { useServer } from '../support/server.ts';

const server = useServer();

const fields = 'id title description completed completedAt priority version createdAt updatedAt deletedAt';
const operations = {
  task: `query ($id: ID!) { task(id: $id) { ${fields} } }`,
  create: `mutation ($input: CreateTaskInput!) { createTask(input: $input) { task { ${fields} } } }`,
  update: `mutation ($input: UpdateTaskInput!) { updateTask(input: $input) { task { ${fields} } } }`,
  delete: 'mutation ($id: ID!) { deleteTask(input: { id: $id }) { task { id } } }',
  purge: 'mutation ($id: ID!) { purgeTask(input: { id: $id }) { purgedIds } }',
};
const hour = 3_600_000;

function create(user: Client, input: Record<string, unknown>): Promise<Reply> {
  return user.run(operations.create, { input });
}

function expectTaken(reply: Reply): void {
  const outcome = [reply.status, reply.code, reply.fields, reply.partialData];
  expect(outcome, String(reply)).toEqual([200, 'CONFLICT', ['input.id TAKEN'], { createTask: null }]);
}

async function rowsOf(id: string): Promise<{ title: string; email: string }[]> {
  return server.sql('select title, email from task join "user" on "user".id = user_id where task.id = $1', [id]);
}

describe('createTask with an id of the client', () => {
  test('makes the task under that id', async () => {
    const user = await server.newUser();
    const id = uuidv7();
    const { task } = (await create(user, { id, title: 'mine' })).data.createTask;
    expect(task).toMatchObject({ id, title: 'mine', version: 1 });
    expect((await user.run(operations.task, { id })).data.task).toEqual(task);
  });

  test('makes one task of a hundred retries at once, and answers all of them alike', async () => {
    const user = await server.newUser();
    const input = { id: uuidv7(), title: 'once', description: 'only', priority: 'HIGH' };
    const replies = await Promise.all(Array.from({ length: 100 }, () => create(user, input)));
    expect(replies[0]?.data.createTask.task).toMatchObject({ ...input, version: 1 });
    expect(new Set(replies.map((reply) => reply.text)), replies.join('\n')).toHaveProperty('size', 1);
    expect((await user.run('{ tasks { totalCount nodes { id } } }')).data.tasks).toEqual({
      totalCount: 1,
      nodes: [{ id: input.id }],
    });
  });

  test('answers a retry with the task as it is now', async () => {
    const user = await server.newUser();
    const input = { id: uuidv7(), title: 'old' };
    await create(user, input);
    await user.run(operations.update, { input: { id: input.id, title: 'new', priority: 'LOW' } });
    await user.run(operations.delete, { id: input.id });
    const { task } = (await create(user, input)).data.createTask;
    expect(task).toMatchObject({ title: 'new', priority: 'LOW', version: 3, deletedAt: expect.any(String) });
    expect((await user.run(operations.task, { id: input.id })).data.task).toEqual(task);
    // What it has become is not what it was made with.
    expectTaken(await create(user, { id: input.id, title: 'new', priority: 'LOW' }));
  });

  test('takes for the same input what means the same', async () => {
    const user = await server.newUser();
    const id = uuidv7();
    const { task } = (await create(user, { id, title: 'x', priority: 'LOW' })).data.createTask;
    for (const same of [
      { priority: 'LOW', title: ' x\n', id },
      { id: id.toUpperCase(), title: 'x', description: null, priority: 'LOW' },
    ]) {
      expect((await create(user, same)).data.createTask.task).toEqual(task);
    }
  });

  test.each([
    { title: 'y' },
    { title: 'X' },
    { title: 'x', description: 'more' },
    { title: 'x', priority: 'LOW' },
    { title: 'x', priority: 'NONE', description: 'NONE' },
  ])('refuses the same id with other input %#', async (other) => {
    const user = await server.newUser();
    const id = uuidv7();
    const { task } = (await create(user, { id, title: 'x' })).data.createTask;
    expectTaken(await create(user, { id, ...other }));
    expect((await user.run(operations.task, { id })).data.task).toEqual(task);
  });

  test('refuses the id of a task that was made without one', async () => {
    const user = await server.newUser();
    expectTaken(await create(user, { id: await user.createTask('x'), title: 'x' }));
  });

  test('answers an id that another user has as one that is taken by oneself, byte for byte', async () => {
    const [owner, stranger] = await Promise.all([server.newUser(), server.newUser()]);
    const [theirs, own] = [
      { id: uuidv7(), title: 'private' },
      { id: uuidv7(), title: 'x' },
    ];
    await create(owner, theirs);
    await create(stranger, own);
    const clash = await create(stranger, theirs);
    const ownClash = await create(stranger, { ...own, title: 'y' });
    expectTaken(clash);
    const bare = ({ text }: Reply) => text.replace(/"requestId":"[^"]+"/, '');
    expect(bare(clash)).toBe(bare(ownClash));
    expect(clash.text).not.toContain('private');
    expect((await stranger.run(operations.task, { id: theirs.id })).data.task).toBeNull();
    expect(await rowsOf(theirs.id)).toEqual([{ title: 'private', email: owner.email }]);
  });

  test('gives an id that two users ask for at once to one of them', async () => {
    const users = await Promise.all([server.newUser(), server.newUser()]);
    await Promise.all(
      Array.from({ length: 20 }, async (_, round) => {
        const input = { id: uuidv7(), title: `round ${round}` };
        const replies = await Promise.all(users.map((user) => create(user, input)));
        const made = replies.map((reply) => reply.partialData.createTask !== null);
        expect(made.toSorted(), replies.join('\n')).toEqual([false, true]);
        expectTaken(replies[made.indexOf(false)] as Reply);
        expect(await rowsOf(input.id)).toEqual([{ title: input.title, email: users[made.indexOf(true)]?.email }]);
      }),
    );
  });

  test('never gives the id of a purged task again', async () => {
    const [owner, stranger] = await Promise.all([server.newUser(), server.newUser()]);
    const input = { id: uuidv7(), title: 'gone' };
    await create(owner, input);
    await owner.run(operations.delete, { id: input.id });
    expect((await owner.run(operations.purge, { id: input.id })).data.purgeTask.purgedIds).toEqual([input.id]);
    for (const user of [owner, stranger]) {
      expectTaken(await create(user, input));
      expectTaken(await create(user, { ...input, title: 'other' }));
    }
    expect(await rowsOf(input.id)).toEqual([]);
  });

  test('does not bring back a task that is purged at the same moment', async () => {
    const user = await server.newUser();
    await Promise.all(
      Array.from({ length: 20 }, async () => {
        const input = { id: uuidv7(), title: 'gone' };
        await create(user, input);
        await user.run(operations.delete, { id: input.id });
        const [retry, purge] = await Promise.all([create(user, input), user.run(operations.purge, { id: input.id })]);
        expect(purge.data.purgeTask.purgedIds).toEqual([input.id]);
        if (retry.partialData.createTask === null) expectTaken(retry);
        else expect(retry.data.createTask.task.deletedAt, String(retry)).not.toBeNull();
        expect(await rowsOf(input.id)).toEqual([]);
      }),
    );
  });

  test.each([
    ['task', 'createTask', { title: 'x' }],
    ['task_list', 'createList', { name: 'x' }],
    ['label', 'createLabel', { name: 'x' }],
  ])(
    'is refused where the %s is removed for good between being found again and being read',
    async (table, name, given) => {
      const user = await server.newUser();
      const uuid = uuidv7();
      const retry = () => user.run(...mutation(name, { id: uuid, ...given }));
      expect((await retry()).data[name]).not.toBeNull();
      const send = pg.Client.prototype.query as (...args: unknown[]) => unknown;
      const spy = vi.spyOn(pg.Client.prototype, 'query').mockImplementation(function (
        this: pg.Client,
        ...args: unknown[]
      ) {
        const text = String((args[0] as { text?: string }).text ?? args[0]);
        if (!text.includes(`"${table}"."id" = `)) return send.apply(this, args) as never;
        return server.sql(`delete from ${table} where id = $1`, [uuid]).then(() => send.apply(this, args)) as never;
      });
      const reply = await retry().finally(() => spy.mockRestore());
      const outcome = [reply.status, reply.code, reply.fields, reply.partialData];
      expect(outcome, String(reply)).toEqual([200, 'CONFLICT', ['input.id TAKEN'], { [name]: null }]);
    },
  );

  test('refuses the id of a record of another type', async () => {
    const user = await server.newUser();
    const { id } = (await user.run('{ me { id } }')).data.me;
    expectTaken(await create(user, { id, title: 'x' }));
  });
});

describe('an id of the client', () => {
  test('may be up to 24 hours ahead, and as old as it likes', async () => {
    const user = await server.newUser();
    const now = Date.now();
    for (const msecs of [now + 23 * hour, now + 24 * hour - 10_000, now, now - 24 * hour, 0]) {
      const id = uuidv7({ msecs });
      expect((await create(user, { id, title: 'x' })).data.createTask.task.id).toBe(id);
    }
    for (const msecs of [now + 24 * hour + 10_000, now + 25 * hour, 2 ** 48 - 1]) {
      const reply = await create(user, { id: uuidv7({ msecs }), title: 'x' });
      const outcome = [reply.status, reply.code, reply.fields];
      expect(outcome, String(reply)).toEqual([200, 'BAD_USER_INPUT', ['input.id ID_TOO_NEW']]);
    }
    expect((await user.run('{ tasks { totalCount } }')).data.tasks.totalCount).toBe(5);
  });

  test('is a UUIDv7', async () => {
    const user = await server.newUser();
    const good = uuidv7();
    const wrongVariant = `${good.slice(0, 19)}c${good.slice(20)}`;
    const nil = '00000000-0000-0000-0000-000000000000';
    const others = [uuidv4(), nil, nil.replaceAll('0', 'f'), wrongVariant, good.replaceAll('-', ''), `{${good}}`];
    for (const id of [...others, ` ${good}`, `${good}\n`, '', 'x', '1']) {
      const reply = await create(user, { id, title: 'x' });
      const outcome = [reply.status, reply.code, reply.fields];
      expect(outcome, String(reply)).toEqual([200, 'BAD_USER_INPUT', ['input.id INVALID_ID']]);
    }
    expect((await user.run('{ tasks { totalCount } }')).data.tasks.totalCount).toBe(0);
  });

  test('may be in upper case, and is answered in lower case', async () => {
    const user = await server.newUser();
    const id = uuidv7();
    const { task } = (await create(user, { id: id.toUpperCase(), title: 'x' })).data.createTask;
    expect(task.id).toBe(id);
    expect((await create(user, { id, title: 'x' })).data.createTask.task).toEqual(task);
  });

  test('that is null is not given', async () => {
    const user = await server.newUser();
    const made = await Promise.all([1, 2].map(() => create(user, { id: null, title: 'x' })));
    const ids = made.map((reply) => reply.data.createTask.task.id);
    expect(new Set(ids).size).toBe(2);
  });
});
