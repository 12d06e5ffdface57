import pg from 'pg';
import { expect } from 'vitest';
import { migrate, migrationProblems } from '../../src/database/migrate.ts';
import { query } from '../support/databases.ts';
import { test } from '../support/orms.ts';

const index = 'task_user_id_revision_id_index';

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
