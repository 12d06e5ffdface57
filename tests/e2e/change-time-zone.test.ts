import pg from 'pg';
import { expect } from 'vitest';
import { Client } from '../support/client.ts';
import { query } from '../support/databases.ts';
import { test } from '../support/program.ts';
import { addZonedDues, countWrongKeys } from '../support/zoned-dues.ts';

test('dues that were being brought to a new zone at kill -9 are brought there by the next start, or by two', async ({
  start,
  settings,
}) => {
  const sql = <Row extends Record<string, unknown>>(text: string, values?: unknown[]) =>
    query<Row>(settings.DATABASE_URL, text, values);
  const program = start(settings);
  const user = await Client.signUp(await program.url());
  await addZonedDues(sql, user.email, 3_500);

  // In the middle: those of the last batch cannot be written.
  const outside = new pg.Client({ connectionString: settings.DATABASE_URL });
  await outside.connect();
  await outside.query('begin');
  await outside.query('select from task where id = (select id from task order by id desc limit 1) for update');
  await user.run('mutation { updateMe(input: { timeZone: "Asia/Kathmandu" }) { user { timeZone } } }');
  const waiting = `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
  await expect.poll(() => sql(waiting)).toHaveLength(1);
  await program.stop('SIGKILL');
  await outside.end();
  expect(await countWrongKeys(sql, user.email)).toBe(500);

  await Promise.all([start(settings).url(), start(settings).url()]);
  const moving = 'select from "user" where due_keys_up_to is not null';
  await expect.poll(() => sql(moving)).toEqual([]);
  expect(await countWrongKeys(sql, user.email)).toBe(0);
});
