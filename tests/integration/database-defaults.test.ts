import { sql } from 'kysely';
import { expect, inject, test } from 'vitest';
import { openOrm } from '../../src/database/orm.ts';
import { ServiceDatabase } from '../../src/database/service-database.ts';
import { createLogger } from '../../src/observability/logger.ts';
import { Client } from '../support/client.ts';
import { createDatabase, databaseUrl, dropDatabase, query } from '../support/databases.ts';
import { startServer } from '../support/server.ts';

/** Runs `work` on a server whose database carries these defaults from before its first start. */
async function withDefaults(defaults: Readonly<Record<string, string>>, work: (url: string) => Promise<void>) {
  const adminUrl = inject('adminUrl');
  const name = await createDatabase(adminUrl);
  const url = databaseUrl(adminUrl, name);
  try {
    for (const [setting, value] of Object.entries(defaults)) {
      await query(adminUrl, `alter database ${name} set ${setting} = '${value}'`);
    }
    const app = await startServer(url);
    await work(app.url).finally(() => app.stop());
  } finally {
    await dropDatabase(adminUrl, name);
  }
}

// Each was chosen to break what is not written for it.
const hostile = {
  array_nulls: 'off',
  datestyle: 'SQL, DMY',
  default_transaction_isolation: 'serializable',
  exit_on_error: 'on',
  gin_fuzzy_search_limit: '1',
  idle_in_transaction_session_timeout: '1s',
  idle_session_timeout: '1s',
  intervalstyle: 'sql_standard',
  lock_timeout: '300ms',
  plan_cache_mode: 'force_generic_plan',
  quote_all_identifiers: 'on',
  standard_conforming_strings: 'off',
  // Long enough for the statement that sets another one, on a machine that is busy.
  statement_timeout: '300ms',
  timezone: 'Asia/Kathmandu',
  transform_null_equals: 'on',
};

test.concurrent.for([
  { default_transaction_isolation: 'serializable' },
  { default_transaction_isolation: 'repeatable read', default_transaction_deferrable: 'on' },
  { enable_seqscan: 'off', enable_indexscan: 'off', row_security: 'off', extra_float_digits: '-15' },
  hostile,
])('%j as the defaults of the database change nothing', async (defaults) => {
  await withDefaults(defaults, async (url) => {
    const user = await Client.signUp(url);
    const title = String.raw`It's 'C:\new' \' {null} ☕`;
    const create = 'mutation ($title: String!) { createTask(input: { title: $title }) { task { id title } } }';
    const ids = await Promise.all(
      Array.from({ length: 30 }, async () => {
        const { task } = (await user.run(create, { title })).data.createTask;
        expect(task.title).toBe(title);
        return task.id;
      }),
    );
    const move = 'mutation ($ids: [ID!]!) { moveTasks(input: { ids: $ids, listId: null }) { tasks { id } } }';
    await user.run(move, { ids });
    const complete = 'mutation ($id: ID!) { completeTask(input: { id: $id }) { task { completedAt createdAt } } }';
    await Promise.all(
      ids.map(async (id) => {
        const { task } = (await user.run(complete, { id })).data.completeTask;
        for (const instant of Object.values(task)) expect(instant).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
      }),
    );
    const found = await user.run('{ tasks(first: 50, filter: { search: "new" }) { totalCount nodes { title } } }');
    expect(found.data.tasks.totalCount).toBe(30);
    // What was refused once is refused the second time, and by an answer.
    const taken = (await user.run(create, { title: '' })).code;
    expect(taken).toBe('BAD_USER_INPUT');
    const again = `mutation { signup(input: { email: "${user.email}", password: "correct horse" }) { expiresIn } }`;
    expect((await user.run(again)).code).toBe('CONFLICT');
    expect((await user.run('{ me { email } }')).data.me.email).toBe(user.email);
  });
});

test('a session has the same settings whatever the defaults are', async () => {
  const adminUrl = inject('adminUrl');
  const name = await createDatabase(adminUrl);
  const orm = await openOrm(databaseUrl(adminUrl, name), 2);
  const names = Object.keys(hostile);
  const settings = async () => {
    const rows = await orm.em.execute<{ name: string; setting: string }[]>(
      `select name, setting from pg_settings where lower(name) in (${names.map((setting) => `'${setting}'`)})`,
    );
    return Object.fromEntries(rows.map(({ name, setting }) => [name.toLowerCase(), setting]));
  };
  try {
    for (const [setting, value] of Object.entries(hostile)) {
      await query(adminUrl, `alter database ${name} set ${setting} = '${value}'`);
    }
    expect(await settings()).toEqual({
      array_nulls: 'on',
      datestyle: 'ISO, DMY',
      default_transaction_isolation: 'read committed',
      exit_on_error: 'off',
      gin_fuzzy_search_limit: '0',
      idle_in_transaction_session_timeout: '30000',
      idle_session_timeout: '0',
      intervalstyle: 'postgres',
      lock_timeout: '3000',
      plan_cache_mode: 'auto',
      quote_all_identifiers: 'off',
      standard_conforming_strings: 'on',
      statement_timeout: '10000',
      timezone: 'UTC',
      transform_null_equals: 'off',
    });
  } finally {
    await orm.close();
    await dropDatabase(adminUrl, name);
  }
});

test('a change names its isolation level, in case a pooler has lost that of the session', async () => {
  const adminUrl = inject('adminUrl');
  const name = await createDatabase(adminUrl);
  // One connection, so that the session is the same.
  const orm = await openOrm(databaseUrl(adminUrl, name), 1);
  const serviceDatabase = new ServiceDatabase(orm, false, createLogger('silent'));
  try {
    await orm.em.execute("set default_transaction_isolation = 'serializable'");
    const level = sql<{ level: string }>`select current_setting('transaction_isolation') as level`;
    const { rows } = await serviceDatabase.change((transaction) => level.execute(transaction));
    expect(rows).toEqual([{ level: 'read committed' }]);
  } finally {
    await serviceDatabase.close();
    await orm.close();
    await dropDatabase(adminUrl, name);
  }
});
