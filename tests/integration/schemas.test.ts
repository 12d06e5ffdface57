import { randomBytes } from 'node:crypto';
import { expect, inject, test } from 'vitest';
import { migrate, migrationProblems } from '../../src/database/migrate.ts';
import { openOrm } from '../../src/database/orm.ts';
import { databaseUrl, dropDatabase, query } from '../support/databases.ts';
import { withRole } from '../support/roles.ts';
import { useOnce as useOnceWith } from '../support/use-once.ts';

/** These roles may not create one of users. */
const useOnce = (url: string, email: string) => useOnceWith(url, email, { rowSecurity: false });

const owner = 'grant create on database $database to $role;';

test.concurrent.for([
  ['a schema of its name', `${owner} create schema $role authorization $role`, '$role'],
  ['a search path', `${owner} create schema app authorization $role; alter role $role set search_path = app`, 'app'],
  [
    'a database with a search path',
    `${owner} create schema "my App" authorization $role; alter database $database set search_path = "my App", public`,
    'my App',
  ],
  [
    'a path to a schema that is missing',
    `${owner} grant create on schema public to $role; alter role $role set search_path = nowhere, public`,
    'public',
  ],
  [
    'a schema with a dollar in its name',
    `${owner} create schema "my$ App" authorization $role; alter role $role set search_path = "my$ App"`,
    'my$ App',
  ],
  ['an empty path', `${owner} grant create on schema public to $role; alter role $role set search_path = ''`, 'public'],
  [
    "a path to PostgreSQL's own schemas",
    `${owner} grant create on schema public to $role; alter role $role set search_path = pg_catalog, pg_temp`,
    'public',
  ],
] as const)('a role with %s starts again and again', async ([, setup, schema]) => {
  await withRole(setup, async ({ url, role, administer }) => {
    for (const count of [1, 2]) {
      expect(await useOnce(url, 'ada@example.com')).toBe(count);
      const tables = await administer(`select schemaname::text as schema from pg_tables
        where tablename in ('mikro_orm_migrations', 'task') order by 1`);
      const expected = { schema: schema.replace('$role', role) };
      expect(tables).toEqual([expected, expected]);
    }
    const orm = await openOrm(url, 2);
    try {
      expect(await migrationProblems(orm)).toEqual([]);
    } finally {
      await orm.close();
    }
  });
});

test.concurrent.for([
  ['a schema of its name', 'create schema $role authorization $role'],
  ['another path', 'create schema other authorization $role; alter role $role set search_path = other'],
  ['an empty path', "alter database $database set search_path = ''"],
  ['a path to nowhere', 'alter role $role set search_path = nowhere'],
] as const)('a role that is given %s later finds its tables', async ([, later]) => {
  await withRole(`${owner} grant create on schema public to $role`, async ({ url, administer }) => {
    expect(await useOnce(url, 'ada@example.com')).toBe(1);
    await administer(later);
    expect(await useOnce(url, 'ada@example.com')).toBe(2);
  });
});

test('DATABASE_URL may name the schema, so that two have tables of their own in one database', async () => {
  const setup = `${owner} create schema one authorization $role; create schema two authorization $role`;
  await withRole(setup, async ({ url, administer }) => {
    const urls = [`${url}?options=-c%20search_path%3Done`, `${url}?schema=two`];
    for (const each of urls) await useOnce(each, 'ada@example.com');
    expect(await Promise.all(urls.map((each) => useOnce(each, 'ada@example.com')))).toEqual([2, 2]);
    await expect(openOrm(url, 2)).rejects.toThrow(/in the schemas "one" and "two"/);
    const jobs = `select schemaname::text as schema from pg_tables where tablename = 'job' order by 1`;
    expect(await administer(jobs)).toEqual([{ schema: 'one_jobs' }, { schema: 'two_jobs' }]);
  });
});

