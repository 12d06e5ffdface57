import { cp, mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import { query } from '../support/databases.ts';
import { expectRefusal, repository, test } from '../support/program.ts';

test('a database that a newer version has changed stops every start, and says which migration', async ({
  run,
  settings,
}) => {
  const newer = 'Migration29991231000000_flying_cars';
  await query(settings.DATABASE_URL, `insert into mikro_orm_migrations (name) values ('${newer}')`);
  for (const command of ['serve', 'migrate --check', 'seed --yes']) {
    expectRefusal(await run(settings, ...command.split(' ')), 1, newer, 'does not know');
  }
});

test('a migration that was forgotten in the list stops the start before anything is changed', async ({
  folder,
  launch,
  emptyDatabase,
}) => {
  const sources = join(folder, 'src/database');
  await mkdir(join(sources, 'migrations'), { recursive: true });
  await cp(join(repository, 'src/database/migrations.ts'), join(sources, 'migrations.ts'));
  await cp(join(repository, 'src/database/migrations'), join(sources, 'migrations'), { recursive: true });
  await cp(join(repository, 'dist'), join(folder, 'dist'), { recursive: true });
  await cp(join(repository, 'package.json'), join(folder, 'package.json'));
  await symlink(join(repository, 'node_modules'), join(folder, 'node_modules'));
  const main = join(folder, 'dist/main.js');
  const run = (...args: string[]) => launch(process.execPath, [main, ...args], { ...emptyDatabase, PORT: '0' }).ended();

  await writeFile(join(sources, 'migrations/Migration20991231000000_forgotten.ts'), 'export {};');
  for (const command of ['serve', 'migrate --check']) {
    const ending = await run(...command.split(' '));
    expectRefusal(ending, 1, 'Migration20991231000000_forgotten.ts', 'src/database/migrations.ts');
  }
  expect(await query(emptyDatabase.DATABASE_URL, `select from pg_tables where tablename = 'task'`)).toEqual([]);

  await writeFile(join(sources, 'migrations.ts'), `import './migrations/Migration20991231000000_forgotten.ts';`, {
    flag: 'a',
  });
  expect(await run('migrate')).toMatchObject({ code: 0 });
});
