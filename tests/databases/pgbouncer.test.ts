import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, expect, inject, onTestFinished, test, vi } from 'vitest';
import { postgresAccount } from '../../src/database/local/account.ts';
import { openOrm } from '../../src/database/orm.ts';
import { Client } from '../support/client.ts';
import { createDatabase, databaseUrl, dropDatabase, query } from '../support/databases.ts';
import { startServer } from '../support/server.ts';
import { useOnce } from '../support/use-once.ts';
import { freePort } from './postgres.ts';

// Debian's, of before 1.21: in transaction mode it loses prepared statements, and what a session has set.
let pooled: (database: string) => string;
beforeAll(async () => {
  const { hostname, port, username, password } = new URL(inject('adminUrl'));
  const folder = await mkdtemp(join(tmpdir(), 'todoql-pgbouncer-'));
  await chmod(folder, 0o755);
  const listenPort = await freePort();
  const database = await createDatabase(inject('adminUrl'));
  const server = `host=${hostname} port=${port || 5432} user=${username} password=${password}`;
  await writeFile(
    join(folder, 'pgbouncer.ini'),
    `[databases]\nalias = ${server} dbname=${database}\n* = ${server}\n[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = ${listenPort}\nauth_type = any
pool_mode = transaction\ndefault_pool_size = 3\nunix_socket_dir =\nserver_lifetime = 1\n`,
  );
  const account = await postgresAccount();
  const child = spawn('pgbouncer', [join(folder, 'pgbouncer.ini')], { ...account, stdio: 'ignore' });
  await once(child, 'spawn');
  await vi.waitFor(() => once(connect(listenPort, '127.0.0.1').unref(), 'connect'), { timeout: 60_000 });
  pooled = (database) => `postgresql://${username}@127.0.0.1:${listenPort}/${database}`;
  return async () => {
    child.kill();
    await once(child, 'exit');
    await rm(folder, { recursive: true });
    await dropDatabase(inject('adminUrl'), database);
  };
});

async function withDatabase(defaults: string, work: (url: string) => Promise<void>): Promise<void> {
  const adminUrl = inject('adminUrl');
  const name = await createDatabase(adminUrl);
  await query(databaseUrl(adminUrl, name), defaults.replaceAll('$database', name));
  // PgBouncer keeps its connections.
  await work(pooled(name)).finally(() => dropDatabase(adminUrl, name));
}

test.for([
  ['nothing', 'select 1'],
  ['serializable', "alter database $database set default_transaction_isolation = 'serializable'"],
  ['a search path', 'create schema app; alter database $database set search_path = app'],
] as const)('PgBouncer in transaction mode, with %s as a default of the database', async ([, defaults]) => {
  await withDatabase(defaults, async (url) => {
    const options = { databasePrepared: false };
    // More first starts at once than the pooler has connections.
    const starts = Array.from({ length: 4 }, (_, index) => useOnce(url, `${index}@example.com`, options));
    expect(await Promise.all(starts)).toEqual([1, 1, 1, 1]);
    await Promise.all(Array.from({ length: 4 }, () => useOnce(url, '0@example.com', options)));
    expect(await useOnce(url, '0@example.com', options)).toBe(6);
  });
});

test('jobs are added and run through PgBouncer in transaction mode, by workers of several instances', async () => {
  await withDatabase('select 1', async (url) => {
    const apps = await Promise.all([1, 2].map(() => startServer(url, { databasePrepared: false })));
    onTestFinished(async () => void (await Promise.all(apps.map((app) => app.stop()))));
    const direct = databaseUrl(inject('adminUrl'), new URL(url).pathname.slice(1));
    for (const app of [...apps, ...apps]) {
      const user = await Client.signUp(app.url);
      const made = await user.run('mutation { createLabel(input: { name: "label" }) { label { id } } }');
      const { id } = made.data.createLabel.label;
      await user.run('mutation ($id: ID!) { deleteLabel(input: { id: $id }) { deletedId } }', { id });
    }
    await expect.poll(() => query(direct, 'select from label')).toEqual([]);
    const left = `select from public_jobs.job where state <> 'completed'`;
    await expect.poll(() => query(direct, left)).toEqual([]);
  });
});

test('a pooler that may lose the search path is refused, with the statement that makes it needless', async () => {
  await withDatabase('create schema app; alter database $database set search_path = app', async (url) => {
    await useOnce(url, 'ada@example.com', { databasePrepared: false });
    const name = new URL(url).pathname.slice(1);
    await query(inject('adminUrl'), `alter database ${name} reset search_path`);
    await query(inject('adminUrl'), `select pg_terminate_backend(pid) from pg_stat_activity where datname = '${name}'`);
    await expect(openOrm(url, 2)).rejects.toThrow(
      /the\spooler.*alter role ".*" in database ".*" set search_path = "app"/s,
    );
  });
});

test('a database that the pooler gives another name is the one that is used', async () => {
  expect(await useOnce(pooled('alias'), 'ada@example.com', { databasePrepared: false })).toBe(1);
});
