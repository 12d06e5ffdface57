import { Client } from 'undici';
import type { Size } from './data.ts';
import { percentile } from './latency.ts';
import { send } from './load.ts';
import { preparedLanes } from './measure.ts';
import { median } from './results.ts';
import type { Prepared, Server } from './server.ts';

/** How long a client waits that has the server to itself. */
export interface OneClient {
  /** Milliseconds from sending a request to the end of its answer, half of all at most. */
  readonly p50: number;
  /** todoql's over the side's, taken in the same round. */
  readonly ratio: number;
}

const seconds = 1;

/** Reads a task by its id, one request after the other; medians over rounds in which each side has its turn. */
export async function measureOneClient(
  servers: readonly Server[],
  size: Size,
  rounds: number,
): Promise<Map<string, OneClient>> {
  const waits = new Map<string, number[]>(servers.map(({ side }) => [side.name, []]));
  for (let round = 0; round < rounds; round += 1) {
    for (const server of servers) waits.get(server.side.name)?.push(await waitOf(server, size));
  }
  const reference = waits.get('todoql') ?? [];
  return new Map(
    [...waits].map(([name, own]) => {
      const ratios = own.map((wait, round) => (reference[round] ?? Number.NaN) / wait);
      return [name, { p50: median(own), ratio: median(ratios) }];
    }),
  );
}

async function waitOf(server: Server, size: Size): Promise<number> {
  const lane = preparedLanes(server, 'Q2', size)[0] ?? [];
  const client = new Client(server.url);
  const waits: number[] = [];
  try {
    const until = performance.now() + seconds * 1_000;
    for (let turn = 0; performance.now() < until; turn += 1) {
      const sent = performance.now();
      const failure = await send(client, lane[turn % lane.length] as Prepared);
      if (failure !== null) throw new Error(`${server.side.name} failed with one client:\n${failure}`);
      waits.push(performance.now() - sent);
    }
    return percentile(waits, 0.5);
  } finally {
    await client.destroy();
  }
}
