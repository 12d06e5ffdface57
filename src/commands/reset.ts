import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { lstat, readdir, realpath, rename, rm, rmdir } from 'node:fs/promises';
import { join, relative } from 'node:path';
import type { Config } from '../config.ts';
import { openCluster } from '../database/local/cluster.ts';
import { runningTodoql, stopOrphan } from '../database/local/orphan.ts';
import { StartError } from '../errors.ts';
import { productName } from '../product-name.ts';
import { confirm } from './confirm.ts';

const uuid = '[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}';
// What todoql creates in DATA_DIR, including what remains if it is killed meanwhile. Nothing else is removed, since DATA_DIR
// may be a folder with other files.
const ours = new RegExp(
  `^(outbox|postgres|postgres\\.log|jwt-secret|jwt-secret\\.${uuid}|postgres\\.${uuid}\\.new(\\.password)?)$`,
);

/** Removes the local database and secret, after asking. @returns the exit code */
export async function reset({ databaseUrl, dataDir }: Config, isAgreed: boolean): Promise<number> {
  if (databaseUrl !== null) {
    throw new StartError('reset removes only the local database, but DATABASE_URL is set.');
  }
  await refuseWhileServed(dataDir);
  const postgres = join(dataDir, 'postgres');
  // A database that todoql created has a file of todoql's own. A link may lead nowhere.
  const isForeign = ['PG_VERSION', 'todoql-password'].some((file) => !existsSync(join(postgres, file)));
  if (existsSync(postgres) && isForeign) {
    throw new StartError(`${shown(postgres)} is not a database of ${productName}. Nothing was removed.`);
  }
  const paths = await findData(dataDir);
  if (paths.length === 0) {
    console.log(`There is no local data in ${shown(dataDir)}.`);
    return 0;
  }
  const list = paths.map((path) => `  ${shown(path)}`).join('\n');
  const warning = 'This removes the local database with all accounts and tasks, and the local secret:';
  await confirm(`${warning}\n${list}`, isAgreed);
  await refuseWhileServed(dataDir);
  // A todoql that was killed leaves its PostgreSQL running.
  if (existsSync(postgres)) await stopOrphan(await openCluster(dataDir));
  // Renamed first: no start finds half a database, and if this is interrupted, the next reset finds the rest.
  const renamed = `${postgres}.${randomUUID()}.new`;
  if (paths.includes(postgres)) await rename(postgres, renamed);
  for (const path of paths) await rm(path === postgres ? renamed : path, { recursive: true, force: true });
  // Keeps a folder with other files.
  await rmdir(dataDir).catch((error: NodeJS.ErrnoException) => {
    if (!/^(ENOTEMPTY|EEXIST|EBUSY)$/.test(error.code ?? '')) throw error;
  });
  console.log(`Removed:\n${list}`);
  return 0;
}

async function refuseWhileServed(dataDir: string): Promise<void> {
  const running = await runningTodoql(dataDir);
  if (running)
    throw new StartError(`Another ${productName} (process ${running.pid}) is using ${shown(dataDir)}. Stop it first.`);
}

/** Absolute paths, with the target of a link before the link. */
async function findData(dataDir: string): Promise<string[]> {
  const names = (await readdir(dataDir).catch(() => [])).filter((name) => ours.test(name)).sort();
  const paths = names.map(async (name) => {
    const path = join(dataDir, name);
    const target = (await lstat(path)).isSymbolicLink() ? await realpath(path).catch(() => null) : null;
    return target === null ? [path] : [target, path];
  });
  return (await Promise.all(paths)).flat();
}

function shown(path: string): string {
  const fromHere = relative('', path);
  return fromHere === '' || fromHere.startsWith('..') ? path : fromHere;
}
