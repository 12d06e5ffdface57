import { setImmediate as turn } from 'node:timers/promises';
import { Pool } from 'undici';
import type { Size } from './data.ts';
import { send } from './load.ts';
import { preparedLanes } from './measure.ts';
import type { Operation } from './operations.ts';
import type { Prepared, Server } from './server.ts';

/** Milliseconds from when a request was due to be sent to when its answer was complete. */
export interface Latency {
  /** The part of the side's own maximum that was asked of it. */
  readonly share: number;
  readonly rate: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
}

const shares = [0.25, 0.5, 0.75];
const seconds = 4;
const connections = 64;

/** Latencies at fixed rates, which a side's own slowness cannot lower, as it does those of a closed loop. */
export async function measureLatencies(
  server: Server,
  operation: Operation,
  size: Size,
  maximum: number,
): Promise<Latency[]> {
  const lanes = preparedLanes(server, operation, size);
  // All lanes take turns, so that requests in flight at once are for different users.
  const requests = (lanes[0] ?? []).flatMap((_, turn) => lanes.map((lane) => lane[turn] as Prepared));
  const latencies: Latency[] = [];
  for (const share of shares) {
    const { milliseconds, failures } = await runOpenLoop(server.url, requests, maximum * share);
    if (failures.length > 0) {
      console.warn(`${server.side.name} fails at ${share * 100} %, which is left out: ${failures[0]}`);
      continue;
    }
    const at = (part: number): number => percentile(milliseconds, part);
    latencies.push({ share, rate: maximum * share, p50: at(0.5), p95: at(0.95), p99: at(0.99) });
  }
  return latencies;
}

/** @param part from 0 to 1 */
export function percentile(values: readonly number[], part: number): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length * part)] ?? Number.NaN;
}

interface OpenLoop {
  readonly milliseconds: number[];
  readonly failures: readonly string[];
}

/** Sends at a fixed rate, whether or not earlier requests have been answered. Busy between sends: timers are too coarse. */
export async function runOpenLoop(url: string, requests: readonly Prepared[], rate: number): Promise<OpenLoop> {
  const pool = new Pool(url, { connections });
  const milliseconds: number[] = [];
  const failures: string[] = [];
  const pending: Promise<void>[] = [];
  const sendOne = async (index: number, due: number): Promise<void> => {
    const failure = await send(pool, requests[index % requests.length] as Prepared);
    if (failure === null) milliseconds.push(performance.now() - due);
    else failures.push(failure);
  };
  try {
    const total = Math.ceil(rate * seconds);
    const started = performance.now();
    for (let sent = 0; sent < total && failures.length === 0; await turn()) {
      const due = Math.min(total, 1 + Math.floor(((performance.now() - started) / 1_000) * rate));
      for (; sent < due; sent += 1) pending.push(sendOne(sent, started + (sent / rate) * 1_000));
    }
    await Promise.all(pending);
    return { milliseconds, failures };
  } finally {
    await pool.destroy();
  }
}
