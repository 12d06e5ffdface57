import { test as base, inject } from 'vitest';
import { type Orm, openOrm } from '../../src/database/orm.ts';
import { createDatabase, databaseUrl, dropDatabase } from './databases.ts';

/** `test` with the `url` of a migrated database, and three `orms` on it, as of three instances. */
export const test = base
  // biome-ignore lint/correctness/noEmptyPattern: vitest reads what a fixture needs from this pattern
  .extend('url', async ({}, { onCleanup }) => {
    const adminUrl = inject('adminUrl');
    const name = await createDatabase(adminUrl, inject('template'));
    onCleanup(() => dropDatabase(adminUrl, name));
    return databaseUrl(adminUrl, name);
  })
  .extend('orms', async ({ url }, { onCleanup }) => {
    const orms = (await Promise.all([1, 2, 3].map(() => openOrm(url, 2)))) as [Orm, Orm, Orm];
    onCleanup(async () => void (await Promise.all(orms.map((orm) => orm.close()))));
    return orms;
  });
