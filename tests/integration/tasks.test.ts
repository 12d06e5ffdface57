import { describe, expect, test } from 'vitest';
import { useServer } from '../support/server.ts';

const server = useServer();

const fields = 'id title description completed completedAt priority version createdAt updatedAt deletedAt';
const operations = {
  task: `query ($id: ID!) { task(id: $id) { ${fields} } }`,
  create: `mutation ($input: CreateTaskInput!) { createTask(input: $input) { task { ${fields} } } }`,
  update: `mutation ($input: UpdateTaskInput!) { updateTask(input: $input) { task { ${fields} } } }`,
  complete: `mutation ($id: ID!) { completeTask(input: { id: $id }) { task { ${fields} } } }`,
  reopen: `mutation ($id: ID!) { reopenTask(input: { id: $id }) { task { ${fields} } } }`,
  delete: `mutation ($id: ID!) { deleteTask(input: { id: $id }) { task { ${fields} } } }`,
};
/** Every way to a task by its id. */
const byId: Record<string, (id: string) => [operation: string, variables: Record<string, unknown>]> = {
  task: (id: string) => [operations.task, { id }],
  updateTask: (id: string) => [operations.update, { input: { id, title: 'stolen' } }],
  completeTask: (id: string) => [operations.complete, { id }],
  reopenTask: (id: string) => [operations.reopen, { id }],
  deleteTask: (id: string) => [operations.delete, { id }],
};
const madeUp = '01a1fd83-085f-7429-8acf-26a739617b03';
const instant = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);

describe('createTask', () => {
  test('makes a task with what is given, and sensible values for the rest', async () => {
    const user = await server.newUser();
    const { task } = (await user.run(operations.create, { input: { title: '  Buy milk ' } })).data.createTask;
    expect(task).toEqual({
      id: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-7/),
      title: 'Buy milk',
      description: '',
      completed: false,
      completedAt: null,
      priority: 'NONE',
      version: 1,
      createdAt: instant,
      updatedAt: task.createdAt,
      deletedAt: null,
    });
    expect((await user.run(operations.task, { id: task.id })).data.task).toEqual(task);
  });

  test('stores descriptions as written, and any priority', async () => {
    const user = await server.newUser();
    for (const priority of ['NONE', 'LOW', 'MEDIUM', 'HIGH', 'URGENT']) {
      const input = { title: '買牛奶 😀', description: ' *two*\n\n<b>lines</b>\t', priority };
      const { task } = (await user.run(operations.create, { input })).data.createTask;
      expect(task).toMatchObject(input);
      expect((await user.run(operations.task, { id: task.id })).data.task).toEqual(task);
    }
  });

  test('takes null for what may be left out', async () => {
    const user = await server.newUser();
    const input = { title: 'x', description: null, priority: null };
    const { task } = (await user.run(operations.create, { input })).data.createTask;
    expect(task).toMatchObject({ description: '', priority: 'NONE' });
  });

  test('allows titles of 500 and descriptions of 20,000 characters, counted as people count', async () => {
    const user = await server.newUser();
    const input = { title: '😀'.repeat(500), description: '😀'.repeat(20_000) };
    expect((await user.run(operations.create, { input })).data.createTask.task).toMatchObject(input);
  });

  test.each([
    [{ title: '' }, ['input.title TOO_SHORT']],
    [{ title: ' \n\t ' }, ['input.title TOO_SHORT']],
    [{ title: 'x'.repeat(501) }, ['input.title TOO_LONG']],
    [{ title: 'x', description: 'x'.repeat(20_001) }, ['input.description TOO_LONG']],
    [{ title: '', description: 'x'.repeat(20_001) }, ['input.title TOO_SHORT', 'input.description TOO_LONG']],
  ])('refuses input %# and names each field', async (input, expected) => {
    const user = await server.newUser();
    const reply = await user.run(operations.create, { input });
    expect([reply.status, reply.code, reply.fields]).toEqual([200, 'BAD_USER_INPUT', expected]);
    expect((await user.run('{ tasks { totalCount } }')).data.tasks.totalCount).toBe(0);
  });
});

