import { once } from 'node:events';
import { appendFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { expect, inject } from 'vitest';
import { startLocalPostgres } from '../../src/database/local/postgres.ts';
import { databaseUrl } from '../support/databases.ts';
import { expectRefusal, mainFile, newSecret, postgresProcess, test, testOnReadyFolder } from '../support/program.ts';

/** Listens on a free port of the loopback interface. */
async function takePort(): Promise<{ port: number; free(): void }> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  return { port, free: () => void server.close() };
}

testOnReadyFolder(
  'says when its port is taken, and stops its PostgreSQL again',
  async ({ folder, run, onTestFinished }) => {
    const { port, free } = await takePort();
    onTestFinished(free);
    expectRefusal(await run({ PORT: String(port) }), 1, `Port ${port} is taken`, 'another PORT');
    expect(await postgresProcess(folder)).toBeNull();
  },
);

test.for(['8.8.8.8', 'fe80::1', 'h'.repeat(300)])(
  'says that it cannot listen on HOST=%s',
  async (HOST, { run, settings }) => {
    expectRefusal(await run({ ...settings, HOST }), 1, `HOST ${HOST}`);
  },
);

test('says that its working directory is gone', async ({ launch }) => {
  const command = 'mkdir gone && cd gone && rmdir ../gone && exec "$0" "$1"';
  expectRefusal(await launch('sh', ['-c', command, process.execPath, mainFile]).ended(), 1, 'working directory');
});

test.for(['/proc/here', '/dev/null/here', '/sys/here/and/there'])(
  'says that it cannot keep its data in %s',
  async (DATA_DIR, { run }) => {
    expectRefusal(await run({ DATA_DIR }), 1, `The folder ${DATA_DIR} cannot be used`, 'another one');
  },
);

test('says at once why its PostgreSQL does not start, and where to read more', async ({ folder, run }) => {
  expect(await run({}, 'migrate')).toMatchObject({ code: 0 });
  await appendFile(join(folder, '.data/postgres/postgresql.conf'), '\nno_such_setting = 1\n');
  const ending = await run();
  expectRefusal(ending, 2, 'The local PostgreSQL did not start', 'FATAL', 'postgres.log');
  expect(ending.milliseconds).toBeLessThan(10_000);
});

test.for(['serve', 'migrate', 'migrate --check'])(
  'says which database cannot be reached, without its password: %s',
  async (command, { run }) => {
    const { port, free } = await takePort();
    free();
    const address = `127.0.0.1:${port}`;
    const env = { DATABASE_URL: `postgresql://ada:hunter2-hunter2@${address}/todos`, JWT_SECRET: newSecret() };
    const ending = await run(env, ...command.split(' '));
    expectRefusal(ending, 2, address, 'DATABASE_URL');
    expect(ending.stderr).not.toContain('hunter2');
  },
);

test('says that a database does not exist', async ({ run }) => {
  const url = databaseUrl(inject('adminUrl'), 'no_such_database');
  const ending = await run({ DATABASE_URL: url, JWT_SECRET: newSecret() });
  expectRefusal(ending, 1, 'no database "no_such_database"', new URL(url).host);
});

test('says that the password is refused, and does not repeat it', async ({ folder, run }) => {
  // A server of its own, since the one of TEST_DATABASE_URL may trust everyone.
  const postgres = await startLocalPostgres(join(folder, '.data'));
  const url = new URL(postgres.url);
  url.password = 'hunter2-hunter2';
  const ending = await run({ DATABASE_URL: url.toString(), JWT_SECRET: newSecret() }).finally(() => postgres.stop());
  expectRefusal(ending, 1, url.host, 'password', 'DATABASE_URL');
  expect(ending.stderr).not.toContain('hunter2');
});
