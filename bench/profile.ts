import { readFileSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { SourceMap } from 'node:module';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { dataFolder } from './database.ts';
import { measure } from './measure.ts';
import type { Operation } from './operations.ts';
import type { Options } from './options.ts';
import { startServer, type World } from './server.ts';
import type { Side } from './sides.ts';

/** What `node --cpu-prof` writes, as far as it is read here. Times are microseconds. */
interface CpuProfile {
  readonly nodes: readonly Frame[];
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

interface Frame {
  readonly id: number;
  readonly callFrame: CallFrame;
  /** Ids of the frames that it called. */
  readonly children?: readonly number[];
}

interface CallFrame {
  readonly functionName: string;
  readonly url: string;
  /** From 0, as is the column. */
  readonly lineNumber: number;
  readonly columnNumber: number;
}

/** Where a server's processor time went: parts of all of it, the largest first. */
export interface Profile {
  /** Requests a second, while profiled. */
  readonly rate: number;
  /** By package, with what Node does for it; the garbage collector by itself. */
  readonly packages: readonly Part[];
  /** By function, callees not counted. */
  readonly functions: readonly Part[];
}

interface Part {
  readonly name: string;
  /** From 0 to 1. */
  readonly share: number;
}

const seconds = 8;
/** Seconds after its start that are left out: loading and compiling are over by then. */
const settling = 3;

// The profile is written when the process ends by itself, which a signal alone does not make it do.
const exitOnSignal = 'data:text/javascript,process.on("SIGTERM",()=>process.exit(0))';

/** Runs one operation on a server of its own and says where the time went. */
export async function profileSide(side: Side, operation: Operation, world: World, options: Options): Promise<Profile> {
  const folder = await mkdtemp(join(dataFolder, 'profile-'));
  try {
    const server = await startServer(side, world, ['--cpu-prof', `--cpu-prof-dir=${folder}`, '--import', exitOnSignal]);
    let rate: number;
    try {
      ({ rate } = await measure(server, operation, options, settling + seconds));
    } finally {
      await server.stop();
    }
    const [file] = await readdir(folder);
    if (!file) throw new Error('Node wrote no profile.');
    return { rate, ...partsOf(JSON.parse(await readFile(join(folder, file), 'utf8'))) };
  } finally {
    await rm(folder, { recursive: true });
  }
}

export function printProfile(side: Side, operation: Operation, { rate, packages, functions }: Profile): void {
  console.log(`${side.name} under ${operation}: ${Math.round(rate)} a second while profiled`);
  for (const parts of [packages, functions]) {
    console.log();
    for (const { name, share } of parts.slice(0, 15)) console.log(`${(share * 100).toFixed(1).padStart(5)} %  ${name}`);
  }
}

function partsOf({ nodes, samples, timeDeltas }: CpuProfile): Pick<Profile, 'packages' | 'functions'> {
  const callers = new Map(nodes.flatMap((node) => (node.children ?? []).map((child) => [child, node] as const)));
  const names = new Map(
    nodes.map((node) => [node.id, { package: packageOf(node, callers), function: describe(node.callFrame) }]),
  );
  const packages = new Map<string, number>();
  const functions = new Map<string, number>();
  let time = 0;
  samples.forEach((id, index) => {
    const delta = timeDeltas[index] ?? 0;
    time += delta;
    const name = names.get(id);
    if (!name || name.function === '(idle)' || time < settling * 1e6) return;
    packages.set(name.package, (packages.get(name.package) ?? 0) + delta);
    functions.set(name.function, (functions.get(name.function) ?? 0) + delta);
  });
  return { packages: sharesOf(packages), functions: sharesOf(functions) };
}

function sharesOf(times: ReadonlyMap<string, number>): Part[] {
  const total = [...times.values()].reduce((sum, time) => sum + time, 0);
  const parts = [...times].map(([name, time]) => ({ name, share: time / total }));
  return parts.sort((a, b) => b.share - a.share);
}

/** Of the nearest caller that is in one: what Node does for a package counts as the package's. */
function packageOf(node: Frame, callers: ReadonlyMap<number, Frame>): string {
  if (node.callFrame.functionName === '(garbage collector)') return 'garbage collector';
  for (let frame: Frame | undefined = node; frame; frame = callers.get(frame.id)) {
    const source = sourceOf(frame.callFrame);
    if (source !== null) return /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(source)?.[1] ?? 'own code';
  }
  return 'Node.js';
}

/** The file that a frame was written in, before it was bundled; null for what is Node's. */
function sourceOf({ url, lineNumber, columnNumber }: CallFrame): string | null {
  // What is compiled at run time has no file: it is graphql-jit's.
  if (url === '' || !url.startsWith('file:')) return null;
  const entry = mapOf(fileURLToPath(url))?.findEntry(lineNumber, columnNumber);
  return entry && 'originalSource' in entry ? entry.originalSource : url;
}

const maps = new Map<string, SourceMap | null>();

function mapOf(file: string): SourceMap | null {
  const known = maps.get(file);
  if (known !== undefined) return known;
  const map = readMap(`${file}.map`);
  maps.set(file, map);
  return map;
}

function readMap(file: string): SourceMap | null {
  try {
    return new SourceMap(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return null;
  }
}

function describe({ functionName, url, lineNumber }: CallFrame): string {
  const name = functionName || '(anonymous)';
  if (url === '') return name;
  const file = url.startsWith('file:') ? relative(process.cwd(), fileURLToPath(url)) : url;
  return `${name.padEnd(36)} ${file}:${lineNumber + 1}`;
}
