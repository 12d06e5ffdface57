import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { StartError } from '../../errors.ts';
import { postgresAccount } from './account.ts';
import { postgresBinaries } from './binaries.ts';
import { type Cluster, clusterUrl, runningCluster, runningPort } from './cluster.ts';
import { runProgram } from './program.ts';

const prefix = 'todoql-';

/** What PostgreSQL answers while it starts or stops (its appendix A). */
const cannotConnectNow = '57P03';
/** Milliseconds: as long as a start may take. */
const patience = 60_000;
/** Milliseconds: after a crash, something else may listen on its port, and never answer. */
const connectionTimeout = 5_000;

/** What a running PostgreSQL carries as its cluster_name, so that a later start can tell whose it is. */
export function ownerName(pid: number): string {
  return `${prefix}${pid}`;
}

/** The todoql that runs on `dataDir` at this moment, and the address of its database; null where none does. */
export async function runningTodoql(dataDir: string): Promise<{ pid: number; databaseUrl: string } | null> {
  const databaseUrl = await runningCluster(dataDir);
  const pid = databaseUrl === null ? null : await findOwner(databaseUrl);
  return databaseUrl !== null && pid !== null && isAlive(pid) ? { pid, databaseUrl } : null;
}

/** Stops the PostgreSQL that a killed todoql left running. @throws StartError where the todoql that started it still lives */
export async function stopOrphan(cluster: Cluster): Promise<void> {
  const port = await runningPort(cluster.folder);
  const owner = port === null ? null : await findOwner(clusterUrl(cluster.password, port, 'postgres'));
  if (owner === null) return;
  if (owner !== process.pid && isAlive(owner)) {
    throw new StartError(
      `Another todoql (process ${owner}) is using ${cluster.dataDir}.\n` +
        'Use that one, stop it first, or start this one with another DATA_DIR (and another PORT).',
    );
  }
  const [account, { pgCtl }] = await Promise.all([postgresAccount(), postgresBinaries()]);
  await runProgram(pgCtl, ['stop', '-D', cluster.folder, '-m', 'fast', '-w'], account);
}

/**
 * The process that started the PostgreSQL at this address; null where none answers. After a crash postmaster.pid may name a
 * foreign process. Waits for one that is about to start or to stop.
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
