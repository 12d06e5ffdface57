import { expect } from 'vitest';
import { migrationProblems } from '../../src/database/migrate.ts';
import { openOrm } from '../../src/database/orm.ts';
import { createDatabase, databaseUrl, query } from '../support/databases.ts';
import { expectRefusal, newSecret, test } from '../support/program.ts';
import { useOnce } from '../support/use-once.ts';
import { startPostgres } from './postgres.ts';

test.concurrent.for([
  ['15', '15.18.0-beta.17'],
  ['16', '16.14.0-beta.17'],
  ['17', '17.10.0-beta.17'],
] as const)('PostgreSQL %s serves, starts again and is up to date', async ([major, version], { onTestFinished }) => {
  const postgres = await startPostgres(version);
  onTestFinished(() => postgres.stop());
  const [{ server_version: running } = {}] = await query(postgres.url, 'show server_version');
  expect(running).toMatch(new RegExp(`^${major}\\.`));
  const url = databaseUrl(postgres.url, await createDatabase(postgres.url));
  for (const count of [1, 2]) expect(await useOnce(url, 'ada@example.com')).toBe(count);
  const restricted = useOnce(url, 'ada@example.com', { rowSecurity: true });
  if (major === '15') await expect(restricted).rejects.toThrow('ROW_SECURITY=on needs PostgreSQL 16 or newer');
  else expect(await restricted).toBe(3);
  const orm = await openOrm(url, 2);
  expect(await migrationProblems(orm).finally(() => orm.close())).toEqual([]);
});

test.concurrent('PostgreSQL 14 is too old, which every command says in a line', async ({ run, onTestFinished }) => {
  const postgres = await startPostgres('14.23.0-beta.17');
  onTestFinished(() => postgres.stop());
  for (const command of ['serve', 'migrate', 'migrate --check', 'seed --yes']) {
    const ending = await run({ DATABASE_URL: postgres.url, JWT_SECRET: newSecret() }, ...command.split(' '));
    expectRefusal(ending, 1, 'needs PostgreSQL 15 or newer', 'is PostgreSQL 14.23');
  }
});
