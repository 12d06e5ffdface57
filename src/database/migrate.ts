import { type EntityManager, IsolationLevel } from '@mikro-orm/postgresql';
import pg from 'pg';
import { StartError } from '../errors.ts';
import { addExtensions } from './extensions.ts';
import { migrations } from './migrations.ts';
import type { Orm } from './orm.ts';
import { unlistedMigrations } from './unlisted-migrations.ts';

// Any number, the same in every instance: "todoql" in ASCII.
const migrationLock = 0x746f646f716c;

/**
 * Brings the schema up to date. Instances that start at once wait for one another; the lock is of the transaction kind,
 * because a session's lock does not survive a transaction pooler such as PgBouncer. Each needs one connection at a time:
 * more could wait for good, where a pooler has as many as there are instances.
 * @returns the names of the migrations that ran now
 * @throws StartError for a migration that is not in the list, or an extension that cannot be added
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

/** @throws StartError for a migration that is not in the list */
function isUpToDate(applied: readonly string[]): boolean {
  const unlisted = unlistedMigrations(applied);
  if (unlisted.length > 0) throw new StartError(unlisted.join('\n'));
  return migrations.every(({ name }) => applied.includes(name));
}

/**
 * What keeps a database from being up to date: migrations that are not in the list, or have not run, or a schema that none
 * of them makes.
 * @throws StartError where the role may not see all of the schema
 */
export async function migrationProblems(orm: Orm): Promise<string[]> {
  const unlisted = unlistedMigrations(await appliedMigrations(orm, orm.em.fork()));
  if (unlisted.length > 0) return unlisted;
  const pending = await orm.migrator.getPending();
  if (pending.length > 0) return pending.map(({ name }) => `${name} has not been applied. Run: npm start -- migrate`);
  await requireOwner(orm);
  const difference = await orm.schema.getUpdateSchemaSQL({ wrap: false });
  return difference === '' ? [] : [`The database is not what the entities describe. It lacks:\n${difference}`];
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

async function appliedMigrations(orm: Orm, em: EntityManager): Promise<string[]> {
  const table = migrationsTable(orm);
  const [found] = await em.execute<{ exists: boolean }[]>('select to_regclass(?) is not null as exists', [table]);
  if (found?.exists !== true) return [];
  return (await em.execute<{ name: string }[]>(`select name from ${table}`)).map(({ name }) => name);
}

function migrationsTable(orm: Orm): string {
  return `${pg.escapeIdentifier(orm.config.get('schema') ?? 'public')}.mikro_orm_migrations`;
}
