import { mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import pg from 'pg';
import { expect, test } from 'vitest';
import { runChecked, ServerInRecovery, withReplyNumber } from '../../src/database/connections/checked-query.ts';
import { kyselyOn } from '../../src/database/connections/kysely-on.ts';
import { startLocalPostgres } from '../../src/database/local/postgres.ts';
import { Client } from '../support/client.ts';
import { query } from '../support/databases.ts';
import { PostgresProxy } from '../support/postgres-proxy.ts';
import { LogSink, startServer, useServer } from '../support/server.ts';

const create = 'mutation { createTask(input: { title: "new" }) { task { title } } }';
const changes = {
  'a single statement': create,
  'a transaction': 'mutation { createLabel(input: { name: "new" }) { label { id } } }',
  'a log-in': 'mutation { login(input: { email: "ada@example.com", password: "correct horse" }) { accessToken } }',
  'a sign-up': 'mutation { signup(input: { email: "new@example.com", password: "correct horse" }) { accessToken } }',
};
const titles = '{ tasks { nodes { title } } }';

const server = useServer();
const health = async (url: string) => (await fetch(`${url}/health`)).status;

test('a server in recovery is never used, and is used once it is promoted', async ({ onTestFinished }) => {
  const folder = await mkdtemp(join(tmpdir(), 'todoql-failover-'));
  const settings = { fsync: 'off' };
  const primary = await startLocalPostgres(folder, settings);
  const data = await realpath(join(folder, 'postgres'));
  const proxy = new PostgresProxy();
  const sink = new LogSink();
  const app = await startServer(await proxy.to(primary.url), {}, sink);
  const user = await Client.signUp(app.url, 'ada@example.com');
  await user.createTask('before');

  await primary.stop();
  await writeFile(join(data, 'standby.signal'), '');
  const standby = await startLocalPostgres(folder, settings);
  proxy.leadTo(standby.url);
  onTestFinished(async () => {
    await app.stop();
    proxy.close();
    await standby.stop();
    for (const path of [data, folder]) await rm(path, { recursive: true, force: true });
  });

  await expect.poll(() => health(app.url)).toBe(503);
  for (const operation of [titles, '{ me { id } }', ...Object.values(changes)]) {
    for (let again = 0; again < 3; again++) {
      const reply = await user.run(operation);
      expect(reply.code, `${reply}`).toBe('SERVICE_UNAVAILABLE');
    }
  }
  expect(await health(app.url)).toBe(503);
  expect(sink.text).not.toContain('a bug');

  // Behind a pooler one comes to it on a connection that was good.
  const pool = new pg.Pool({ connectionString: standby.url });
  const client = await pool.connect();
  const { sql: text } = withReplyNumber(kyselyOn(client).selectNoFrom(sql`1`.as('one')), null).compile();
  await expect(runChecked(client, { text, values: [7] }, 7)).rejects.toThrow(ServerInRecovery);
  client.release(true);
  await pool.end();

  await query(standby.url, 'select pg_promote()');
  await expect.poll(() => health(app.url)).toBe(200);
  expect((await user.run(titles)).data.tasks.nodes).toEqual([{ title: 'before' }]);
  expect((await user.run(create)).data.createTask.task.title).toBe('new');
});

test('a server that takes no changes is read from, is unhealthy, and recovers', async ({ onTestFinished }) => {
  const user = await server.newUser();
  await user.createTask('before');
  const name = new URL(server.databaseUrl).pathname.slice(1);
  const elsewhere = server.databaseUrl.replace(name, 'postgres');
  const setReadOnly = (value: string) =>
    query(elsewhere, `alter database ${name} set default_transaction_read_only = ${value}`);
  onTestFinished(async () => void (await setReadOnly('off')));
  await setReadOnly('on');
  // A session keeps the default that it began with.
  await query(elsewhere, 'select pg_terminate_backend(pid) from pg_stat_activity where datname = $1', [name]);
  await expect.poll(() => health(server.url)).toBe(503);
  for (const operation of Object.values(changes)) {
    const reply = await user.run(operation);
    expect([reply.code, reply.error.extensions.retryAfter], `${reply}`).toEqual(['SERVICE_UNAVAILABLE', 5]);
  }
  expect((await user.run(titles)).data.tasks.nodes).toEqual([{ title: 'before' }]);
  await setReadOnly('off');
  // Each connection that was opened meanwhile fails once. A minute later, a job would find them out in any case.
  const soon = { timeout: 20_000 };
  await expect.poll(async () => (await user.run(create)).data.createTask.task.title, soon).toBe('new');
  await expect.poll(() => health(server.url), soon).toBe(200);
});
