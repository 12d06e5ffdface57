import { Client } from 'undici';
import type { Prepared } from './server.ts';

/** What a stretch of load brought. */
export interface Load {
  readonly requests: number;
  readonly seconds: number;
  readonly failures: readonly string[];
  /** The part of its core that the client needed. Near 1 the client is what was measured. */
  readonly clientShare: number;
}

/** The same through all of a run: how many acts belong together, and for how long to start new ones. */
export interface Pace {
  readonly seconds: number;
  readonly stride: number;
}

/**
 * A closed loop: one kept-alive connection for each lane, each sending its next request when the last one is answered.
 * Whatever has been started is waited for and counted, so that slow operations are not rounded down.
 */
export async function runClosedLoop(url: string, lanes: readonly Prepared[][], pace: Pace): Promise<Load> {
  const clients = lanes.map(() => new Client(url));
  const failures: string[] = [];
  let requests = 0;
  const runLane = async (client: Client, lane: readonly Prepared[], until: number): Promise<void> => {
    for (let turn = 0; ; turn = (turn + 1) % lane.length) {
      if (turn % pace.stride === 0 && performance.now() >= until) return;
      const failure = await send(client, lane[turn] as Prepared);
      requests += 1;
      if (failure !== null && failures.push(failure) > 10) return;
    }
  };
  const runAll = (until: number) =>
    Promise.all(clients.map((client, index) => runLane(client, lanes[index] as Prepared[], until)));
  try {
    // Connecting is not what is measured.
    await Promise.all(clients.map((client) => send(client, ping)));
    const cpu = process.cpuUsage();
    const started = performance.now();
    await runAll(started + pace.seconds * 1_000);
    const seconds = (performance.now() - started) / 1_000;
    const { user, system } = process.cpuUsage(cpu);
    return { requests, seconds, failures, clientShare: (user + system) / 1e6 / seconds };
  } finally {
    await Promise.all(clients.map((client) => client.destroy()));
  }
}

const ping: Prepared = { method: 'GET', path: '/ping', headers: {}, body: null };

// Where GraphQL tells of failures, in a 200. No title or description holds it.
const errorsField = Buffer.from('"errors":[');

/** @returns null, or what went wrong */
export function send(
  client: Pick<Client, 'dispatch'>,
  { method, path, headers, body }: Prepared,
): Promise<string | null> {
  return new Promise((resolve) => {
    let failure: string | null = null;
    client.dispatch(
      { method, path, headers, body },
      {
        // undici refuses a handler without it.
        onRequestStart() {},
        onResponseStart(_controller, statusCode) {
          if (statusCode >= 300) failure = `HTTP ${statusCode}`;
        },
        onResponseData(_controller, chunk) {
          if (failure !== null || chunk.includes(errorsField)) failure = chunk.toString().slice(0, 300);
        },
        onResponseEnd() {
          resolve(failure);
        },
        onResponseError(_controller, error) {
          resolve(`${error.name}: ${error.message}`);
        },
      },
    );
  });
}
