import type { Config } from '../config.ts';
import { migrate, migrationProblems } from '../database/migrate.ts';
import { type Orm, openOrm } from '../database/orm.ts';
import { withDatabase } from './command-database.ts';

/** Brings the database up to date. @returns the exit code */
export function runMigrations(config: Config): Promise<number> {
  return withOrm(config, async (orm) => {
    const applied = await migrate(orm, config.rowSecurity);
    console.log(applied.length > 0 ? `Applied ${applied.join(', ')}.` : 'The database is up to date.');
    return 0;
  });
}

/** @returns 1 if the database lacks a migration or does not match the entities */
export function checkMigrations(config: Config): Promise<number> {
  return withOrm(config, async (orm) => {
    const problems = await migrationProblems(orm, config.rowSecurity);
    for (const problem of problems) console.error(problem);
    return problems.length > 0 ? 1 : 0;
  });
}

function withOrm(config: Config, work: (orm: Orm) => Promise<number>): Promise<number> {
  return withDatabase(config, async ({ url }) => {
    const orm = await openOrm(url, 2);
    return work(orm).finally(() => orm.close());
  });
}
