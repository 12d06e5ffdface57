import { randomBytes, randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chown, mkdir, readFile, readlink, realpath, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { StartError } from '../../errors.ts';
import { makeFolder } from '../../settings/make-folder.ts';
import { isRoot, postgresAccount, systemFolder } from './account.ts';
import { postgresBinaries } from './binaries.ts';
import { runProgram } from './program.ts';

/** A PostgreSQL data directory; the server may be running or not. */
export interface Cluster {
  readonly dataDir: string;
  /** The real path, because PostgreSQL's account may be unable to follow root's link. */
  readonly folder: string;
  readonly password: string;
}

const superuser = 'todoql';
export const databaseName = 'todoql';
const passwordFile = 'todoql-password';

// Collation by code point, so that sorting does not depend on the machine's locales, but Unicode character classes, so that
// trigram search knows letters beyond ASCII.
const characterType = process.platform === 'darwin' ? 'UTF-8' : 'C.UTF-8';

/** Opens the cluster in `dataDir`, and creates it if there is none. */
export async function openCluster(dataDir: string): Promise<Cluster> {
  const folder = join(dataDir, 'postgres');
  await refuseLostData(dataDir, folder);
  if (!existsSync(join(folder, 'PG_VERSION'))) await createCluster(folder);
  return { dataDir, folder: await realpath(folder), password: await readPassword(folder) };
}

/** The URL of the cluster in `dataDir` if it runs, otherwise null. */
export async function runningCluster(dataDir: string): Promise<string | null> {
  const folder = join(dataDir, 'postgres');
  const port = await runningPort(folder);
  return port === null ? null : clusterUrl(await readPassword(folder), port, databaseName);
}

/** The port, from the fourth line of postmaster.pid. PostgreSQL removes that file when it stops, but not if it is killed. */
export async function runningPort(folder: string): Promise<number | null> {
  const lines = (await readFile(join(folder, 'postmaster.pid'), 'utf8').catch(() => '')).split('\n');
  return Number(lines[3]) || null;
}

export function clusterUrl(password: string, port: number, database: string): string {
  return `postgresql://${superuser}:${password}@127.0.0.1:${port}/${database}`;
}

function readPassword(folder: string): Promise<string> {
  return readFile(join(folder, passwordFile), 'utf8');
}

/**
 * Renames (for root, links) the complete cluster, so that an interrupted start leaves no partial one. Of two concurrent first
 * starts, the slower one removes its own.
 */
async function createCluster(folder: string): Promise<void> {
  // Looked for first: where they are not installed, as in a container, the folder can often not be made either.
  await postgresBinaries();
  await makeFolder(dirname(folder), 0o700);
  const created = isRoot ? join(systemFolder, `data-${randomUUID()}`) : `${folder}.${randomUUID()}.new`;
  await initialize(created);
  const putInPlace = isRoot ? symlink(created, folder) : rename(created, folder);
  await putInPlace.catch(() => rm(created, { recursive: true, force: true }));
}

/** Root's data may be gone although the link remains: if a container is recreated, but the project's folder is a volume. */
async function refuseLostData(dataDir: string, folder: string): Promise<void> {
  const target = await readlink(folder).catch(() => null);
  if (target === null || existsSync(target)) return;
  throw new StartError(
    `The data of ${dataDir} was in ${target}, which no longer exists.\nDelete ${dataDir} to start over.`,
  );
}

async function initialize(folder: string): Promise<void> {
  const [account, { initdb }] = await Promise.all([postgresAccount(), postgresBinaries()]);
  const password = randomBytes(24).toString('hex');
  const passwordForInitdb = `${folder}.password`;
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await writeFile(passwordForInitdb, password, { mode: 0o600 });
  if (account) await Promise.all([folder, passwordForInitdb].map((path) => chown(path, account.uid, account.gid)));
  const locale = ['--encoding=UTF8', '--lc-collate=C', `--lc-ctype=${characterType}`, '--lc-messages=C'];
  const access = [`--username=${superuser}`, `--pwfile=${passwordForInitdb}`, '--auth=scram-sha-256'];
  await runProgram(initdb, [`--pgdata=${folder}`, ...locale, ...access], account).finally(() => rm(passwordForInitdb));
  await writeFile(join(folder, passwordFile), password, { mode: 0o600 });
}
