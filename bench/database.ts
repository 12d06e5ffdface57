import { execFile } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { tsImport } from 'tsx/esm/api';
import { loadData, type Size } from './data.ts';
import { clientCores, pinSelf, postgresCores } from './machine.ts';

const distFolder = join(import.meta.dirname, '..', 'dist');
/** Where the benchmark keeps its PostgreSQL and its logs. */
export const dataFolder = join(import.meta.dirname, '.data');

const settings = {
  // The usual quarter of a small server's memory; a run shorter than the interval sees no checkpoint.
  shared_buffers: '1GB',
  max_wal_size: '8GB',
  checkpoint_timeout: '1h',
  // Otherwise all sides' writes would wait for the same disk, and measure it.
  synchronous_commit: 'off',
  // Every side keeps a pool while the others are measured.
  max_connections: '300',
};

export interface BenchDatabase {
  readonly url: string;
  stop(): Promise<void>;
}

/** Starts a PostgreSQL of the benchmark's own. */
export async function openDatabase(): Promise<BenchDatabase> {
  await mkdir(dataFolder, { recursive: true });
  // Node alone does not run TypeScript's enums.
  const module: typeof import('../src/database/local/postgres.ts') = await tsImport(
    '../src/database/local/postgres.ts',
    import.meta.url,
  );
  pinSelf(postgresCores);
  const postgres = await module.startLocalPostgres(dataFolder, settings);
  pinSelf(clientCores);
  return postgres;
}

/** What is known of a PostgreSQL that runs. */
export interface RunningPostgres {
  readonly version: string;
  /** Its first process. */
  readonly pid: number;
}

/** Gives it todoql's newest schema and the data. */
export async function fillDatabase({ url }: BenchDatabase, secret: string, size: Size): Promise<RunningPostgres> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    // Anew each time: the writes of the last run, and what a side added for itself, would change the figures.
    await client.query('drop schema public cascade; create schema public');
    const env = { ...process.env, DATABASE_URL: url, JWT_SECRET: secret };
    await promisify(execFile)(process.execPath, [join(distFolder, 'main.js'), 'migrate'], { env });
    await giveDefaults(client);
    await loadData(client, size);
    const { rows } = await client.query<RunningPostgres>(`
      select current_setting('server_version') as version, split_part(pg_read_file('postmaster.pid'), chr(10), 1)::int as pid`);
    return rows[0] as RunningPostgres;
  } finally {
    await client.end();
  }
}

const emptyValues: Readonly<Record<string, string>> = {
  boolean: 'false',
  integer: '0',
  smallint: '0',
  text: "''",
  'timestamp with time zone': 'now()',
};

/**
 * Gives a default to what the other sides do not know of: they write the columns that the operations ask for, while
 * todoql's tables may have more. todoql itself always writes them all.
 */
async function giveDefaults(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ table: string; column: string; type: string }>(`
    select table_name as "table", column_name as "column", data_type as type from information_schema.columns
    where table_schema = 'public' and table_name in ('user', 'session', 'task', 'task_label')
      and is_nullable = 'NO' and column_default is null and is_generated = 'NEVER'`);
  for (const { table, column, type } of rows) {
    // A place that no other task has: what comes where is not compared.
    const value = column === 'position' ? 'gen_random_uuid()::text' : emptyValues[type];
    if (value !== undefined) await client.query(`alter table "${table}" alter "${column}" set default ${value}`);
  }
}
