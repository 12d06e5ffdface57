// Builds the page into dist/web and the IDE into dist/ide, each where what is there is not what its sources and the locked
// packages make. Else says nothing.
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
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

const here = import.meta.dirname;
const root = join(here, '..');
const stamp = 'built-from';

interface Site {
  readonly name: string;
  readonly folder: string;
  readonly target: string;
  /** Hash of all that it is made from. Content and not times: a fresh clone and a cached one agree. */
  readonly source: string;
}

const shared = ['package-lock.json', 'web/build.ts'].map((file) => join(root, file));
const page = ['budget.ts', 'index.html', 'package.json', 'tsconfig.json', 'vite.config.ts', 'public', 'src'];
const sites = [site('page', here, 'web', page), site('IDE', join(here, 'ide'), 'ide', readdirSync(join(here, 'ide')))];
// Else that of the shell, or of a test that builds, decides which React is built in.
process.env.NODE_ENV = 'production';
for (const site of sites) if (!isUpToDate(site)) await build(site);

function site(name: string, folder: string, output: string, entries: string[]): Site {
  const files = entries.flatMap((entry) => filesOf(join(folder, entry))).sort();
  const hash = createHash('sha256');
  for (const file of [...files, ...shared]) hash.update(`${file.slice(root.length)}\0`).update(readFileSync(file));
  return { name, folder, target: join(root, 'dist', output), source: hash.digest('hex') };
}

function filesOf(path: string): string[] {
  if (statSync(path).isFile()) return [path];
  const entries = readdirSync(path, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

function isUpToDate({ target, source }: Site): boolean {
  const file = join(target, stamp);
  return existsSync(file) && readFileSync(file, 'utf8') === source;
}

async function build(site: Site): Promise<void> {
  console.log(`Building the ${site.name}, which takes up to a minute…`);
  const start = performance.now();
  const { build: buildWithVite } = await import('vite');
  mkdirSync(join(root, 'dist'), { recursive: true });
  const folder = mkdtempSync(`${site.target}-`);
  try {
    const configFile = join(site.folder, 'vite.config.ts');
    await buildWithVite({ configFile, logLevel: 'error', build: { outDir: folder, emptyOutDir: true } });
    const files = filesOf(folder);
    await Promise.all(files.map(compress));
    writeFileSync(join(folder, stamp), site.source);
    replaceTarget(site, folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  console.log(`Built the ${site.name} in ${((performance.now() - start) / 1000).toFixed(1)} s.`);
}

/** Beside each file, what a server that compresses nothing by itself hands to a client that takes it. */
async function compress(file: string): Promise<void> {
  const content = await readFile(file);
  // One below the best: half the time of the whole build, for 2 % more bytes.
  const params = { [constants.BROTLI_PARAM_QUALITY]: 10, [constants.BROTLI_PARAM_SIZE_HINT]: content.length };
  await writeFile(`${file}.br`, await promisify(brotliCompress)(content, { params }));
  await writeFile(`${file}.gz`, await promisify(gzip)(content));
}

/** In one step, so that a build that was cut short leaves nothing half done. Of two at once, the first one stays. */
function replaceTarget(site: Site, folder: string): void {
  if (isUpToDate(site)) return;
  rmSync(site.target, { recursive: true, force: true });
  renameSync(folder, site.target);
}
