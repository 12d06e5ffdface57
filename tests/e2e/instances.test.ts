import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { expect } from 'vitest';
import { Client } from '../support/client.ts';
import { query } from '../support/databases.ts';
import { newSecret, repository, test } from '../support/program.ts';

const me = '{ me { email } }';

/** Makes every migration wait for a transaction that makes the same table, and then takes it back. */
async function holdUpMigrations(url: string): Promise<() => Promise<void>> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query('begin');
  await client.query('create table mikro_orm_migrations (id integer)');
  return () => client.end();
}

/** How many connections wait for a lock, of whatever kind. */
async function countWaiting(url: string): Promise<number> {
  const sql = "select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'";
  return (await query(url, sql)).length;
}

test('four instances that start at once on an empty database migrate it once', async ({ start, emptyDatabase }) => {
  const release = await holdUpMigrations(emptyDatabase.DATABASE_URL);
  const programs = Array.from({ length: 4 }, () => start(emptyDatabase));
  await expect
    .poll(() => countWaiting(emptyDatabase.DATABASE_URL))
    .toBe(4)
    .finally(release);
  const urls = await Promise.all(programs.map((program) => program.url()));
  const user = await Client.signUp(urls[0] ?? '');
  for (const url of urls) expect((await new Client(url, user.token).run(me)).data.me.email).toBe(user.email);
  const sql = 'select name from mikro_orm_migrations order by name';
  const rows = await query<{ name: string }>(emptyDatabase.DATABASE_URL, sql);
  const files = await readdir(join(repository, 'src/database/migrations'));
  const migrations = files.filter((file) => /^Migration.*\.ts$/.test(file)).map((file) => file.replace('.ts', ''));
  expect(rows.map(({ name }) => name)).toEqual(migrations.sort());
});

test('a token that logged out on one instance is refused by another at its next request', async ({
  start,
  settings,
}) => {
  const [one = '', other = ''] = await Promise.all([start(settings).url(), start(settings).url()]);
  const user = await Client.signUp(one);
  const elsewhere = new Client(other, user.token);
  expect((await elsewhere.run(me)).data.me.email).toBe(user.email);
  expect((await user.run('mutation { logout { success } }')).data.logout.success).toBe(true);
  const refused = await elsewhere.run(me);
  expect([refused.status, refused.code]).toEqual([401, 'UNAUTHENTICATED']);
});

test('JWT_SECRET_PREVIOUS keeps the tokens of the old secret good, and signs no new ones', async ({
  start,
  settings,
}) => {
  const rotated = { ...settings, JWT_SECRET: newSecret() };
  const before = await start(settings).url();
  const [during, after] = await Promise.all([
    start({ ...rotated, JWT_SECRET_PREVIOUS: settings.JWT_SECRET }).url(),
    start(rotated).url(),
  ]);
  const oldUser = await Client.signUp(before);
  expect((await new Client(during, oldUser.token).run(me)).data.me.email).toBe(oldUser.email);
  expect((await new Client(after, oldUser.token).run(me)).status).toBe(401);
  const newUser = await Client.signUp(during);
  expect((await new Client(after, newUser.token).run(me)).data.me.email).toBe(newUser.email);
});
