import pg from 'pg';
import { v4 as uuidv4, v7 as uuidv7 } from 'uuid';
import { describe, expect, test, vi } from 'vitest';
import type { Client, Reply } from '../support/client.ts';
import { mutation } from '../support/input-mutation.ts';
import { useServer } from '../support/server.ts';

const server = useServer();
/** Another instance on the same database. */
const second = useServer({
  get databaseUrl() {
    return server.databaseUrl;
  },
});

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

  test('gives an id to each of two users who ask for it at once', async () => {
    const users = await Promise.all([server.newUser(), server.newUser()]);
    const input = { id: uuidv7(), title: 'ours' };
    const replies = await Promise.all(users.map((user) => create(user, input)));
    expect(replies.map((reply) => reply.data.createTask.task)).toEqual([
      expect.objectContaining(input),
      expect.objectContaining(input),
    ]);
    expect(new Set((await rowsOf(input.id)).map(({ email }) => email))).toEqual(
      new Set(users.map(({ email }) => email)),
    );
  });

  test('never gives the id of a purged task again', async () => {
    const owner = await server.newUser();
    const input = { id: uuidv7(), title: 'gone' };
    await create(owner, input);
    await owner.run(operations.delete, { id: input.id });
    expect((await owner.run(operations.purge, { id: input.id })).data.purgeTask.purgedIds).toEqual([input.id]);
    expectTaken(await create(owner, input));
    expectTaken(await create(owner, { ...input, title: 'other' }));
    expect(await rowsOf(input.id)).toEqual([]);
    // It was the owner's alone.
    const stranger = await server.newUser();
    expect((await create(stranger, input)).data.createTask.task).toMatchObject(input);
  });

  test('gives an id to one of three kinds of record that ask for it at once at two instances', async () => {
    const user = await server.newUser();
    const id = uuidv7();
    const holder = new pg.Client({ connectionString: server.databaseUrl });
    await holder.connect();
    // Looking is free, so that whoever has looked is held up here, before it writes.
    await holder.query('begin; lock table task, task_list, label in share mode');
    const asked = Promise.all([
      user.run(...mutation('createTask', { id, title: 'x' })),
      user.at(second.url).run(...mutation('createLabel', { id, name: 'x' })),
      user.run(...mutation('createList', { id, name: 'x' })),
    ]);
    const waiting = "select from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()";
    await expect.poll(async () => (await server.sql(waiting)).length).toBeGreaterThanOrEqual(2);
    await holder.query('commit');
    await holder.end();
    const codes = (await asked).map((reply) => Object.values(reply.partialData)[0] === null && reply.fields.join());
    expect(codes.toSorted()).toEqual([false, 'input.id TAKEN', 'input.id TAKEN']);
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
    ['task', 'createTask', { title: 'x' }, 'task'],
    ['task_list', 'createList', { name: 'x' }, 'task_list'],
    // Found and read by one query, after it was found taken.
    ['label', 'createLabel', { name: 'x' }, 'l0'],
  ])(
    'is refused where the %s is removed for good between being found again and being read',
    async (table, name, given, alias) => {
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
        if (!text.includes(`"${alias}"."id" = `)) return send.apply(this, args) as never;
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
