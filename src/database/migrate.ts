import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type EntityManager, IsolationLevel } from '@mikro-orm/postgresql';
import pg from 'pg';
import { StartError } from '../errors.ts';
import { firstLine } from './failures.ts';
import { extensions } from './location.ts';
import { migrations } from './migrations.ts';
import type { Orm } from './orm.ts';

// Any number, the same in every instance: "todoql" in ASCII.
const migrationLock = 0x746f646f716c;

// From src/database/ and from dist/server/ alike. Where only dist/ was taken along, there is none.
const folder = join(import.meta.dirname, '../../src/database/migrations');

/**
 * Brings the schema up to date. Instances that start at once wait for one another, by a lock of the transaction kind: a
 * session's does not survive a transaction pooler. Each needs one connection at a time, as there may be no more than
 * instances. @returns the names of the migrations that ran now @throws StartError
 */
export async function migrate(orm: Orm): Promise<string[]> {
  if (isUpToDate(await appliedMigrations(orm, orm.em.fork()))) return [];
  // The migrator asks for it, on a connection of the pool; asked before, it is not asked again.
  await orm.schema.ensureDatabase();
  // What the instance that held the lock has committed must be seen here.
  const options = { isolationLevel: IsolationLevel.READ_COMMITTED };
  return await orm.em.fork().transactional(async (em) => {
    // Building an index on a large table takes what it takes, and so does waiting for another instance.
    await em.execute('set local statement_timeout = 0; set local lock_timeout = 0');
    await em.execute('select pg_advisory_xact_lock(?)', [migrationLock]);
    if (isUpToDate(await appliedMigrations(orm, em))) return [];
    await addExtensions(em);
    const ran = await orm.migrator.up({ transaction: em.getTransactionContext() });
    return ran.map(({ name }) => name);
  }, options);
}

/** Why the database is not up to date. @throws StartError where the role may not see all of the schema */
export async function migrationProblems(orm: Orm): Promise<string[]> {
  const unlisted = unlistedMigrations(await appliedMigrations(orm, orm.em.fork()));
  if (unlisted.length > 0) return unlisted;
  const pending = await orm.migrator.getPending();
  if (pending.length > 0) return pending.map(({ name }) => `${name} has not been applied. Run: npm start -- migrate`);
  await requireOwner(orm);
  const difference = await orm.schema.getUpdateSchemaSQL({ wrap: false });
  return difference === '' ? [] : [`The database is not what the entities describe. It lacks:\n${difference}`];
}

async function appliedMigrations(orm: Orm, em: EntityManager): Promise<string[]> {
  const table = migrationsTable(orm);
  const [found] = await em.execute<{ exists: boolean }[]>('select to_regclass(?) is not null as exists', [table]);
  if (found?.exists !== true) return [];
  return (await em.execute<{ name: string }[]>(`select name from ${table}`)).map(({ name }) => name);
}

function migrationsTable(orm: Orm): string {
  return `${pg.escapeIdentifier(orm.config.get('schema') ?? 'public')}.mikro_orm_migrations`;
}

function isUpToDate(applied: readonly string[]): boolean {
  const unlisted = unlistedMigrations(applied);
  if (unlisted.length > 0) throw new StartError(unlisted.join('\n'));
  return migrations.every(({ name }) => applied.includes(name));
}

/** What is wrong with the list of migrations: a sentence for each that lies in the folder, or has run, and is not in it. */
function unlistedMigrations(applied: readonly string[]): string[] {
  const list = existsSync(folder) ? readFileSync(`${folder}.ts`, 'utf8') : '';
  const files = existsSync(folder) ? readdirSync(folder).filter((file) => file.endsWith('.ts')) : [];
  const forgotten = files
    .filter((file) => !list.includes(file))
    .map((file) => `src/database/migrations/${file} is not in the list in src/database/migrations.ts. Add it there.`);
  const known = new Set(migrations.map(({ name }) => name));
  const unknown = applied.filter((name) => !known.has(name));
  if (applied.length > 0 && unknown.length === applied.length) {
    const advice = 'Give todoql a schema of its own: add ?schema=NAME to DATABASE_URL.';
    return [...forgotten, `The database has migrations of another program. ${advice}`];
  }
  // A newer program made tables that this one would misread.
  const newer = (name: string) =>
    `The database has ${name}, which this todoql does not know. Start the version that made it.`;
  return [...forgotten, ...unknown.map(newer)];
}

/** PostgreSQL's information_schema, which is compared with, shows constraints to those alone whom a table belongs to. */
async function requireOwner(orm: Orm): Promise<void> {
  const [table] = await orm.em.fork().execute<{ owner: string; isMine: boolean }[]>(
    `select pg_get_userbyid(relowner) as owner, pg_has_role(relowner, 'usage') as "isMine"
     from pg_class where oid = to_regclass(?)`,
    [migrationsTable(orm)],
  );
  if (table === undefined || table.isMine) return;
  throw new StartError(`The tables belong to "${table.owner}": only as that role can they be checked.`);
}

/** Both are trusted: who may create in the database may add them, but for what providers allow. */
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
        `Have an administrator run in it: ${statements}`,
    );
  });
}
