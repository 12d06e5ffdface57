import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { lstat, readdir, realpath, rename, rm, rmdir } from 'node:fs/promises';
import { join, relative } from 'node:path';
import type { Config } from '../config.ts';
import { openCluster } from '../database/local/cluster.ts';
import { runningTodoql, stopOrphan } from '../database/local/orphan.ts';
import { StartError } from '../errors.ts';
import { confirm } from './confirm.ts';

const uuid = '[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}';
// What todoql makes in DATA_DIR, and what it leaves there when it is killed meanwhile. Nothing else is touched: DATA_DIR
// may name a folder that holds other things.
const ours = new RegExp(
  `^(postgres|postgres\\.log|jwt-secret|jwt-secret\\.${uuid}|postgres\\.${uuid}\\.new(\\.password)?)$`,
);

/** Removes the local database and secret, after asking. @returns the exit code */
export async function reset({ databaseUrl, dataDir }: Config, isAgreed: boolean): Promise<number> {
  if (databaseUrl !== null) {
    throw new StartError('reset removes the local database alone, and DATABASE_URL names another one.');
  }
  await refuseWhileServed(dataDir);
  const postgres = join(dataDir, 'postgres');
  // A database that todoql made holds a file of todoql's besides PostgreSQL's own. A link may lead nowhere.
  const isForeign = ['PG_VERSION', 'todoql-password'].some((file) => !existsSync(join(postgres, file)));
  if (existsSync(postgres) && isForeign) {
    throw new StartError(`${shown(postgres)} is not a database of todoql's. Nothing was removed.`);
  }
  const paths = await findData(dataDir);
  if (paths.length === 0) {
    console.log(`There is no local data in ${shown(dataDir)}.`);
    return 0;
  }
  const list = paths.map((path) => `  ${shown(path)}`).join('\n');
  const warning = 'This removes the local database with every account and task, and the local secret:';
  await confirm(`${warning}\n${list}`, isAgreed);
  await refuseWhileServed(dataDir);
  // A todoql that was killed leaves its PostgreSQL running.
  if (existsSync(postgres)) await stopOrphan(await openCluster(dataDir));
  // Set aside by one rename first: no start finds half a database, and where this is interrupted, a reset finds the rest.
  const setAside = `${postgres}.${randomUUID()}.new`;
  if (paths.includes(postgres)) await rename(postgres, setAside);
  for (const path of paths) await rm(path === postgres ? setAside : path, { recursive: true, force: true });
  // Other files stay, and with them the folder.
  await rmdir(dataDir).catch((error: NodeJS.ErrnoException) => {
    if (!/^(ENOTEMPTY|EEXIST|EBUSY)$/.test(error.code ?? '')) throw error;
  });
  console.log(`Removed:\n${list}`);
  return 0;
}

async function refuseWhileServed(dataDir: string): Promise<void> {
  const running = await runningTodoql(dataDir);
  if (running) throw new StartError(`A todoql (process ${running.pid}) is using ${shown(dataDir)}. Stop it first.`);
}

/** Absolute paths, what links lead to first. */
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