describe('updateTask', () => {
  test('changes what is given, leaves the rest, and counts the version up', async () => {
    const user = await server.newUser();
    const input = { title: 'Buy milk', description: 'two litres', priority: 'LOW' };
    const before = (await user.run(operations.create, { input })).data.createTask.task;
    const { task } = (await user.run(operations.update, { input: { id: before.id, title: 'Buy tea' } })).data
      .updateTask;
    expect(task).toEqual({ ...before, title: 'Buy tea', version: 2, updatedAt: instant });
    expect((await user.run(operations.task, { id: before.id })).data.task).toEqual(task);
  });

  test('clears a description and a priority with null', async () => {
    const user = await server.newUser();
    const input = { title: 'x', description: 'y', priority: 'HIGH' };
    const { id } = (await user.run(operations.create, { input })).data.createTask.task;
    const cleared = await user.run(operations.update, { input: { id, description: null, priority: null } });
    expect(cleared.data.updateTask.task).toMatchObject({ title: 'x', description: '', priority: 'NONE' });
  });

  test('changes nothing, the version included, where all is as asked already', async () => {
    const user = await server.newUser();
    const id = await user.createTask('x');
    const before = (await user.run(operations.task, { id })).data.task;
    const same = await user.run(operations.update, { input: { id, title: ' x ', description: null } });
    expect(same.data.updateTask.task).toEqual(before);
    expect((await user.run(operations.update, { input: { id } })).data.updateTask.task).toEqual(before);
  });

  test.each([
    [{ title: null }, ['input.title REQUIRED']],
    [{ title: ' ' }, ['input.title TOO_SHORT']],
    [
      { title: 'x'.repeat(501), description: 'x'.repeat(20_001) },
      ['input.title TOO_LONG', 'input.description TOO_LONG'],
    ],
  ])('refuses input %# and changes nothing', async (change, expected) => {
    const user = await server.newUser();
    const id = await user.createTask();
    const before = (await user.run(operations.task, { id })).data.task;
    const reply = await user.run(operations.update, { input: { id, ...change } });
    expect([reply.code, reply.fields]).toEqual(['BAD_USER_INPUT', expected]);
    expect((await user.run(operations.task, { id })).data.task).toEqual(before);
  });
});

describe('completeTask and reopenTask', () => {
  test('set and clear completedAt, one version each', async () => {
    const user = await server.newUser();
    const id = await user.createTask();
    const done = (await user.run(operations.complete, { id })).data.completeTask.task;
    expect(done).toMatchObject({ completed: true, completedAt: instant, version: 2 });
    const open = (await user.run(operations.reopen, { id })).data.reopenTask.task;
    expect(open).toMatchObject({ completed: false, completedAt: null, version: 3 });
  });

  test('change nothing where it is so already', async () => {
    const user = await server.newUser();
    const id = await user.createTask();
    const open = (await user.run(operations.reopen, { id })).data.reopenTask.task;
    expect(open.version).toBe(1);
    const done = (await user.run(operations.complete, { id })).data.completeTask.task;
    expect((await user.run(operations.complete, { id })).data.completeTask.task).toEqual(done);
  });
});

describe('deleteTask', () => {
  test('puts the task in the trash, where task still finds it and tasks does not', async () => {
    const user = await server.newUser();
    const id = await user.createTask();
    const deleted = (await user.run(operations.delete, { id })).data.deleteTask.task;
    expect(deleted).toMatchObject({ id, deletedAt: instant, version: 2 });
    expect((await user.run(operations.task, { id })).data.task).toEqual(deleted);
    expect((await user.run('{ tasks { nodes { id } totalCount } }')).data.tasks).toEqual({ nodes: [], totalCount: 0 });
    expect((await user.run(operations.delete, { id })).data.deleteTask.task).toEqual(deleted);
  });

  test('makes the task unchangeable', async () => {
    const user = await server.newUser();
    const id = await user.createTask();
    const { task } = (await user.run(operations.delete, { id })).data.deleteTask;
    const update = await user.run(operations.update, { input: { id, title: 'y' } });
    const complete = await user.run(operations.complete, { id });
    expect([update.code, complete.code]).toEqual(['NOT_FOUND', 'NOT_FOUND']);
    expect((await user.run(operations.task, { id })).data.task).toEqual(task);
  });
});

interface TaskPage {
  readonly nodes: { id: string }[];
  readonly edges: { cursor: string; node: { id: string } }[];
  readonly pageInfo: { endCursor: string };
  readonly totalCount: number;
}

