import { type StdioOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import { open, readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { StartError } from '../../errors.ts';
import { isRoot, postgresAccount, systemFolder } from './account.ts';
import { postgresBinaries } from './binaries.ts';
import { type Cluster, clusterUrl, databaseName, openCluster, runningPort } from './cluster.ts';
import { ownerName, stopOrphan } from './orphan.ts';
import { programOptions } from './program.ts';

/** A PostgreSQL of our own that runs until it is stopped. */
export interface LocalPostgres {
  readonly url: string;
  /** Where root's data went; null for an ordinary user, whose data lies in DATA_DIR. */
  readonly systemFolder: string | null;
  /** Resolves when PostgreSQL ends, whether or not it was stopped. */
  readonly ended: Promise<'ended'>;
  stop(): Promise<void>;
}

/** PostgreSQL's own, by name. */
type Settings = Readonly<Record<string, string>>;

/** Milliseconds: recovery after kill -9 may have minutes of changes to replay, though it rarely takes a second. */
const startTimeout = 60_000;
/** Milliseconds: after that, connections are cut without waiting for their transactions. */
const stopTimeout = 5_000;

// Its log is for the operator of this machine: no statement, parameter or offending value may get into it.
const privateLog = { log_min_error_statement: 'panic', log_error_verbosity: 'terse', log_checkpoints: 'off' };

/**
 * Starts the PostgreSQL in `dataDir` on a free port of the loopback interface. An orphan of a killed server is stopped first.
 * @throws StartError where another todoql uses the folder, or PostgreSQL does not start
 */
export async function startLocalPostgres(dataDir: string, settings: Settings = {}): Promise<LocalPostgres> {
  const cluster = await openCluster(dataDir).catch((error) => explainFolder(error, dataDir));
  await stopOrphan(cluster);
  const port = await freePort();
  const logFile = join(dataDir, 'postgres.log');
  const child = await spawnPostgres(cluster, port, logFile, settings);
  let hasEnded = false;
  // Whatever ends our process without stopping it first takes it along.
  const interrupt = (): void => void child.kill('SIGINT');
  process.once('exit', interrupt);
  const ended = once(child, 'exit').then(() => {
    hasEnded = true;
    process.off('exit', interrupt);
    return 'ended' as const;
  });
  try {
    await createDatabase(cluster, port, () => hasEnded);
  } catch (error) {
    if (hasEnded) await explainEnd(cluster, logFile);
    throw error;
  }
  return {
    url: clusterUrl(cluster.password, port, databaseName),
    systemFolder: isRoot ? systemFolder : null,
    ended,
    async stop() {
      if (hasEnded) return;
      // SIGINT is PostgreSQL's "fast" shutdown, SIGQUIT its "immediate" one, after which the next start recovers.
      child.kill('SIGINT');
      const impatience = setTimeout(() => child.kill('SIGQUIT'), stopTimeout);
      await ended;
      clearTimeout(impatience);
    },
  };
}

function explainFolder(error: NodeJS.ErrnoException, dataDir: string): never {
  if (error instanceof StartError || error.syscall === undefined) throw error;
  throw new StartError(`The folder ${dataDir} cannot be used (${error.code}). Set DATA_DIR to one that can.`);
}

async function spawnPostgres(cluster: Cluster, port: number, logFile: string, settings: Settings) {
  const [account, { postgres }, log] = await Promise.all([postgresAccount(), postgresBinaries(), open(logFile, 'w')]);
  const all = {
    port: String(port),
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    timezone: 'UTC',
    log_timezone: 'UTC',
    cluster_name: ownerName(process.pid),
    ...privateLog,
    ...settings,
  };
  const options = Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const stdio: StdioOptions = ['ignore', log.fd, log.fd];
  const child = spawn(postgres, ['-D', cluster.folder, ...options], { ...programOptions, ...account, stdio });
  await once(child, 'spawn').finally(() => log.close());
  return child;
}

/** Waits until the server accepts connections, and makes sure that the database is there. */
async function createDatabase(cluster: Cluster, port: number, hasEnded: () => boolean): Promise<void> {
  const client = await connectWhenReady(clusterUrl(cluster.password, port, 'postgres'), hasEnded);
  try {
    const found = await client.query('select from pg_database where datname = $1', [databaseName]);
    if (found.rowCount === 0) await client.query(`create database ${databaseName}`);
  } finally {
    await client.end();
  }
}

async function connectWhenReady(url: string, hasEnded: () => boolean): Promise<pg.Client> {
  const deadline = Date.now() + startTimeout;
  for (;;) {
    // Should PostgreSQL have ended, somebody else may listen on its port by now, and never answer.
    const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
    try {
      await client.connect();
      return client;
    } catch (error) {
      if (hasEnded() || Date.now() > deadline) throw error;
      await delay(10);
    }
  }
}

/** Says why PostgreSQL ended while it was starting. */
async function explainEnd(cluster: Cluster, logFile: string): Promise<never> {
  // Two starts at once: the other one was faster, and this names it, once it listens.
  const deadline = Date.now() + 2_000;
  while ((await runningPort(cluster.folder)) !== null && Date.now() < deadline) {
    await stopOrphan(cluster);
    await delay(50);
  }
  const lines = (await readFile(logFile, 'utf8')).trim().split('\n');
  throw new StartError(`The local PostgreSQL did not start: ${lines.at(-1)}\nAll that it said is in ${logFile}.`);
}

/** A port that was free a moment ago: PostgreSQL cannot be told to take any, as a port of 0 would. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('A TCP server has a numeric port.');
  return address.port;
}
