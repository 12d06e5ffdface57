import { IsolationLevel } from '@mikro-orm/postgresql';
import pg from 'pg';
import { StartError } from '../errors.ts';
import { firstLine } from './failures.ts';
import type { Orm } from './orm.ts';

/**
 * Indexes that came with a later version, by name: their tables may have many rows. A migration, which is a transaction, would
 * block all writers while it builds them. The entities declare them as well.
 */
const concurrentIndexes: ReadonlyMap<string, { readonly table: string; readonly columns: string }> = new Map(
  ['task', 'task_list', 'label', 'retired_id'].map((table) => [
    `${table}_user_id_revision_id_index`,
    { table, columns: '("user_id", "revision", "id")' },
  ]),
);

// An arbitrary number, the same in all instances: "index" in ASCII.
const buildLock = 0x696e646578;

/** The state of an index: one whose building failed is there, but not valid. */
interface Found {
  readonly name: string;
  readonly isValid: boolean;
  readonly isBeingBuilt: boolean;
}

/** The names of the indexes that have not been built. */
export async function missingIndexes(orm: Orm): Promise<string[]> {
  const found = await findIndexes(orm);
  return [...concurrentIndexes.keys()].filter((name) => !found.get(name)?.isValid);
}

/**
 * Builds what is missing, one after the other, outside any transaction. What another instance is building is left to it.
 * @returns the names of the indexes that were built @throws StartError
 */
export async function buildIndexes(orm: Orm): Promise<string[]> {
  if ((await missingIndexes(orm)).length === 0) return [];
  // Two that build at once would wait for each other. A lock of the transaction, which is idle meanwhile: a pooler keeps no others.
  return orm.em.fork().transactional(
    async (em) => {
      await em.execute('set local idle_in_transaction_session_timeout = 0');
      const [lock] = await em.execute<{ isMine: boolean }[]>('select pg_try_advisory_xact_lock(?) as "isMine"', [
        buildLock,
      ]);
      return lock?.isMine ? await buildMissing(orm) : [];
    },
    { isolationLevel: IsolationLevel.READ_COMMITTED },
  );
}

async function buildMissing(orm: Orm): Promise<string[]> {
  const found = await findIndexes(orm);
  const missing = [...concurrentIndexes.keys()].filter((name) => {
    const index = found.get(name);
    return !index?.isValid && !index?.isBeingBuilt;
  });
  if (missing.length === 0) return [];
  const pool = await orm.em.getConnection().getNativeClient();
  const client = await pool.connect();
  try {
    await client.query('set statement_timeout = 0; set lock_timeout = 0');
    for (const name of missing) await build(client, schemaOf(orm), name, found.has(name));
    return missing;
  } finally {
    // Its settings are not those of other connections.
    client.release(true);
  }
}

async function build(client: pg.PoolClient, schema: string, name: string, isBroken: boolean): Promise<void> {
  const { table, columns } = concurrentIndexes.get(name) ?? {};
  const statement = `create index concurrently if not exists ${name} on ${schema}.${table} ${columns}`;
  try {
    if (isBroken) await client.query(`drop index concurrently if exists ${schema}.${name}`);
    await client.query(statement);
  } catch (error) {
    throw new StartError(
      `An index could not be built (${firstLine(error)}). Run in the database itself: ${statement};`,
    );
  }
}

async function findIndexes(orm: Orm): Promise<ReadonlyMap<string, Found>> {
  const names = [...concurrentIndexes.keys()].map(pg.escapeLiteral).join(', ');
  const rows = await orm.em.fork().execute<Found[]>(
    `select relname as name, indisvalid as "isValid",
       exists (select from pg_stat_progress_create_index where index_relid = pg_class.oid) as "isBeingBuilt"
     from pg_class join pg_index on indexrelid = pg_class.oid
     where relnamespace = to_regnamespace(?) and relname in (${names})`,
    [schemaOf(orm)],
  );
  return new Map(rows.map((row) => [row.name, row]));
}

function schemaOf(orm: Orm): string {
  return pg.escapeIdentifier(orm.config.get('schema') ?? 'public');
}
