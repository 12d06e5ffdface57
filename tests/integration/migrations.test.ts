import { expect, inject, test } from 'vitest';
import { migrate, migrationProblems } from '../../src/database/migrate.ts';
import { openOrm } from '../../src/database/orm.ts';
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
