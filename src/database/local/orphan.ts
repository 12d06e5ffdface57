import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { StartError } from '../../errors.ts';
import { productName } from '../../product-name.ts';
import { postgresAccount } from './account.ts';
import { postgresBinaries } from './binaries.ts';
import { type Cluster, clusterUrl, runningCluster, runningPort } from './cluster.ts';
import { runProgram } from './program.ts';

const prefix = 'todoql-';

/** The error code of a PostgreSQL that is starting or stopping. */
const cannotConnectNow = '57P03';
/** Milliseconds to wait for a PostgreSQL that is starting or stopping. */
const patience = 60_000;
/** Milliseconds. After a crash, another program may listen on the port and never respond. */
const connectionTimeout = 5_000;

/** The cluster_name of a running PostgreSQL, by which a later start finds the process that started it. */
export function ownerName(pid: number): string {
  return `${prefix}${pid}`;
}

/** The todoql that is using `dataDir`, and the URL of its database; null if there is none. */
export async function runningTodoql(dataDir: string): Promise<{ pid: number; databaseUrl: string } | null> {
  const databaseUrl = await runningCluster(dataDir);
  const pid = databaseUrl === null ? null : await findOwner(databaseUrl);
  return databaseUrl !== null && pid !== null && isAlive(pid) ? { pid, databaseUrl } : null;
}

/** Stops a PostgreSQL that a killed todoql left running. @throws StartError if the todoql that started it still runs */
export async function stopOrphan(cluster: Cluster): Promise<void> {
  const port = await runningPort(cluster.folder);
  const owner = port === null ? null : await findOwner(clusterUrl(cluster.password, port, 'postgres'));
  if (owner === null) return;
  if (owner !== process.pid && isAlive(owner)) {
    throw new StartError(
      `Another ${productName} (process ${owner}) is using ${cluster.dataDir}.\n` +
        'Use that one, stop it first, or start this one with another DATA_DIR (and another PORT).',
    );
  }
  const [account, { pgCtl }] = await Promise.all([postgresAccount(), postgresBinaries()]);
  await runProgram(pgCtl, ['stop', '-D', cluster.folder, '-m', 'fast', '-w'], account);
}

/**
 * The process that started the PostgreSQL at this URL; null if none responds: after a crash, the port in postmaster.pid may
 * belong to another program. Waits while PostgreSQL is starting or stopping.
 */
async function findOwner(url: string): Promise<number | null> {
  const deadline = Date.now() + patience;
  for (;;) {
    const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: connectionTimeout });
    try {
      await client.connect();
      const { rows } = await client.query<{ owner: string }>("select current_setting('cluster_name') as owner");
      return Number(rows[0]?.owner.slice(prefix.length)) || null;
    } catch (error) {
      if ((error as pg.DatabaseError).code !== cannotConnectNow || Date.now() > deadline) return null;
      await delay(50);
    } finally {
      await client.end();
    }
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
