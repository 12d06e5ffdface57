import { once } from 'node:events';
import { createServer } from 'node:net';
import pg from 'pg';
import { expect, test } from 'vitest';
import { Client } from '../support/client.ts';
import { query } from '../support/databases.ts';
import { PostgresProxy } from '../support/postgres-proxy.ts';
import { LogSink, startServer, useServer } from '../support/server.ts';
import { collectStatements } from '../support/statements.ts';

const server = useServer();

test('a bug is told as nothing and logged without values', async () => {
  const user = await server.newUser();
  await server.sql('alter table task add constraint task_no_canary check (title <> $$canary-in-a-title$$)');
  const reply = await user.run('mutation { createTask(input: { title: "canary-in-a-title" }) { task { id } } }');
  expect([reply.status, reply.code, reply.error.message]).toEqual([
    200,
    'INTERNAL_SERVER_ERROR',
    'Internal server error',
  ]);
  expect(reply.partialData).toEqual({ createTask: null });
  expect(Object.keys(reply.error.extensions).sort()).toEqual(['code', 'requestId']);
  await expect.poll(() => server.logs()).toContain('task_no_canary');
  expect(server.logs()).not.toContain('canary-in-a-title');
  const line =
    server
      .logs()
      .split('\n')
      .find((text) => text.includes('task_no_canary')) ?? '';
  expect(JSON.parse(line)).toMatchObject({ level: 'error', requestId: reply.error.extensions.requestId });
});

test('a query that fails by a bug is run once, its neighbours too, however often it is sent', async () => {
  const user = await server.newUser();
  await user.createTask('still here');
  await server.sql('alter table label rename to label_away');
  try {
    for (let again = 0; again < 3; again++) {
      const body = JSON.stringify({ query: '{ tasks { nodes { title } } labels { nodes { name } } me { email } }' });
      const { result: reply, statements } = await collectStatements(() => user.post(body));
      const { tasks, labels, me } = reply.partialData;
      expect([tasks.nodes, labels, me.email]).toEqual([[{ title: 'still here' }], null, user.email]);
      expect(reply.errors.map(({ path, message }) => [path, message])).toEqual([[['labels'], 'Internal server error']]);
      const texts = statements.map(({ text }) => text);
      const reads = (table: string) => texts.filter((text) => text.includes(`from "${table}"`)).length;
      expect([reads('task'), reads('label')], texts.join('\n')).toEqual([1, 1]);
    }
  } finally {
    await server.sql('alter table label_away rename to label');
  }
  expect(server.logs()).toContain('a bug: this error is not part of the interface');
});

test('a query of which every record fails by a bug is run once, however often it is sent', async () => {
  const user = await server.newUser();
  for (const title of ['one', 'two', 'three']) await user.createTask(title);
  await server.sql('alter table task rename column parent_id to parent_away');
  try {
    for (let again = 0; again < 3; again++) {
      // With pageInfo, subtasks are read by a statement of their own.
      const subtasks = 'subtasks { nodes { title } pageInfo { hasNextPage } }';
      const body = JSON.stringify({ query: `{ me { email } tasks { nodes { ${subtasks} } } }` });
      const { result: reply, statements } = await collectStatements(() => user.post(body));
      expect([reply.partialData, reply.errors.length], String(reply)).toEqual([
        { me: { email: user.email }, tasks: null },
        1,
      ]);
      const texts = statements.map(({ text }) => text);
      expect(texts.filter((text) => text.includes('from "task"')).length, texts.join('\n')).toBe(2);
    }
  } finally {
    await server.sql('alter table task rename column parent_away to parent_id');
  }
});

/** A server that answers each connection with this and closes it. */
async function answering(bytes: string | Buffer): Promise<{ url: string; close(): void }> {
  const fake = createServer((socket) => void socket.on('error', () => {}).once('data', () => socket.end(bytes)));
  await once(fake.listen(0, '127.0.0.1'), 'listening');
  const { port } = fake.address() as { port: number };
  return { url: `postgresql://127.0.0.1:${port}`, close: () => void fake.close() };
}

/** PostgreSQL's message for a connection that it does not let in. */
function fatal(code: string): Buffer {
  const fields = `SFATAL\0VFATAL\0C${code}\0Mnobody is let in\0\0`;
  const head = Buffer.from('E\0\0\0\0');
  head.writeInt32BE(4 + fields.length, 1);
  return Buffer.concat([head, Buffer.from(fields)]);
}

