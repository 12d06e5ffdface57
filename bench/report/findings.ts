import type { BenchDatabase } from '../database.ts';
import { type Latency, measureLatencies } from '../latency.ts';
import type { Results } from '../measure.ts';
import { measureOneClient, type OneClient } from '../one-client.ts';
import type { Operation } from '../operations.ts';
import type { Options } from '../options.ts';
import { measurePostgresAlone } from '../postgres-alone.ts';
import { type Profile, profileSide } from '../profile.ts';
import type { Figures } from '../results.ts';
import type { Server, World } from '../server.ts';
import { having } from '../sides.ts';
import { type Goal, goalsOf } from './goals.ts';

/** All that a full run has found out. */
export interface Findings {
  readonly options: Options;
  readonly servers: readonly Server[];
  readonly postgresVersion: string;
  readonly results: Results;
  readonly figures: Figures;
  /** By side. */
  readonly latencies: ReadonlyMap<string, readonly Latency[]>;
  readonly latencyOperation: Operation;
  /** Operations a second by pgbench. */
  readonly postgresAlone: ReadonlyMap<string, number>;
  /** By side. */
  readonly oneClient: ReadonlyMap<string, OneClient>;
  readonly goals: readonly Goal[];
  /** todoql's, under each operation that misses a goal. */
  readonly profiles: ReadonlyMap<Operation, Profile>;
}

/** What a run without a report has found out. */
type Throughput = Pick<Findings, 'options' | 'servers' | 'postgresVersion' | 'results' | 'figures'>;

/** Adds what only a report says: latencies, what PostgreSQL does alone, what is missed and where the time goes then. */
export async function completeFindings(
  throughput: Throughput,
  database: BenchDatabase,
  world: World,
): Promise<Findings> {
  const { servers, options } = throughput;
  console.log('one client');
  const oneClient = await measureOneClient(servers, options, options.rounds);
  const latencyOperation = latencyOperationOf(options.operations);
  const latencies = await allLatencies(throughput, latencyOperation);
  const postgresAlone = new Map<string, number>();
  for (const operation of options.operations) {
    const rate = await measurePostgresAlone(database.url, operation, options);
    if (rate !== null) postgresAlone.set(operation, rate);
  }
  const goals = goalsOf({ ...throughput, oneClient });
  const profiles = await profilesOf(goals, throughput, world);
  return { ...throughput, latencies, latencyOperation, postgresAlone, oneClient, goals, profiles };
}

async function allLatencies({ servers, options, figures }: Throughput, operation: Operation) {
  const latencies = new Map<string, readonly Latency[]>();
  for (const server of having(operation, servers)) {
    console.log(`latency    ${server.side.name}`);
    const maximum = figures[operation]?.[server.side.name]?.rps ?? 0;
    latencies.set(server.side.name, await measureLatencies(server, operation, options, maximum));
  }
  return latencies;
}

async function profilesOf(goals: readonly Goal[], { servers, options }: Throughput, world: World) {
  const profiles = new Map<Operation, Profile>();
  const todoql = servers[0]?.side;
  for (const { isMet, operation } of goals) {
    // A mix has no profile of its own.
    if (isMet || !todoql || operation === null || operation === 'MIX' || profiles.has(operation)) continue;
    console.log(`profile    ${operation}`);
    profiles.set(operation, await profileSide(todoql, operation, world, options));
  }
  return profiles;
}

/** The mix is the closest to use; bcrypt would only show how it queues. */
function latencyOperationOf(operations: readonly Operation[]): Operation {
  return operations.includes('MIX') ? 'MIX' : (operations.find((operation) => operation !== 'login') ?? 'login');
}
