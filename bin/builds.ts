// npm run build makes all builds that are listed here. It skips one, and says nothing of it, if its sources and the locked
// packages have not changed.
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const dist = join(root, 'dist');
const mainFile = join(dist, 'main.js');
const stamp = 'built-from';

interface Build {
  readonly name: string;
  /** Folder in dist/. */
  readonly output: string;
  /** Files and folders that it is made from, and all builds from `shared` too. */
  readonly sources: readonly string[];
  /** What takes long is announced. */
  readonly isSlow: boolean;
  /** @param files all files of `sources` */
  make(folder: string, files: readonly string[]): Promise<void>;
}

const shared = ['package-lock.json', 'bin/builds.ts', 'bin/site.ts'];
const page = ['budget.ts', 'index.html', 'package.json', 'tsconfig.json', 'vite.config.ts', 'public', 'src'];
// Of projects, separated by spaces.
const project =
  '.dockerignore .editorconfig .env.example .gitignore .npmrc CHANGELOG.md Dockerfile LICENSE biome.json bin compose.yaml ' +
  'docs knip.json mikro-orm.config.ts package-lock.json package.json rolldown.config.ts schema.graphql src tests ' +
  'tsconfig.json vitest.config.ts web';
const builds: readonly Build[] = [
  {
    name: 'server',
    output: 'server',
    sources: ['src', 'rolldown.config.ts', 'tsconfig.json'],
    isSlow: false,
    make: makeServer,
  },
  { name: 'page', output: 'web', sources: page.map((file) => `web/${file}`), isSlow: true, make: makeSite('web') },
  { name: 'IDE', output: 'ide', sources: ['web/ide'], isSlow: true, make: makeSite('web/ide') },
  {
    name: 'template',
    output: 'template',
    sources: project.split(' '),
    isSlow: false,
    make: async (folder, files) => (await import('./template/template.ts')).makeTemplate(folder, files),
  },
];

export function isAllUpToDate(): boolean {
  return builds.every(isUpToDate);
}

/**
 * @param isOptional whether a build that is there will do where what builds is not
 * @returns the exit code
 */
export async function buildAll(isOptional: boolean): Promise<number> {
  // Else that of the shell, or of a test that builds, decides which React is built in.
  process.env.NODE_ENV = 'production';
  const outdated = builds.filter((build) => !isUpToDate(build));
  if (outdated.length > 0 && !(await areBuildersThere())) {
    const isEnough = isOptional && existsSync(mainFile);
    const what = 'The build tools are not installed';
    console.error(
      isEnough
        ? `${what}, so the existing build is used, which may be older than its sources.`
        : `${what}. Type: npm ci --include=dev --include=optional`,
    );
    return isEnough ? 0 : 1;
  }
  for (const build of outdated) await run(build);
  return 0;
}

/** They may be there without the machine code that they load from packages of their own. */
async function areBuildersThere(): Promise<boolean> {
  try {
    await import('rolldown');
    const { loadVite } = await import('./site.ts');
    await loadVite();
    return true;
  } catch {
    return false;
  }
}

function isUpToDate(build: Build): boolean {
  if (build.name === 'server' && !existsSync(mainFile)) return false;
  // A build may be shipped without its sources.
  if (!build.sources.every((file) => existsSync(join(root, file)))) return true;
  const file = join(dist, build.output, stamp);
  return existsSync(file) && readFileSync(file, 'utf8') === hashOf(build);
}

/** Of all that it is made from. Content and not times: a fresh clone and a cached one agree. */
function hashOf({ sources }: Build): string {
  const files = filesOf([...sources, ...shared]).sort();
  const hash = createHash('sha256');
  for (const file of files) hash.update(`${file.slice(root.length)}\0`).update(readFileSync(file));
  return hash.digest('hex');
}

function filesOf(sources: readonly string[]): string[] {
  return sources.flatMap((source) => {
    const path = join(root, source);
    if (statSync(path).isFile()) return [path];
    const entries = readdirSync(path, { recursive: true, withFileTypes: true });
    return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  });
}

async function run(build: Build): Promise<void> {
  if (build.isSlow) console.log(`Building the ${build.name}, which takes up to a minute…`);
  const start = performance.now();
  const source = hashOf(build);
  mkdirSync(dist, { recursive: true });
  removeAbandoned();
  const unfinished = mkdtempSync(join(dist, 'unfinished-'));
  try {
    // A folder in it, since that of mkdtemp is closed to other users.
    const folder = join(unfinished, build.output);
    await build.make(folder, filesOf(build.sources));
    if (!isUpToDate(build)) {
      place(build, unfinished);
      // Last of all: what is cut short before is made again.
      writeFileSync(join(dist, build.output, stamp), source);
    }
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
  }
  if (build.isSlow) {
    console.log(`Built the ${build.name} in ${((performance.now() - start) / 1000).toFixed(1)} s.`);
  }
}

/** What builds that were killed have left. One in progress is never an hour old. */
function removeAbandoned(): void {
  for (const name of readdirSync(dist)) {
    if (!name.startsWith('unfinished-')) continue;
    const made = statSync(join(dist, name), { throwIfNoEntry: false })?.mtimeMs ?? 0;
    if (made < Date.now() - 3_600_000) rmSync(join(dist, name), { recursive: true, force: true });
  }
}

async function makeServer(folder: string): Promise<void> {
  const { rolldown } = await import('rolldown');
  const { default: config } = await import('../rolldown.config.ts');
  const bundle = await rolldown({ ...config, cwd: root });
  // It is moved one folder up in the end.
  const sourcemapPathTransform = (path: string): string => path.replace('../', '');
  await bundle.write({ ...config.output, dir: join(folder, '..'), sourcemapPathTransform });
  await bundle.close();
}

function makeSite(sources: string): Build['make'] {
  return async (folder) => {
    const { buildSite } = await import('./site.ts');
    await buildSite(join(root, sources), folder);
  };
}

/** By renaming, so that a build that was cut short, or did not succeed, leaves in place what was there. */
function place({ output }: Build, unfinished: string): void {
  const target = join(dist, output);
  if (existsSync(target)) renameSync(target, join(unfinished, 'replaced'));
  renameSync(join(unfinished, output), target);
  if (output !== 'server') return;
  for (const file of ['main.js.map', 'main.js']) renameSync(join(unfinished, file), join(dist, file));
}
