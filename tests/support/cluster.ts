import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { startLocalPostgres } from '../../src/database/local/postgres.ts';
import { migrate } from '../../src/database/migrate.ts';
import { openOrm } from '../../src/database/orm.ts';
import { createDatabase, databaseUrl, dropDatabase } from './databases.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** The URL of a database on whose server the run may create databases. */
    adminUrl: string;
    /** The name of a migrated, empty database to clone. */
    template: string;
  }
}

// The data need not survive a crash, and this halves the time of a run.
const hasty = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', max_connections: '300' };

/** One PostgreSQL for the whole run: that of TEST_DATABASE_URL, or one in a temporary folder. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const given = process.env.TEST_DATABASE_URL;
  const local = given ? null : await startTemporaryPostgres();
  const adminUrl = given ?? local?.url ?? '';
  const template = await createDatabase(adminUrl);
  const orm = await openOrm(databaseUrl(adminUrl, template), 2);
  await migrate(orm);
  await orm.close();
  project.provide('adminUrl', adminUrl);
  project.provide('template', template);
  return async () => {
    await dropDatabase(adminUrl, template);
    await local?.remove();
  };
}

async function startTemporaryPostgres(): Promise<{ url: string; remove(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'todoql-tests-'));
  const postgres = await startLocalPostgres(folder, hasty);
  return {
    url: postgres.url,
    async remove() {
      await postgres.stop();
      // For root, the folder is a link.
      await rm(await realpath(join(folder, 'postgres')), { recursive: true });
      await rm(folder, { recursive: true });
    },
  };
}
