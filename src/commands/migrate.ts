import type { Config } from '../config.ts';
import { explainConnectionFailure } from '../database/failures.ts';
import { startLocalPostgres } from '../database/local/postgres.ts';
import { migrate, migrationProblems } from '../database/migrate.ts';
import { type Orm, openOrm } from '../database/orm.ts';

/** Brings the database up to date. @returns the exit code */
export function runMigrations(config: Config): Promise<number> {
  return withOrm(config, async (orm) => {
    const applied = await migrate(orm);
    console.log(applied.length > 0 ? `Applied ${applied.join(', ')}.` : 'The database is up to date.');
    return 0;
  });
}

/** @returns 1 where the database lacks a migration, or differs from what the entities describe */
export function checkMigrations(config: Config): Promise<number> {
  return withOrm(config, async (orm) => {
    const problems = await migrationProblems(orm);
    for (const problem of problems) console.error(problem);
    return problems.length > 0 ? 1 : 0;
  });
}

async function withOrm(config: Config, work: (orm: Orm) => Promise<number>): Promise<number> {
  const local = config.databaseUrl === null ? await startLocalPostgres(config.dataDir) : null;
  const databaseUrl = local?.url ?? config.databaseUrl ?? '';
  const orm = openOrm(databaseUrl, 2);
  try {
    return await work(orm).catch((error) => explainConnectionFailure(error, databaseUrl));
  } finally {
    await orm.close();
    await local?.stop();
  }
}
