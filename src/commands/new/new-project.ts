import { readFileSync } from 'node:fs';
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { brotliDecompressSync } from 'node:zlib';
import { StartError } from '../../errors.ts';
import { packageFolder } from '../../settings/command-line.ts';
import { makeFolder } from '../../settings/make-folder.ts';
import { commitProject } from './commit-project.ts';
import { type Files, placeholder, type Template, templateFile } from './template.ts';

/** Makes a project from the sources of this one, named after its folder. @returns the exit code */
export async function newProject(target: string, hasPage: boolean): Promise<number> {
  const folder = resolve(target);
  const name = basename(folder);
  checkName(name);
  await checkIsFree(folder);
  const files = filesOf(readTemplate(), name, hasPage);
  await writeProject(folder, files);
  const repository = await commitProject(folder);
  console.log(
    [
      `Made ${name} in ${folder}. ${repository}`,
      '',
      `  cd ${relative('', folder) || '.'}`,
      '  npm ci && npm start',
      '',
      'Its README.md says how to test and check it, and how to add the first entity.',
    ].join('\n'),
  );
  return 0;
}

/** A name that npm, Docker and Kubernetes take. */
function checkName(name: string): void {
  if (/^[a-z]([a-z0-9-]{0,48}[a-z0-9])?$/.test(name)) return;
  throw new StartError(
    `"${name}" cannot name a package. Choose a folder whose name has up to 50 of a to z, 0 to 9 and "-", and starts with a letter.`,
  );
}

async function checkIsFree(folder: string): Promise<void> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw explain(folder, error);
  });
  if (names.length > 0) throw new StartError(`${folder} is not empty. Choose another folder.`);
}

function readTemplate(): Template {
  return JSON.parse(brotliDecompressSync(readFileSync(join(packageFolder, 'dist', templateFile))).toString());
}

function filesOf({ withPage, withoutPage }: Template, name: string, hasPage: boolean): Files {
  const texts = Object.entries(hasPage ? withPage : withoutPage);
  return Object.fromEntries(texts.map(([path, text]) => [path, text.replaceAll(placeholder, name)]));
}

/** All of it, or nothing. @throws StartError if the folder cannot be written, or the user stops the command */
async function writeProject(folder: string, files: Files): Promise<void> {
  const interruption = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => interruption.abort());
  let made: string | undefined;
  try {
    made = await makeFolder(folder);
    for (const [path, text] of Object.entries(files)) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), text);
      if (interruption.signal.aborted) throw new StartError('Stopped. Nothing was made.');
    }
  } catch (error) {
    // The first folder that was made, or what is in one that was there and empty.
    const remains =
      made === undefined ? Object.keys(files).map((path) => join(folder, path.split('/')[0] ?? '')) : [made];
    for (const path of remains) await rm(path, { recursive: true, force: true }).catch(() => {});
    throw explain(folder, error);
  }
}

function explain(folder: string, error: unknown): unknown {
  const { code, syscall } = error as NodeJS.ErrnoException;
  if (syscall === undefined) return error;
  return new StartError(`${folder} cannot be written (${code}). Choose another folder.`);
}
