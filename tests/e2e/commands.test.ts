import { execFileSync } from 'node:child_process';
import { appendFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, inject } from 'vitest';
import { query } from '../support/databases.ts';
import { expectRefusal, mainFile, postgresProcess, test } from '../support/program.ts';

const done = { code: 0, stderr: '' };

test('migrate brings a database up to date, and migrate --check tells whether it is', async ({
  run,
  emptyDatabase,
}) => {
  expectRefusal(
    await run(emptyDatabase, 'migrate', '--check'),
    100,
    '_initial has not been applied',
    'npm start -- migrate',
  );
  const first = await run(emptyDatabase, 'migrate');
  expect(first).toMatchObject(done);
  expect(first.stdout).toMatch(/^Applied Migration\d+_initial/);
  expect(await run(emptyDatabase, 'migrate', '--check')).toMatchObject({ ...done, stdout: '' });
  expect(await run(emptyDatabase, 'migrate')).toMatchObject({ ...done, stdout: 'The database is up to date.\n' });
});

test('migrate --check shows what somebody took out of the database by hand', async ({ run, settings }) => {
  await query(settings.DATABASE_URL, 'alter table task drop column description');
  expectRefusal(await run(settings, 'migrate', '--check'), 100, 'description');
});

test('migrate --check as a role that owns nothing names the one that can', async ({
  run,
  settings,
  onTestFinished,
}) => {
  const url = new URL(settings.DATABASE_URL);
  const owner = url.username;
  // A name as its database's, which no other has.
  Object.assign(url, { username: url.pathname.slice(1), password: 'pass' });
  await query(settings.DATABASE_URL, `create role ${url.username} login password 'pass' in role pg_read_all_data`);
  onTestFinished(async () => void (await query(inject('adminUrl'), `drop role ${url.username}`)));
  expectRefusal(await run({ ...settings, DATABASE_URL: `${url}` }, 'migrate', '--check'), 1, `belong to "${owner}"`);
});

test('migrate without DATABASE_URL works on the local database, and stops it again', async ({ folder, run }) => {
  const ending = await run({}, 'migrate');
  expect(ending).toMatchObject(done);
  expect(ending.stdout).toMatch(/^Applied Migration/);
  expect(await postgresProcess(folder)).toBeNull();
});

test('migrate works beside the running server', async ({ start, run }) => {
  await start().url();
  expect(await run({}, 'migrate', '--check')).toMatchObject({ ...done, stdout: '' });
  expect(await run({}, 'migrate')).toMatchObject({ ...done, stdout: 'The database is up to date.\n' });
});

test('a command that is stopped changes nothing, and leaves no PostgreSQL behind', async ({ folder, start }) => {
  const seed = start({}, 'seed', '--users', '400', '--tasks-per-user', '500');
  await expect.poll(() => seed.stderr).toContain('10 %');
  // Twice, as under npm.
  seed.signal('SIGINT');
  const ending = await seed.stop('SIGINT');
  expect(ending).toMatchObject({ code: 1, stdout: '' });
  expect(ending.stderr).toMatch(/\nStopped\. Nothing was changed\.\n$/);
  expect(await postgresProcess(folder)).toBeNull();
});

test('schema writes the schema, and schema --check tells whether it is as the code says', async ({ folder, run }) => {
  const outdated = ['schema.graphql is not up to date', 'npm run schema'] as const;
  expectRefusal(await run({}, 'schema', '--check'), 1, ...outdated);
  expect(await run({}, 'schema')).toMatchObject(done);
  expect(await readFile(join(folder, 'schema.graphql'), 'utf8')).toContain('type Query {');
  expect(await run({}, 'schema', '--check')).toMatchObject({ ...done, stdout: '' });
  await appendFile(join(folder, 'schema.graphql'), '# changed by hand\n');
  expectRefusal(await run({}, 'schema', '--check'), 1, ...outdated);
});

test.for(['--help', 'help', 'seed --help'])('%s lists the commands', async (line, { run }) => {
  const ending = await run({}, ...line.split(' '));
  expect(ending).toMatchObject(done);
  for (const command of ['serve', 'health', 'migrate', 'schema', 'seed', 'import-users', 'users', 'reset']) {
    expect(ending.stdout).toContain(`\n  ${command} `);
  }
});

test.for(['frobnicate', '--port 4000'])('refuses "%s", and lists the commands', async (line, { run }) => {
  const args = line.split(' ');
  expectRefusal(await run({}, ...args), 25, `no command "${args[0]}"`, 'Usage:', 'migrate --check');
});

const systemNode = '/usr/bin/node';

// Skipped where the machine's own Node.js is new enough, or there is none: no old one comes with the packages.
test.skipIf(!isTooOld(systemNode))('says in one line that an older Node.js will not do', async ({ launch }) => {
  expectRefusal(await launch(systemNode, [mainFile]).ended(), 1, 'needs Node.js 22');
});

function isTooOld(node: string): boolean {
  try {
    return Number.parseInt(execFileSync(node, ['--version'], { encoding: 'utf8' }).slice(1), 10) < 22;
  } catch {
    return false;
  }
}