describe('tasks', () => {
  test('answers newest first, page by page', async () => {
    const user = await server.newUser();
    const ids: string[] = [];
    for (let index = 0; index < 5; index++) ids.unshift(await user.createTask(`task ${index}`));
    const page =
      'query ($after: String) { tasks(first: 2, after: $after) { nodes { id } edges { cursor node { id } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } totalCount } }';
    const seen: string[] = [];
    let after: string | null = null;
    for (const isLast of [false, false, true]) {
      const tasks: TaskPage = (await user.run(page, { after })).data.tasks;
      expect(tasks.pageInfo).toEqual({
        hasNextPage: !isLast,
        hasPreviousPage: seen.length > 0,
        startCursor: tasks.edges[0]?.cursor,
        endCursor: tasks.edges.at(-1)?.cursor,
      });
      expect(tasks.totalCount).toBe(5);
      expect(tasks.edges.map(({ node }) => node)).toEqual(tasks.nodes);
      seen.push(...tasks.nodes.map(({ id }) => id));
      after = tasks.pageInfo.endCursor;
    }
    expect(seen).toEqual(ids);
  });

  test('has 50 tasks unless another size is given', async () => {
    const user = await server.newUser();
    await server.sql(
      `insert into task (user_id, id, position, title, description, priority, version, created_at, updated_at)
       select id, gen_random_uuid(), gen_random_uuid(), n::text, '', 0, 1, now(), now() from "user", generate_series(1, 120) n where email = $1`,
      [user.email],
    );
    const sizes = (
      await user.run(
        '{ a: tasks { nodes { id } } b: tasks(first: 100) { nodes { id } } c: tasks(first: 0) { nodes { id } totalCount pageInfo { hasNextPage endCursor } } }',
      )
    ).data;
    expect([sizes.a.nodes.length, sizes.b.nodes.length]).toEqual([50, 100]);
    expect(sizes.c).toEqual({ nodes: [], totalCount: 120, pageInfo: { hasNextPage: true, endCursor: null } });
  });

  test('filters by completed, where null means not given', async () => {
    const user = await server.newUser();
    const [open, done] = [await user.createTask('open'), await user.createTask('done')];
    await user.run(operations.complete, { id: done });
    const ask = async (filter: unknown) =>
      (await user.run('query ($filter: TaskFilter) { tasks(filter: $filter) { nodes { id } totalCount } }', { filter }))
        .data.tasks;
    expect(await ask({ completed: true })).toEqual({ nodes: [{ id: done }], totalCount: 1 });
    expect(await ask({ completed: false })).toEqual({ nodes: [{ id: open }], totalCount: 1 });
    for (const filter of [null, {}, { completed: null }]) {
      expect(await ask(filter)).toEqual({ nodes: [{ id: done }, { id: open }], totalCount: 2 });
    }
  });

  test.each([
    ['first: -1', ['first OUT_OF_RANGE']],
    ['first: 101', ['first OUT_OF_RANGE']],
    ['after: "rubbish"', ['after INVALID_CURSOR']],
    ['after: "WyJ4IiwxLCIwIl0"', ['after INVALID_CURSOR']],
  ])('refuses %s', async (argument, expected) => {
    const user = await server.newUser();
    const reply = await user.run(`{ tasks(${argument}) { nodes { id } } }`);
    expect([reply.status, reply.code, reply.fields]).toEqual([200, 'BAD_USER_INPUT', expected]);
    expect(reply.partialData).toEqual({ tasks: null });
  });
});

describe('a task of another user', () => {
  test.each(Object.entries(byId))('is to %s what a made-up id is, byte for byte', async (_name, operationOn) => {
    const [owner, stranger] = await Promise.all([server.newUser(), server.newUser()]);
    const id = await owner.createTask('private');
    const before = (await owner.run(operations.task, { id })).data;
    const [theirs, nobodys] = [await stranger.run(...operationOn(id)), await stranger.run(...operationOn(madeUp))];
    const withoutIds = (text: string) => text.replace(/"requestId":"[^"]+"/, '').replaceAll(id, madeUp);
    expect(withoutIds(theirs.text)).toBe(withoutIds(nobodys.text));
    expect(theirs.text).not.toContain('private');
    expect((await owner.run(operations.task, { id })).data).toEqual(before);
  });

  test('is in no list', async () => {
    const [owner, stranger] = await Promise.all([server.newUser(), server.newUser()]);
    await owner.createTask('private');
    expect((await stranger.run('{ tasks { nodes { title } totalCount } }')).data.tasks).toEqual({
      nodes: [],
      totalCount: 0,
    });
  });
});

describe('an id', () => {
  test.each(Object.entries(byId))('that is malformed is refused by %s', async (name, operationOn) => {
    const user = await server.newUser();
    for (const id of ['', 'x', '1', `${madeUp}0`, "' or true --", '１'.repeat(36), madeUp.replace('-', '_')]) {
      const reply = await user.run(...operationOn(id));
      const field = name === 'task' ? 'id' : 'input.id';
      expect([reply.status, reply.code, reply.fields], String(reply)).toEqual([
        200,
        'BAD_USER_INPUT',
        [`${field} INVALID_ID`],
      ]);
      if (id.length > 1) expect(reply.text).not.toContain(id);
    }
  });

  test('may be sent in upper case', async () => {
    const user = await server.newUser();
    const id = await user.createTask();
    expect((await user.run(operations.task, { id: id.toUpperCase() })).data.task.id).toBe(id);
    expect((await user.run(operations.complete, { id: id.toUpperCase() })).data.completeTask.task.id).toBe(id);
  });
});

test.each(Object.entries(byId))('%s needs a session', async (_name, operationOn) => {
  const reply = await server.client().run(...operationOn(madeUp));
  expect([reply.status, reply.code]).toEqual([401, 'UNAUTHENTICATED']);
});
