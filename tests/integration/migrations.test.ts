import { expect, inject, test } from 'vitest';
import { explainConnectionFailure } from '../../src/database/failures.ts';
import { migrate, migrationProblems } from '../../src/database/migrate.ts';
import { type Orm, openOrm } from '../../src/database/orm.ts';
import { createDatabase, databaseUrl, dropDatabase, query } from '../support/databases.ts';

test('tasks from before there were places get one each, in the order in which they were made, and can be searched', async () => {
  const adminUrl = inject('adminUrl');
  const name = await createDatabase(adminUrl);
  const url = databaseUrl(adminUrl, name);
  const orm = await openOrm(url, 2);
  try {
    await orm.migrator.up({ to: 'Migration20261121101355_exact_tasks' });
    await query(
      url,
      `insert into "user" (id, email, password_hash, created_at) values (gen_random_uuid(), 'a', 'b', now())`,
    );
    // Made in the same millisecond, under ids that differ in the middle alone; one of them purged already.
    await query(
      url,
      `insert into task (user_id, id, title, description, priority, version, created_at, updated_at)
       select id, format('01a1fd83-085f-7%s-8000-000000000000', lpad(n::text, 3, '0'))::uuid, 'Café ''?\\' || n, '', 0, 1, now(), now()
       from "user", generate_series(1, 20) n`,
    );
    await query(url, `insert into purged_task (user_id, id) select id, gen_random_uuid() from "user"`);

    await migrate(orm);

    expect(await migrationProblems(orm)).toEqual([]);
    const tasks = await query<{ title: string; position: string; search_text: string }>(
      url,
      'select title, position, search_text from task order by position',
    );
    expect(tasks.map(({ title }) => title)).toEqual(Array.from({ length: 20 }, (_, index) => `Café '?\\${index + 1}`));
    expect(new Set(tasks.map(({ position }) => position)).size).toBe(20);
    expect(tasks[0]?.search_text).toBe("cafe '?\\1\n");
    expect(await query(url, 'select kind from retired_id')).toEqual([{ kind: 'task' }]);
  } finally {
    await orm.close();
    await dropDatabase(adminUrl, name);
  }
});

test('tasks that went to the trash with their list are there because it is, and come back with it', async () => {
  const adminUrl = inject('adminUrl');
  const name = await createDatabase(adminUrl);
  const url = databaseUrl(adminUrl, name);
  const orm = await openOrm(url, 2);
  try {
    await orm.migrator.up({ to: 'Migration20261127042513_ids_of_one_user' });
    await query(
      url,
      `with owner as (
        insert into "user" (id, email, password_hash, created_at) values (gen_random_uuid(), 'a', 'b', now()) returning id
      ), list as (
        insert into task_list (user_id, id, name, position, archived, version, created_at, updated_at, deleted_at)
        select id, gen_random_uuid(), 'list', 'V', false, 2, now(), now(), '2026-11-01' from owner returning user_id, id
      )
      insert into task (user_id, id, list_id, position, title, description, priority, version, created_at, updated_at, deleted_at,
        trashed_with_list)
      select user_id, gen_random_uuid(), id, title, title, '', 0, 2, now(), now(), deleted_at, is_with_list
      from list, (values ('earlier', timestamptz '2026-10-01', false), ('with list', timestamptz '2026-11-01', true))
        as task(title, deleted_at, is_with_list)
      union all select id, gen_random_uuid(), null, 'live', 'live', '', 0, 2, now(), now(), null, false from owner`,
    );
    const tasks = () =>
      query(url, 'select title, deleted_at is not null as "isDeleted", version from task order by title');

    await migrate(orm);
    expect(await migrationProblems(orm)).toEqual([]);
    const after = [
      { title: 'earlier', isDeleted: true, version: 2 },
      { title: 'live', isDeleted: false, version: 2 },
      { title: 'with list', isDeleted: false, version: 2 },
    ];
    expect(await tasks()).toEqual(after);

    const last = { to: 'Migration20261127042513_ids_of_one_user' };
    await orm.migrator.down(last);
    expect(await query(url, 'select title from task where trashed_with_list and deleted_at is not null')).toEqual([
      { title: 'with list' },
    ]);
    await migrate(orm);
    expect(await tasks()).toEqual(after);
  } finally {
    await orm.close();
    await dropDatabase(adminUrl, name);
  }
});

const another = 'create table mikro_orm_migrations (id serial, name text, executed_at timestamptz);';

test.concurrent.for([
  ['a table of the same name', 'create table "user" (id int)', /relation "user" already exists.*add \?schema=NAME/s],
  ['its tables without their history', 'drop table mikro_orm_migrations', /already exists\..*add \?schema=NAME/s],
  ['a history of another shape', 'create table mikro_orm_migrations (id int)', /column "name" does not exist\.$/],
  [
    'the history of another program',
    `${another} insert into mikro_orm_migrations (name) values ('Migration20200101')`,
    /migrations of another program.*add \?schema=NAME/,
  ],
] as const)('a database with %s is left as it is, and the start says why', async ([, setup, sentence]) => {
  const adminUrl = inject('adminUrl');
  const name = await createDatabase(adminUrl);
  const url = databaseUrl(adminUrl, name);
  const withOrm = async <Result>(work: (orm: Orm) => Promise<Result>): Promise<Result> => {
    const orm = await openOrm(url, 2);
    return await work(orm).finally(() => orm.close());
  };
  try {
    if (setup.startsWith('drop')) await withOrm(migrate);
    await query(url, setup);
    const tables = () => query(url, "select tablename from pg_tables where schemaname = 'public' order by 1");
    const before = await tables();
    const start = () => withOrm(migrate).catch((error: unknown) => explainConnectionFailure(error, url));
    await expect(start()).rejects.toThrow(sentence);
    await expect(start()).rejects.toThrow(expect.objectContaining({ name: 'StartError' }));
    expect(await tables()).toEqual(before);
  } finally {
    await dropDatabase(adminUrl, name);
  }
});
