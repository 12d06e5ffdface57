import pg from 'pg';
import { test as base, expect, inject } from 'vitest';
import { migrate, migrationProblems } from '../../src/database/migrate.ts';
import { type Orm, openOrm } from '../../src/database/orm.ts';
import { createDatabase, databaseUrl, dropDatabase, query } from '../support/databases.ts';

const index = 'task_user_id_revision_id_index';

const test = base
  // biome-ignore lint/correctness/noEmptyPattern: vitest reads what a fixture needs from this pattern
  .extend('url', async ({}, { onCleanup }) => {
    const adminUrl = inject('adminUrl');
    const name = await createDatabase(adminUrl, inject('template'));
    onCleanup(() => dropDatabase(adminUrl, name));
    return databaseUrl(adminUrl, name);
  })
  .extend('orms', async ({ url }, { onCleanup }) => {
    const orms = (await Promise.all([1, 2].map(() => openOrm(url, 2)))) as [Orm, Orm];
    onCleanup(async () => void (await Promise.all(orms.map((orm) => orm.close()))));
    return orms;
  });

test('an index that is missing is named by the check, and built', async ({ url, orms: [orm] }) => {
  await query(url, `drop index ${index}`);
  expect(await migrationProblems(orm)).toEqual([`The index ${index} has not been built. Run: npm start -- migrate`]);
  expect(await migrate(orm)).toEqual([index]);
  expect(await migrationProblems(orm)).toEqual([]);
  expect(await migrate(orm)).toEqual([]);
});

test('one whose building was interrupted is built anew', async ({ url, orms: [orm] }) => {
  await query(url, `update pg_index set indisvalid = false where indexrelid = '${index}'::regclass`);
  expect(await migrationProblems(orm)).toHaveLength(1);
  expect(await migrate(orm)).toEqual([index]);
  expect(await migrationProblems(orm)).toEqual([]);
});

test('while it is built, rows are written, and another instance starts without waiting', async ({ url, orms }) => {
  await query(url, `drop index ${index}`);
  const [first, second] = [new pg.Client(url), new pg.Client(url)];
  await Promise.all([first.connect(), second.connect()]);
  try {
    // A transaction that has written to the table, for whose end the building waits.
    await first.query('begin; update task set version = 1 where false; lock task in row exclusive mode');
    const building = migrate(orms[0]);
    const waiting = `select from pg_stat_progress_create_index where relid = 'task'::regclass`;
    await expect.poll(() => query(url, waiting)).toHaveLength(1);
    await second.query("set lock_timeout = '1s'; update task set version = 1 where false");
    expect(await migrate(orms[1])).toEqual([]);
    await first.query('commit');
    expect(await building).toEqual([index]);
  } finally {
    await Promise.all([first.end(), second.end()]);
  }
  expect(await migrationProblems(orms[1])).toEqual([]);
});
