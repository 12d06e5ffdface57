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

/** A PostgreSQL that this process has started. */
export interface LocalPostgres {
  readonly url: string;
  /** The folder of root's data; null for an ordinary user, whose data is in DATA_DIR. */
  readonly systemFolder: string | null;
  /** Resolves when PostgreSQL ends, whether or not it was stopped. */
  readonly ended: Promise<'ended'>;
  stop(): Promise<void>;
}

/** Settings of PostgreSQL, by name. */
type Settings = Readonly<Record<string, string>>;

/** Milliseconds. Recovery after a crash rarely takes a second, but may have many changes to replay. */
const startTimeout = 60_000;
/** Milliseconds until connections are closed without waiting for their transactions. */
const stopTimeout = 5_000;

// Keeps statements, parameters and values out of PostgreSQL's log.
const privateLog = { log_min_error_statement: 'panic', log_error_verbosity: 'terse', log_checkpoints: 'off' };

/**
 * Starts the PostgreSQL in `dataDir` on a free port of the loopback interface. First stops one that a killed server has left.
 * @throws StartError if another todoql uses the folder, or PostgreSQL does not start
 */
export async function startLocalPostgres(dataDir: string, settings: Settings = {}): Promise<LocalPostgres> {
  const cluster = await openCluster(dataDir).catch((error) => explainFolder(error, dataDir));
  await stopOrphan(cluster);
  const port = await freePort();
  const logFile = join(dataDir, 'postgres.log');
  const child = await spawnPostgres(cluster, port, logFile, settings);
  let hasEnded = false;
  // Stops PostgreSQL if this process exits without calling `stop`.
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
  throw new StartError(`The folder ${dataDir} cannot be used (${error.code}). Set DATA_DIR to another one.`);
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

/** Waits until the server accepts connections, and creates the database if it does not exist. */
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
    // If PostgreSQL has ended, another program may listen on its port and never respond.
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

/** Reports why PostgreSQL ended while it was starting. */
async function explainEnd(cluster: Cluster, logFile: string): Promise<never> {
  // If another start was faster, stopOrphan throws an error that names it, as soon as it listens.
  const deadline = Date.now() + 2_000;
  while ((await runningPort(cluster.folder)) !== null && Date.now() < deadline) {
    await stopOrphan(cluster);
    await delay(50);
  }
  const lines = (await readFile(logFile, 'utf8')).trim().split('\n');
  throw new StartError(`The local PostgreSQL did not start: ${lines.at(-1)}\nIts full output is in ${logFile}.`);
}

/** A port that was free a moment ago: PostgreSQL cannot choose one itself, it does not accept port 0. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('A TCP server has a numeric port.');
  return address.port;
}
