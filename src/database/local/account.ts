import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { StartError } from '../../errors.ts';

/** The operating system's account that PostgreSQL runs as. */
export interface Account {
  readonly uid: number;
  readonly gid: number;
}

const name = 'postgres';

/** Whether this process is root, as which PostgreSQL refuses to run. */
export const isRoot = process.getuid?.() === 0;

/** Where root keeps PostgreSQL's programs and data, since PostgreSQL's account may not be able to enter the clone. */
export const systemFolder = '/var/lib/todoql';

/** null for an ordinary user; for root `postgres`, made where there is none. @throws StartError */
export async function postgresAccount(): Promise<Account | null> {
  if (!isRoot) return null;
  const existing = await findAccount();
  if (existing) return existing;
  await promisify(execFile)('useradd', ['--system', '--no-create-home', '--user-group', name]).catch(() => {});
  const made = await findAccount();
  if (made) return made;
  throw new StartError(
    `PostgreSQL does not run as root and no user "${name}" could be made.\n` +
      'Start todoql as an ordinary user, or set DATABASE_URL to a PostgreSQL that runs elsewhere.',
  );
}

async function findAccount(): Promise<Account | null> {
  const lines = (await readFile('/etc/passwd', 'utf8')).split('\n');
  const [, , uid, gid] = lines.find((line) => line.startsWith(`${name}:`))?.split(':') ?? [];
  return uid && gid ? { uid: Number(uid), gid: Number(gid) } : null;
}