test('a database that lets nobody in any more is unavailable, whatever its reason, until it does', async ({
  onTestFinished,
}) => {
  const proxy = new PostgresProxy();
  const sink = new LogSink();
  const app = await startServer(await proxy.to(server.databaseUrl), {}, sink);
  onTestFinished(async () => {
    await app.stop();
    proxy.close();
  });
  const user = await Client.signUp(app.url, 'outside@example.com');
  const health = async () => (await fetch(`${app.url}/health`)).status;
  const operations = [
    '{ me { id } }',
    'mutation { createTask(input: { title: "new" }) { task { id } } }',
    'mutation { login(input: { email: "outside@example.com", password: "correct horse" }) { tokenType } }',
  ];
  const reasons = {
    'the password was changed': fatal('28P01'),
    'the role may not log in': fatal('28000'),
    'the database is gone': fatal('3D000'),
    'the role may not connect': fatal('42501'),
    'a library cannot be loaded': fatal('58P01'),
    'another program listens': 'HTTP/1.1 400 Bad Request\r\n\r\n',
  };
  for (const [reason, answer] of Object.entries(reasons)) {
    const fake = await answering(answer);
    onTestFinished(fake.close);
    proxy.leadTo(fake.url);
    proxy.cut();
    for (const operation of operations) {
      const reply = await user.run(operation);
      expect([reply.code, reply.error.extensions.retryAfter], `${reason}: ${reply}`).toEqual([
        'SERVICE_UNAVAILABLE',
        5,
      ]);
    }
    expect(await health(), reason).toBe(503);
  }
  expect(sink.text).not.toContain('a bug');
  expect(sink.text).toContain('nobody is let in');
  proxy.leadTo(server.databaseUrl);
  proxy.cut();
  await expect.poll(health).toBe(200);
  for (const operation of operations) expect((await user.run(operation)).data).toBeTruthy();
});

test('connections that the database closed cost no request', async () => {
  const user = await server.newUser();
  await user.createTask('still here');
  await user.run('mutation { createLabel(input: { name: "here too" }) { label { id } } }');
  for (let round = 0; round < 5; round++) {
    await server.sql(
      'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
    );
    const { tasks, labels } = (await user.run('{ tasks { nodes { title } } labels { nodes { name } } }')).data;
    expect([tasks.nodes, labels.nodes]).toEqual([[{ title: 'still here' }], [{ name: 'here too' }]]);
  }
});

test('connections that break inside transactions are given back', async () => {
  const user = await server.newUser();
  const id = await user.createTask('locked');
  const rename = 'mutation ($id: ID!) { updateTask(input: { id: $id, title: "renamed" }) { task { title } } }';
  const holder = new pg.Client({ connectionString: server.databaseUrl });
  await holder.connect();
  // More often than the pool has connections.
  for (let round = 0; round < 12; round++) {
    await holder.query('begin');
    await holder.query('select from task where id = $1 for update', [id]);
    const waiting = user.run(rename, { id });
    const terminate = `select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and wait_event_type = 'Lock' and pid <> pg_backend_pid()`;
    await expect.poll(async () => (await server.sql(terminate)).length, { interval: 5 }).toBe(1);
    expect((await waiting).code).toBe('SERVICE_UNAVAILABLE');
    await holder.query('rollback');
  }
  await holder.end();
  expect((await user.run(rename, { id })).data.updateTask.task.title).toBe('renamed');
});

test('while the database refuses connections, requests are told to come back', async () => {
  const user = await server.newUser();
  const name = new URL(server.databaseUrl).pathname.slice(1);
  const elsewhere = server.databaseUrl.replace(name, 'postgres');
  await query(elsewhere, `alter database ${name} with allow_connections false`);
  await query(elsewhere, 'select pg_terminate_backend(pid) from pg_stat_activity where datname = $1', [name]);
  try {
    const closed = await user.run('{ me { id } }');
    expect([closed.status, closed.code, closed.headers.get('retry-after')]).toEqual([503, 'SERVICE_UNAVAILABLE', '5']);
    expect(closed.error.extensions.retryAfter).toBe(5);
    const open = await server.client().run('mutation { login(input: { email: "x", password: "x" }) { accessToken } }');
    expect([open.status, open.code]).toEqual([200, 'SERVICE_UNAVAILABLE']);
    expect((await fetch(`${server.url}/health`)).status).toBe(503);
  } finally {
    await query(elsewhere, `alter database ${name} with allow_connections true`);
  }
  expect((await user.run('{ me { email } }')).data.me.email).toBe(user.email);
  expect((await fetch(`${server.url}/health`)).status).toBe(200);
});
