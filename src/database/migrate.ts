import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EntityManager } from '@mikro-orm/postgresql';
import pg from 'pg';
import { StartError } from '../errors.ts';
import { productName } from '../product-name.ts';
import { commandLine } from '../settings/command-line.ts';
import { buildIndexes, missingIndexes } from './concurrent-indexes.ts';
import { firstLine } from './failures.ts';
import { installedJobTables, jobTableProblems, jobTablesVersion, updateJobTables } from './job-tables.ts';
import { extensions } from './location.ts';
import { migrations } from './migrations.ts';
import type { Orm } from './orm.ts';
import { hasRowSecurity, installRowSecurity } from './row-security.ts';
import { squashedMigrations } from './squashed-migrations.ts';
import { transactionAlone } from './transaction-alone.ts';

// The same path from src/database/ and dist/server/. It does not exist if only dist/ was deployed.
const folder = join(import.meta.dirname, '../../src/database/migrations');

/**
 * Brings the schema up to date: see transactionAlone. Uses one connection at a time: there may be no more than instances.
 * @param rowSecurity whether to set it up
 * @returns the names of the migrations that were applied, and of what else was done @throws StartError
 */
export async function migrate(orm: Orm, rowSecurity = false): Promise<string[]> {
  const done = [...(await migrateTables(orm)), ...(await buildIndexes(orm))];
  return rowSecurity ? [...done, ...(await installRowSecurity(orm))] : done;
}

async function migrateTables(orm: Orm): Promise<string[]> {
  const before = orm.em.fork();
  const isDone = isUpToDate(await appliedMigrations(orm, before));
  if (isDone && (await installedJobTables(orm, before)) === jobTablesVersion) return [];
  // The migrator would do this on a second connection; once done, it is not repeated.
  await orm.schema.ensureDatabase();
  return transactionAlone(orm, async (em) => {
    await replaceSquashed(em, migrationsTable(orm), await appliedMigrations(orm, em));
    const ran = isUpToDate(await appliedMigrations(orm, em)) ? [] : await runMigrations(orm, em);
    return [...ran, ...(await updateJobTables(orm, em))];
  });
}

async function runMigrations(orm: Orm, em: EntityManager): Promise<string[]> {
  await addExtensions(em);
  const ran = await orm.migrator.up({ transaction: em.getTransactionContext() });
  return ran.map(({ name }) => name);
}

/** The reasons why the database is not up to date. @throws StartError if the role cannot see the whole schema */
export async function migrationProblems(orm: Orm, rowSecurity = false): Promise<string[]> {
  const unlisted = unlistedMigrations(await appliedMigrations(orm, orm.em.fork()));
  if (unlisted.length > 0) return unlisted;
  const pending = await orm.migrator.getPending();
  if (pending.length > 0)
    return pending.map(({ name }) => `${name} has not been applied. Run: ${commandLine('migrate')}`);
  const jobTables = await jobTableProblems(orm);
  if (jobTables.length > 0) return jobTables;
  const unbuilt = await missingIndexes(orm);
  if (unbuilt.length > 0)
    return unbuilt.map((name) => `The index ${name} has not been built. Run: ${commandLine('migrate')}`);
  if (rowSecurity && !(await hasRowSecurity(orm)))
    return [`Row-level security has not been set up. Run: ${commandLine('migrate')}`];
  await requireOwner(orm);
  const difference = await orm.schema.getUpdateSchemaSQL({ wrap: false });
  return difference === '' ? [] : [`The database does not match the entities. It lacks:\n${difference}`];
}

async function appliedMigrations(orm: Orm, em: EntityManager): Promise<string[]> {
  const table = migrationsTable(orm);
  const [found] = await em.execute<{ exists: boolean }[]>('select to_regclass(?) is not null as exists', [table]);
  if (found?.exists !== true) return [];
  return (await em.execute<{ name: string }[]>(`select name from ${table}`)).map(({ name }) => name);
}

/**
 * Records the first migration as applied, in place of those that led to the same tables.
 * @param table the history of migrations @throws StartError if not all of them have been applied
 */
async function replaceSquashed(em: EntityManager, table: string, applied: readonly string[]): Promise<void> {
  if (!applied.some((name) => squashedMigrations.includes(name))) return;
  const missing = squashedMigrations.filter((name) => !applied.includes(name));
  if (missing.length > 0) {
    throw new StartError(
      `The database is older than the last version before 0.2.0: it lacks ${missing.join(', ')}.\n` +
        'Start that version on it once, then this one.',
    );
  }
  await em.execute(`delete from ${table} where name in (?)`, [squashedMigrations]);
  await em.execute(`insert into ${table} (name) values (?)`, [migrations[0]?.name]);
}

function migrationsTable(orm: Orm): string {
  return `${pg.escapeIdentifier(orm.config.get('schema') ?? 'public')}.mikro_orm_migrations`;
}

function isUpToDate(applied: readonly string[]): boolean {
  const unlisted = unlistedMigrations(applied);
  if (unlisted.length > 0) throw new StartError(unlisted.join('\n'));
  return migrations.every(({ name }) => applied.includes(name));
}

/** A sentence for each migration that is in the folder or has been applied, but is not in the list of migrations. */
function unlistedMigrations(applied: readonly string[]): string[] {
  const list = existsSync(folder) ? readFileSync(`${folder}.ts`, 'utf8') : '';
  const files = existsSync(folder) ? readdirSync(folder).filter((file) => file.endsWith('.ts')) : [];
  const forgotten = files
    .filter((file) => !list.includes(file))
    .map((file) => `src/database/migrations/${file} is not in the list in src/database/migrations.ts. Add it there.`);
  const known = new Set([...squashedMigrations, ...migrations.map(({ name }) => name)]);
  const unknown = applied.filter((name) => !known.has(name));
  if (applied.length > 0 && unknown.length === applied.length) {
    const advice = `Give ${productName} a schema of its own: add ?schema=NAME to DATABASE_URL.`;
    return [...forgotten, `The database has migrations of another program. ${advice}`];
  }
  // A newer version has created tables that this one would misread.
  const newer = (name: string) =>
    `The database has ${name}, which this version of ${productName} does not know. Start the version that applied it.`;
  return [...forgotten, ...unknown.map(newer)];
}

/** The comparison uses PostgreSQL's information_schema, which shows constraints only to the owner of a table. */
async function requireOwner(orm: Orm): Promise<void> {
  const [table] = await orm.em.fork().execute<{ owner: string; isMine: boolean }[]>(
    `select pg_get_userbyid(relowner) as owner, pg_has_role(relowner, 'usage') as "isMine"
     from pg_class where oid = to_regclass(?)`,
    [migrationsTable(orm)],
  );
  if (table === undefined || table.isMine) return;
  throw new StartError(`The tables belong to "${table.owner}". Connect as that role to check them.`);
}

/** Both are trusted extensions: a role that may create objects in the database may add them, unless a provider forbids it. */
async function addExtensions(em: EntityManager): Promise<void> {
  const rows = await em.execute<{ name: string; database: string }[]>(
    `select name, current_database() as database from unnest(array['${extensions.join("', '")}']) as name
     where name not in (select extname from pg_extension)`,
  );
  if (rows.length === 0) return;
  const missing = rows.map(({ name }) => name);
  const statements = missing.map((name) => `create extension if not exists ${name};`).join(' ');
  await em.execute(statements).catch((error) => {
    throw new StartError(
      `The database "${rows[0]?.database}" lacks the PostgreSQL extensions ${missing.join(' and ')}, and they could not be added (${firstLine(error)}).\n` +
        `Ask an administrator to run there: ${statements}`,
    );
  });
}
