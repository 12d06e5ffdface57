import { setTimeout as delay } from 'node:timers/promises';
import { Client } from 'undici';
import type { Size } from './data.ts';
import { percentile, runOpenLoop } from './latency.ts';
import { send } from './load.ts';
import { preparedLanes } from './measure.ts';
import { median } from './results.ts';
import { type Prepared, type Server, startServer, type World } from './server.ts';
import type { Side } from './sides.ts';

/** Log-ins that wait at any time. */
const waiting = 200;

/** Milliseconds after which the server tells a log-in that it is too busy (src/auth/passwords/passwords.ts). */
const longestWait = 5_000;

/** Reads of a task a second: few enough that only what stands in their way can make them slow. */
const rate = 200;

/**
 * Prints how much longer a read of a task takes (p99) while log-ins wait for their hash: todoql alone, on two cores, idle
 * and besieged in turn.
 */
export async function measureStall(side: Side, world: World, size: Size & { readonly rounds: number }): Promise<void> {
  // Each log-in comes from an address of its own, or those that wait would be refused as too many from one.
  const server = await startServer(side, { ...world, env: { TRUST_PROXY: 'loopback' }, cores: '0,2' });
  try {
    // Until all of it is compiled.
    for (let turn = 0; turn < 4; turn += 1) await readTasks(server, size);
    const ratios: number[] = [];
    for (let round = 1; round <= size.rounds; round += 1) {
      const idle = await readTasks(server, size);
      const besieged = await besiege(server, size, () => readTasks(server, size));
      ratios.push(besieged / idle);
      console.log(`round ${round}/${size.rounds}  p99 idle ${idle.toFixed(2)} ms, besieged ${besieged.toFixed(2)} ms`);
    }
    const [least, most] = [Math.min(...ratios), Math.max(...ratios)].map((ratio) => ratio.toFixed(2));
    console.log(
      `\np99 of Q2 with ${waiting} log-ins waiting over idle: ${median(ratios).toFixed(2)} (${least} to ${most})`,
    );
  } finally {
    await server.stop();
  }
}

/** @returns the 99th percentile in milliseconds */
async function readTasks(server: Server, size: Size): Promise<number> {
  const requests = preparedLanes(server, 'Q2', size).flat();
  const { milliseconds, failures } = await runOpenLoop(server.url, requests, rate);
  if (failures.length > 0) throw new Error(`A read failed; the run is void:\n${failures[0]}`);
  return percentile(milliseconds, 0.99);
}

/**
 * Does `work` while so many log-ins wait. Each begins at a time of its own, as people do: begun at once, they would also all
 * be refused at once when they have waited too long. What was answered is sent again.
 */
async function besiege<Result>(server: Server, size: Size, work: () => Promise<Result>): Promise<Result> {
  const [logIns = []] = preparedLanes(server, 'login', size);
  let isOver = false;
  const logInAgain = async (nth: number): Promise<void> => {
    await delay((nth / waiting) * longestWait);
    const client = new Client(server.url);
    const headers = { 'x-forwarded-for': `10.0.${nth >> 8}.${nth & 255}` };
    for (let turn = nth; !isOver; turn += waiting) {
      await send(client, withHeaders(logIns[turn % logIns.length] as Prepared, headers));
    }
    await client.destroy();
  };
  const siege = Promise.all(Array.from({ length: waiting }, (_, nth) => logInAgain(nth)));
  await delay(longestWait);
  const result = await work();
  isOver = true;
  await siege;
  return result;
}

function withHeaders(request: Prepared, headers: Record<string, string>): Prepared {
  return { ...request, headers: { ...request.headers, ...headers } };
}
