import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
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
  readonly nodes: readonly { readonly id: number; readonly callFrame: CallFrame }[];
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

interface CallFrame {
  readonly functionName: string;
  readonly url: string;
  readonly lineNumber: number;
}

const seconds = 8;
const shown = 15;

// The profile is written when the process ends by itself, which a signal alone does not make it do.
const exitOnSignal = 'data:text/javascript,process.on("SIGTERM",()=>process.exit(0))';

/** Prints the functions that a side spends its time in under one operation, callees not counted. */
export async function profileSide(side: Side, operation: Operation, world: World, options: Options): Promise<void> {
  const folder = await mkdtemp(join(dataFolder, 'profile-'));
  try {
    const server = await startServer(side, world, ['--cpu-prof', `--cpu-prof-dir=${folder}`, '--import', exitOnSignal]);
    try {
      const { rate } = await measure(server, operation, options, seconds);
      console.log(`${side.name} under ${operation}: ${Math.round(rate)} a second while profiled\n`);
    } finally {
      await server.stop();
    }
    const [file] = await readdir(folder);
    if (!file) throw new Error('Node wrote no profile.');
    print(JSON.parse(await readFile(join(folder, file), 'utf8')));
  } finally {
    await rm(folder, { recursive: true });
  }
}

function print(profile: CpuProfile): void {
  const times = selfTimes(profile);
  const total = [...times.values()].reduce((sum, time) => sum + time, 0);
  const first = [...times].sort(([, a], [, b]) => b - a).slice(0, shown);
  for (const [place, time] of first) console.log(`${((time / total) * 100).toFixed(1).padStart(5)} %  ${place}`);
}

/** By function and place; waiting for work is left out. */
function selfTimes({ nodes, samples, timeDeltas }: CpuProfile): Map<string, number> {
  const places = new Map(nodes.map(({ id, callFrame }) => [id, describe(callFrame)]));
  const times = new Map<string, number>();
  samples.forEach((id, index) => {
    const place = places.get(id) ?? '';
    if (place !== '(idle)') times.set(place, (times.get(place) ?? 0) + (timeDeltas[index] ?? 0));
  });
  return times;
}

function describe({ functionName, url, lineNumber }: CallFrame): string {
  const name = functionName || '(anonymous)';
  if (url === '') return name;
  const file = url.startsWith('file:') ? relative(process.cwd(), fileURLToPath(url)) : url;
  return `${name.padEnd(36)} ${file}:${lineNumber + 1}`;
}
