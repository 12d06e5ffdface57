import { execFile } from 'node:child_process';
import { access, chmod, cp, mkdir, readdir, readFile, stat, symlink } from 'node:fs/promises';
import { basename, join, posix } from 'node:path';
import { promisify } from 'node:util';
import { repository } from '../support/program.ts';
import { isIgnored, parseDockerfile, readCommand, type Stage, textOf } from './dockerfile.ts';

const run = promisify(execFile);

/** The final stage's files, which the base image lies below, and how a container of it starts. */
export interface Image {
  readonly root: string;
  readonly workdir: string;
  readonly user: string;
  readonly env: Readonly<Record<string, string>>;
  readonly entrypoint: readonly string[];
  readonly command: readonly string[];
  readonly healthcheck: readonly string[];
}

/**
 * Carries out the Dockerfile in an empty folder, with what .dockerignore lets in as the context. Not as Docker does: RUN uses
 * this machine's system and Node.js instead of the base image's, and instead of `npm ci` there is a link to what it has
 * installed in the repository.
 */
export async function buildImage(folder: string): Promise<Image> {
  const context = join(folder, 'context');
  await copyContext(context);
  const stages = parseDockerfile(await readFile(join(repository, 'Dockerfile'), 'utf8'));
  const roots = new Map<string, string>();
  for (const [index, stage] of stages.entries()) {
    const root = join(folder, `stage-${index}`);
    await carryOut(stage, root, (name) => (name === undefined ? context : (roots.get(name) ?? '')));
    roots.set(stage.name ?? String(index), root);
  }
  return imageOf(stages.at(-1) as Stage, [...roots.values()].at(-1) ?? '');
}

function imageOf(stage: Stage, root: string): Image {
  const env = stage.instructions.filter(({ name }) => name === 'ENV').map(({ text }) => text.split('=', 2));
  return {
    root,
    workdir: textOf(stage, 'WORKDIR'),
    user: textOf(stage, 'USER'),
    env: Object.fromEntries(env),
    entrypoint: readCommand(textOf(stage, 'ENTRYPOINT')),
    command: readCommand(textOf(stage, 'CMD')),
    healthcheck: readCommand(textOf(stage, 'HEALTHCHECK').replace(/^.*CMD /, '')),
  };
}

/** As of a clone that was made under umask 077. */
async function copyContext(context: string): Promise<void> {
  const ignored = await readFile(join(repository, '.dockerignore'), 'utf8');
  const copy = async (path: string): Promise<void> => {
    const isFolder = (await stat(join(repository, path))).isDirectory();
    // A folder that is left out may have files that are let in, but this project's .dockerignore has none.
    if (path !== '' && isIgnored(path, ignored)) return;
    if (!isFolder) await cp(join(repository, path), join(context, path));
    else await mkdir(join(context, path));
    await chmod(join(context, path), isFolder ? 0o700 : 0o600);
    if (isFolder) for (const name of await readdir(join(repository, path))) await copy(posix.join(path, name));
  };
  await copy('');
}

async function carryOut(stage: Stage, root: string, sourceOf: (stage?: string) => string): Promise<void> {
  let workdir = root;
  for (const { name, text } of stage.instructions) {
    if (name === 'WORKDIR') {
      workdir = join(root, text);
      await mkdir(workdir, { recursive: true });
    }
    if (name === 'COPY') {
      const [, from, paths = ''] = /^(?:--from=(\S+) )?([^-].*)$/.exec(text) ?? [];
      await copyInto(workdir, sourceOf(from), paths.split(' '));
    }
    if (name === 'RUN') await carryOutRun(text, workdir);
  }
}

/** As COPY does: of a folder it copies the content; a target that ends with / is a folder. */
async function copyInto(workdir: string, source: string, paths: string[]): Promise<void> {
  const target = paths.pop() ?? '';
  for (const path of paths) {
    const isFolder = (await stat(join(source, path))).isDirectory();
    const isInto = !isFolder && /(^\.|\/)$/.test(target);
    await cp(join(source, path), join(workdir, target, isInto ? basename(path) : ''), { recursive: true });
  }
}

async function carryOutRun(command: string, cwd: string): Promise<void> {
  if (command === 'npm ci') return installInto(cwd);
  const path = `${join(repository, 'node_modules/node/bin')}:${process.env.PATH}`;
  await run('sh', ['-c', command], { cwd, env: { PATH: path, HOME: process.env.HOME } });
}

/** @throws Error if npm ci would miss the package.json of a workspace */
async function installInto(cwd: string): Promise<void> {
  const { packages } = JSON.parse(await readFile(join(cwd, 'package-lock.json'), 'utf8'));
  const ours = Object.keys(packages).filter((path) => !path.includes('node_modules'));
  for (const path of ours) await access(join(cwd, path, 'package.json'));
  await symlink(join(repository, 'node_modules'), join(cwd, 'node_modules'));
}
