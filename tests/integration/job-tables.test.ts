import { getRollbackPlans } from 'pg-boss';
import { expect } from 'vitest';
import { jobTablesVersion } from '../../src/database/job-tables.ts';
import { migrate, migrationProblems } from '../../src/database/migrate.ts';
import { requireTables } from '../../src/database/require-tables.ts';
import { productName } from '../../src/product-name.ts';
import { query } from '../support/databases.ts';
import { test } from '../support/orms.ts';

const applied = `the job tables, version ${jobTablesVersion}`;

test('instances that start at once create the job tables once, in a database restored without them', async ({
  url,
  orms,
}) => {
  await query(url, 'drop schema public_jobs cascade');
  expect(await migrationProblems(orms[0])).toEqual([
    'The job tables in the schema "public_jobs" are not up to date. Run: npm start -- migrate',
  ]);
  const applications = await Promise.all(orms.map((orm) => migrate(orm)));
  expect(applications.flat()).toEqual([applied]);
  expect(await migrationProblems(orms[0])).toEqual([]);
  await requireTables(orms[0]);
});

test('older job tables are brought up to date', async ({ url, orms: [orm] }) => {
  await query(url, getRollbackPlans('"public_jobs"', jobTablesVersion));
  expect(await query(url, 'select version from public_jobs.version')).toEqual([{ version: jobTablesVersion - 1 }]);
  expect(await migrate(orm)).toEqual([applied]);
  expect(await migrationProblems(orm)).toEqual([]);
  expect(await migrate(orm)).toEqual([]);
});

test('newer job tables are refused, and left as they are', async ({ url, orms: [orm] }) => {
  await query(url, 'update public_jobs.version set version = version + 1');
  const message = `have version ${jobTablesVersion + 1}, which this version of ${productName} does not know`;
  await expect(migrate(orm)).rejects.toThrow(message);
  expect(await migrationProblems(orm)).toEqual([expect.stringContaining(message)]);
});

test.for([
  ['a column', 'alter table public_jobs.queue drop column notify', 'notify'],
  ['an index', 'drop index public_jobs.job_common_i17', 'job_common_i17'],
  ['a function', 'drop function public_jobs.delete_queue', 'delete_queue'],
])('the check misses %s of the job tables', async ([, statement, named], { url, orms: [orm] }) => {
  await query(url, statement ?? '');
  expect(await migrationProblems(orm)).toEqual([expect.stringMatching(`been changed:\n.*${named}`)]);
});
