import type { Size } from './data.ts';
import { type Pace, runClosedLoop } from './load.ts';
import { cpuMicros, postgresCpuMicros, residentMebibytes } from './machine.ts';
import { lanesOf, type Operation, strideOf } from './operations.ts';
import type { Options } from './options.ts';
import { type Prepared, prepare, type Server } from './server.ts';
import { having } from './sides.ts';
import { tokenOf } from './tokens.ts';

/** One measurement of one server. */
export interface Sample {
  /** Requests per second. */
  readonly rate: number;
  /** Processor time of the server process for each request. */
  readonly serverMicros: number;
  /** Processor time of PostgreSQL for each request. */
  readonly postgresMicros: number;
  /** The part of its core that the server was busy; well under 1, something else was the limit. */
  readonly serverShare: number;
  /** Memory of the server process at the end. */
  readonly mebibytes: number;
}

/** Samples of one operation by side, one a round: the nth of all sides were taken together. */
export type Samples = ReadonlyMap<string, readonly Sample[]>;
export type Results = ReadonlyMap<Operation, Samples>;

/**
 * Warms every server up, then measures in rounds in which each has its turn, so that what the machine does beside this
 * falls on all of them.
 */
export async function measureAll(servers: readonly Server[], options: Options): Promise<Results> {
  const { operations, rounds, warmUp, duration } = options;
  const results = new Map(operations.map((operation) => [operation, new Map<string, Sample[]>()]));
  // Not for logging in: bcrypt is compiled code, and as quick the first time.
  for (const operation of operations.filter((operation) => operation !== 'login')) {
    console.log(`warm-up    ${operation}`);
    for (const server of having(operation, servers)) await measure(server, operation, options, warmUp);
  }
  for (let round = 0; round < rounds; round += 1) {
    for (const operation of operations) {
      const samples = results.get(operation);
      process.stdout.write(`round ${round + 1}/${rounds}  ${operation.padEnd(5)}`);
      for (const server of startingAt(round, having(operation, servers))) {
        const sample = await measure(server, operation, options, duration);
        samples?.set(server.side.name, [...(samples.get(server.side.name) ?? []), sample]);
        process.stdout.write(`  ${server.side.name} ${formatRate(sample.rate)}/s`);
      }
      process.stdout.write('\n');
    }
  }
  return results;
}

export const formatRate = (rate: number): string =>
  rate < 100 ? rate.toFixed(1) : Math.round(rate).toLocaleString('en');

/** Nobody is always the one to come right after the same other. */
function startingAt(round: number, servers: readonly Server[]): Server[] {
  const first = round % servers.length;
  return [...servers.slice(first), ...servers.slice(0, first)];
}

/** @throws Error where a request failed: a side that does not do the work is not compared */
export async function measure(server: Server, operation: Operation, size: Size, seconds: number): Promise<Sample> {
  const pace: Pace = { seconds, stride: strideOf(operation) };
  const lanes = preparedLanes(server, operation, size);
  const serverBefore = cpuMicros(server.pid);
  const postgresBefore = postgresCpuMicros(server.postgresPid);
  const load = await runClosedLoop(server.url, lanes, pace);
  const serverUsed = cpuMicros(server.pid) - serverBefore;
  const postgresUsed = postgresCpuMicros(server.postgresPid) - postgresBefore;
  if (load.failures.length > 0) {
    throw new Error(`${server.side.name} failed under ${operation}; the run is void:\n${load.failures[0]}`);
  }
  if (load.clientShare > 0.9) console.warn(`\nThe client was the limit (${server.side.name}, ${operation}).`);
  return {
    rate: load.requests / load.seconds,
    serverMicros: serverUsed / load.requests,
    postgresMicros: postgresUsed / load.requests,
    serverShare: serverUsed / 1e6 / load.seconds,
    mebibytes: residentMebibytes(server.pid),
  };
}

/** What each connection sends, in the side's words, with its users' tokens. */
export function preparedLanes({ side, secret }: Server, operation: Operation, size: Size): Prepared[][] {
  const tokens = new Map<number, string>();
  const tokenFor = (user: number): string => {
    const token = tokens.get(user) ?? tokenOf(secret, user);
    tokens.set(user, token);
    return token;
  };
  return lanesOf(operation, size).map((lane) => lane.map(({ user, step }) => prepare(side, tokenFor(user), step)));
}
