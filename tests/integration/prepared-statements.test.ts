import { afterAll, describe, expect, test } from 'vitest';
import { PostgresProxy } from '../support/postgres-proxy.ts';
import { useServer } from '../support/server.ts';

const operations: Record<string, string> = {
  me: '{ me { email timeZone sessions { nodes { userAgent } } securityEvents { nodes { kind } } } }',
  tasks: '{ tasks { totalCount nodes { title description list { name } labels { name } parent { title } } } }',
  'a task': 'query ($id: ID!) { task(id: $id) { title subtasks { nodes { title } } } }',
  lists: '{ lists { nodes { name tasks { nodes { title } } } } }',
  labels: '{ labels { nodes { name } } }',
  createTask: 'mutation { createTask(input: { title: "new" }) { task { title } } }',
  completeTask: 'mutation ($id: ID!) { completeTask(input: { id: $id }) { task { title description } } }',
  updateTask: 'mutation ($id: ID!) { updateTask(input: { id: $id, title: "x" }) { task { title description } } }',
};

describe('a table that is altered under traffic', () => {
  const server = useServer();

  test.each([
    ['"user"', 'time_zone type varchar(60)'],
    ['"user"', 'email type varchar(400)'],
    ['session', 'user_agent type varchar(1000)'],
    ['security_event', 'user_agent type varchar(1000)'],
    ['task', 'title type varchar(900)'],
    ['task', 'description type varchar(90000)'],
    ['task_list', 'name type varchar(900)'],
    ['label', 'name type varchar(900)'],
  ])('fails no request: alter table %s alter column %s', async (table, column) => {
    const user = await server.newUser();
    const id = await user.createTask();
    const all = () => Promise.all(Object.values(operations).map((operation) => user.run(operation, { id })));
    const runAll = async () => {
      // Several at once, so that several connections have prepared them.
      for (const replies of await Promise.all([all(), all(), all()])) for (const reply of replies) void reply.data;
    };
    await runAll();
    await runAll();
    await server.sql(`alter table ${table} alter column ${column}`);
    await runAll();
    await server.sql(`alter table ${table} alter column ${column.replace(/varchar.*/, 'text')}`);
    await runAll();
  });
});

describe('a pooler that gives each transaction another connection', () => {
  const proxy = new PostgresProxy();
  const server = useServer({}, (url) => proxy.to(url));
  afterAll(() => proxy.close());

  test.each(Object.entries(operations))(
    'is told apart from a bug, and the log says what helps: %s',
    async (_name, operation) => {
      const user = await server.newUser();
      const id = await user.createTask();
      for (let count = 0; count < 3; count++) await user.run(operation, { id });
      const before = server.logs().length;
      proxy.sneaked = 'deallocate all';
      const reply = await user.run(operation, { id });
      expect(proxy.sneaked).toBeNull();
      expect(reply.code, `${reply}`).toBe('SERVICE_UNAVAILABLE');
      expect(server.logs().slice(before)).toContain('DATABASE_PREPARED=off');
      expect((await user.run(operation, { id })).data).toBeTruthy();
    },
  );
});

describe('an account that varies its queries', () => {
  const proxy = new PostgresProxy();
  const server = useServer({}, (url) => proxy.to(url));
  afterAll(() => proxy.close());

  const scalars = 'id title completed completedAt priority version createdAt updatedAt deletedAt';
  const orders = ['CREATED_AT', 'UPDATED_AT', 'TITLE', 'PRIORITY', 'DUE'];
  /** Fifteen queries that no other request has. */
  const variation = (number: number) => {
    const pages = Array.from({ length: 15 }, (_, index) => number * 15 + index).map((of) => {
      const order = `{ field: ${orders[Math.floor(of / 100)]}, direction: ASC }`;
      return `a${of}: tasks(first: ${(of % 100) + 1}, orderBy: ${order}) { nodes { ${scalars} } }`;
    });
    return `{ ${pages.join(' ')} }`;
  };

  test('pushes out none that others use too, and does not fill the memory of PostgreSQL', async () => {
    const people = await Promise.all(Array.from({ length: 4 }, () => server.newUser()));
    const popular = `{ tasks(first: 20) { nodes { ${scalars} list { name } } } lists { nodes { name } } }`;
    const runPopular = () =>
      Promise.all(Array.from({ length: 5 }, () => people.map((user) => user.run(popular))).flat());
    for (let again = 0; again < 3; again++) await runPopular();
    const mallory = await server.newUser();
    for (let number = 0; number < 32; number++) void (await mallory.run(variation(number))).data;
    expect(proxy.named).toBeGreaterThan(480);
    expect(proxy.closed).toBeGreaterThan(0);
    const before = proxy.named;
    for (const reply of await runPopular()) void reply.data;
    expect(proxy.named).toBe(before);
  });
});
