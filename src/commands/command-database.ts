import type { EntityManager } from '@mikro-orm/core';
import pg from 'pg';
import type { Config } from '../config.ts';
import { sessionSetup } from '../database/connections/session-settings.ts';
import { explainConnectionFailure } from '../database/failures.ts';
import { inspectDatabase } from '../database/inspect.ts';
import { runningTodoql } from '../database/local/orphan.ts';
import { startLocalPostgres } from '../database/local/postgres.ts';
import { migrate } from '../database/migrate.ts';
import { openOrm } from '../database/orm.ts';
import { StartError } from '../errors.ts';

/** The database that a command works on. */
export interface CommandDatabase {
  readonly url: string;
  /** Whether a local todoql serves it at this moment. */
  readonly isServed: boolean;
  /** Aborted when the operator stops the command. */
  readonly interruption: AbortSignal;
  /** Brings the schema up to date, once for all transactions of the command. */
  prepare(): Promise<Prepared>;
}

interface Prepared {
  /** It has no connection. */
  readonly em: EntityManager;
  readonly searchPath: string;
}

/**
 * Runs `work` on the database of DATABASE_URL or on the local one, which it starts unless a server already runs it.
 * @throws StartError if the database cannot be used, or the operator stops the command
 */
export async function withDatabase<Result>(
  config: Config,
  work: (database: CommandDatabase) => Promise<Result>,
): Promise<Result> {
  // From the start, because Ctrl-C must not leave a PostgreSQL running; never removed, because npm sends the signal twice.
  const interruption = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => interruption.abort());
  const served = config.databaseUrl === null ? await runningTodoql(config.dataDir) : null;
  const existingUrl = config.databaseUrl ?? served?.databaseUrl;
  const local = existingUrl === undefined ? await startLocalPostgres(config.dataDir) : null;
  const url = existingUrl ?? local?.url ?? '';
  try {
    let prepared: Promise<Prepared> | undefined;
    const prepare = (): Promise<Prepared> => {
      prepared ??= prepareSchema(url);
      return prepared;
    };
    return await work({ url, isServed: served !== null, interruption: interruption.signal, prepare });
  } catch (error) {
    if (interruption.signal.aborted) throw new StartError('Stopped. Nothing was changed.');
    const isDiskFull = error instanceof pg.DatabaseError && error.code === '53100';
    if (isDiskFull) throw new StartError('The disk of the database is full. Nothing was changed.');
    return explainConnectionFailure(error, url);
  } finally {
    await local?.stop();
  }
}

async function prepareSchema(url: string): Promise<Prepared> {
  const orm = await openOrm(url, 2);
  await migrate(orm).finally(() => orm.close());
  const { searchPath } = await inspectDatabase(url);
  return { em: orm.em, searchPath };
}

/** Brings the schema up to date, then runs `work` in one transaction. */
export async function inTransaction<Result>(
  { url, interruption, prepare }: CommandDatabase,
  work: (client: pg.Client, em: EntityManager) => Promise<Result>,
): Promise<Result> {
  const { em, searchPath } = await prepare();
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000, keepAlive: true });
  // If the connection breaks, the current statement fails too, and reports it.
  client.on('error', () => {});
  interruption.addEventListener('abort', () => void client.end());
  try {
    await client.connect();
    await client.query(sessionSetup(searchPath));
    // A pooler may run the transaction in a session without our settings.
    await client.query(`begin isolation level read committed; set local statement_timeout = 0; set local lock_timeout = 0;
      set local idle_in_transaction_session_timeout = 0;
      set local search_path = ${searchPath}`);
    interruption.throwIfAborted();
    const result = await work(client, em);
    await client.query('commit');
    return result;
  } finally {
    await client.end();
  }
}