test.concurrent.for([
  [
    'a search path that leads nowhere',
    `${owner} alter role $role set search_path = "no where"`,
    '',
    /there is no such schema.*create schema "no where"/s,
  ],
  [
    'a search path that is one name with a comma and a quote',
    `${owner} alter role $role set search_path = 'so "called", public'`,
    '',
    /there is no such schema.*create schema "so ""called"", public"$/s,
  ],
  ['a schema that is not there', owner, '?schema=nowhere', /no schema "nowhere".*create schema "nowhere"/s],
  [
    'a schema that is closed',
    `${owner} create schema closed`,
    '?schema=closed',
    /may not create tables in the schema "closed".*grant usage, create on schema "closed" to "todoql_role_/s,
  ],
  [
    'a path to a schema that is closed',
    `${owner} revoke all on schema public from public`,
    '',
    /may not create tables in the schema "public".*grant usage, create on schema "public" to "todoql_role_/s,
  ],
  [
    'a path to a schema with a dot',
    `${owner} create schema "a.b" authorization $role; alter role $role set search_path = "a.b"`,
    '',
    /cannot use the schema "a\.b" because of its name.*\?schema=NAME/s,
  ],
  [
    'a schema that PostgreSQL takes for another',
    `${owner} create schema "$user" authorization $role`,
    '?schema=$user',
    /cannot use the schema "\$user" because of its name/,
  ],
  ['no name for a schema', owner, '?schema=', /cannot use the schema "" because of its name/],
  [
    "PostgreSQL's own schema",
    owner,
    '?schema=information_schema',
    /cannot use the schema "information_schema" because of its name/,
  ],
  [
    'extensions that it may not add',
    'create schema app authorization $role; alter role $role set search_path = app',
    '',
    /lacks the PostgreSQL extensions pg_trgm and btree_gin.*permission denied.*run there: create extension if not exists pg_trgm; create extension if not exists btree_gin;/s,
  ],
  [
    'one extension that it may not add',
    'create extension pg_trgm; create schema app authorization $role; alter role $role set search_path = app',
    '',
    /lacks the PostgreSQL extensions btree_gin, .*run there: create extension if not exists btree_gin;/s,
  ],
  [
    'an extension in a schema that it may not use',
    'create schema tools; create extension pg_trgm schema tools; create schema $role authorization $role',
    '',
    /may not use the extension pg_trgm.*grant usage on schema "tools" to/s,
  ],
  [
    'a database that takes no changes',
    `${owner} alter role $role set default_transaction_read_only = on`,
    '',
    /takes no changes: default_transaction_read_only/,
  ],
  [
    'foreign keys that are not checked',
    `${owner} alter role $role set session_replication_role = replica`,
    '',
    /session_replication_role is replica.*alter role "todoql_role_\w+" reset.*alter database "todoql_test_\w+" reset/s,
  ],
] as const)('a role with %s is refused with what is to be done', async ([, setup, parameters, message]) => {
  await withRole(setup, async ({ url }) => {
    const start = async () => {
      const orm = await openOrm(url + parameters, 2);
      await migrate(orm).finally(() => orm.close());
    };
    await expect(start()).rejects.toThrow(message);
    await expect(start()).rejects.toThrow(expect.objectContaining({ name: 'StartError' }));
  });
});

test.concurrent.for([
  ['may not read a table', 'alter table task owner to current_user; revoke all on task from $role', /the table "task"/],
  [
    'may only read a table',
    'alter table label owner to current_user; grant select on label to $role; revoke insert, update, delete on label from $role',
    /the table "label".*\n.*: grant select, insert, update, delete on all tables in schema "public" to "todoql_role_/,
  ],
  ['has lost a table', 'drop table security_event', /no table "security_event" in the schema "public"/],
  ['has lost a table of jobs', 'drop table public_jobs.job cascade', /no table "job" in the schema "public_jobs"/],
] as const)('a role that %s is refused until that is mended', async ([, later, message]) => {
  await withRole(`${owner} grant create on schema public to $role`, async ({ url, administer }) => {
    expect(await useOnce(url, 'ada@example.com')).toBe(1);
    await administer(later);
    await expect(useOnce(url, 'ada@example.com')).rejects.toThrow(message);
    await expect(useOnce(url, 'ada@example.com')).rejects.toThrow(expect.objectContaining({ name: 'StartError' }));
    if (later.startsWith('drop')) return;
    await administer('grant select, insert, update, delete on all tables in schema "public" to $role');
    expect(await useOnce(url, 'ada@example.com')).toBe(2);
  });
});

test('a role that may not create a schema is told which one jobs need, and starts once it is there', async () => {
  const setup = `create extension pg_trgm; create extension btree_gin; create schema "my app" authorization $role;
    alter role $role set search_path = "my app", public`;
  await withRole(setup, async ({ url, role, administer }) => {
    const problem = await useOnce(url, 'ada@example.com').catch((error) => error);
    expect(problem).toMatchObject({ name: 'StartError' });
    expect(problem.message).toMatch(/schema "my app_jobs" .* may not create it/);
    const advice = `create schema "my app_jobs" authorization "${role}"`;
    expect(problem.message.split('run there: ')[1]).toBe(advice);
    await administer('create schema "my app_jobs"');
    await expect(useOnce(url, 'ada@example.com')).rejects.toThrow(
      `may not create tables there.\nAsk an administrator to run there: grant usage, create on schema "my app_jobs" to "${role}"`,
    );
    await administer(`drop schema "my app_jobs"; ${advice}`);
    expect(await useOnce(url, 'ada@example.com')).toBe(1);
    expect(await useOnce(url, 'ada@example.com')).toBe(2);
  });
});

test('extensions in a schema that is not in the path are found', async () => {
  const setup = `create schema tools; create extension pg_trgm schema tools; create extension btree_gin schema tools;
    grant usage on schema tools to $role; create schema $role authorization $role;
    create schema "$role_jobs" authorization $role`;
  await withRole(setup, async ({ url }) => {
    expect(await useOnce(url, 'ada@example.com')).toBe(1);
    expect(await useOnce(url, 'ada@example.com')).toBe(2);
  });
});

test.concurrent.for(['LATIN1', 'SQL_ASCII', 'EUC_JP'])('a database in %s is refused', async (encoding) => {
  const adminUrl = inject('adminUrl');
  const name = `todoql_test_${randomBytes(6).toString('hex')}`;
  await query(adminUrl, `create database ${name} encoding '${encoding}' locale 'C' template template0`);
  try {
    await expect(openOrm(databaseUrl(adminUrl, name), 2)).rejects.toThrow(
      new RegExp(`"${name}" is encoded in ${encoding}.*encoding 'UTF8'`, 's'),
    );
  } finally {
    await dropDatabase(adminUrl, name);
  }
});
