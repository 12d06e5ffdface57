import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { StartError } from '../../errors.ts';
import { productName } from '../../product-name.ts';

/** The account of the operating system that PostgreSQL runs as. */
export interface Account {
  readonly uid: number;
  readonly gid: number;
}

const name = 'postgres';

/** PostgreSQL refuses to run as root. */
export const isRoot = process.getuid?.() === 0;

/**
 * For PostgreSQL's programs and data under root, because PostgreSQL's account may have no access to the project's folder. Not
 * by the product's name, which may be that of another program there.
 */
export const systemFolder = '/var/lib/todoql';

/** For root the account `postgres`, created if there is none; null for an ordinary user. @throws StartError */
export async function postgresAccount(): Promise<Account | null> {
  if (!isRoot) return null;
  const existing = await findAccount();
  if (existing) return existing;
  await promisify(execFile)('useradd', ['--system', '--no-create-home', '--user-group', name]).catch(() => {});
  const created = await findAccount();
  if (created) return created;
  throw new StartError(
    `PostgreSQL does not run as root, and the user "${name}" could not be created.\n` +
      `Start ${productName} as an ordinary user, or set DATABASE_URL to a PostgreSQL that runs elsewhere.`,
  );
}

async function findAccount(): Promise<Account | null> {
  const lines = (await readFile('/etc/passwd', 'utf8')).split('\n');
  const [, , uid, gid] = lines.find((line) => line.startsWith(`${name}:`))?.split(':') ?? [];
  return uid && gid ? { uid: Number(uid), gid: Number(gid) } : null;
}
