import { expect, inject, test } from 'vitest';
import { explainConnectionFailure } from '../../src/database/failures.ts';
import { inspectDatabase } from '../../src/database/inspect.ts';
import { migrate, migrationProblems } from '../../src/database/migrate.ts';
import { migrations } from '../../src/database/migrations.ts';
import { type Orm, openOrm } from '../../src/database/orm.ts';
import { squashedMigrations } from '../../src/database/squashed-migrations.ts';
import { createDatabase, databaseUrl, dropDatabase, query } from '../support/databases.ts';

/** An ORM on a database of its own, whose history is that of a version before 0.2.0, with or without its last migration. */
// biome-ignore lint/correctness/noEmptyPattern: vitest reads what a fixture needs from this pattern
const oldTest = test.extend('old', async ({}, { onCleanup }) => {
  const adminUrl = inject('adminUrl');
  const name = await createDatabase(adminUrl, inject('template'));
  const url = databaseUrl(adminUrl, name);
  const orm = await openOrm(url, 2);
  onCleanup(() => orm.close().then(() => dropDatabase(adminUrl, name)));
  const history = (names: readonly string[]) =>
    query(
      url,
      `with gone as (delete from mikro_orm_migrations where name = $1)
       insert into mikro_orm_migrations (name) select unnest($2::text[])`,
      [migrations[0]?.name, names],
    );
  return { url, orm, history };
});

oldTest('the migrations from before 0.2.0 give way to the first one, and no row is touched', async ({ old }) => {
  await old.history(squashedMigrations);
  await query(
    old.url,
    `insert into "user" (id, email, password_hash, created_at) values (gen_random_uuid(), 'a', 'b', now())`,
  );
  expect(await migrationProblems(old.orm)).toEqual([
    `${migrations[0]?.name} has not been applied. Run: npm start -- migrate`,
  ]);
  expect(await migrate(old.orm)).toEqual([]);
  expect(await migrationProblems(old.orm)).toEqual([]);
  expect(await query(old.url, 'select name from mikro_orm_migrations order by name')).toEqual(
    migrations.map(({ name }) => ({ name })),
  );
  expect(await query(old.url, 'select email from "user"')).toEqual([{ email: 'a' }]);
});

oldTest('tables from before 0.2.0 are found outside the search path', async ({ old }) => {
  await old.history(squashedMigrations);
  await query(old.url, 'alter schema public rename to elsewhere; create schema public');
  expect(await inspectDatabase(old.url)).toMatchObject({ schema: 'elsewhere' });
});

oldTest('a database that lacks some of the migrations from before 0.2.0 is left as it is', async ({ old }) => {
  await old.history(squashedMigrations.slice(0, -1));
  await expect(migrate(old.orm)).rejects.toThrow(`it lacks ${squashedMigrations.at(-1)}.`);
  expect(await query(old.url, 'select name from mikro_orm_migrations order by name')).toContainEqual({
    name: squashedMigrations[0],
  });
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
