import type { BenchDatabase } from '../database.ts';
import { type Latency, measureLatencies } from '../latency.ts';
import type { Results } from '../measure.ts';
import type { Operation } from '../operations.ts';
import type { Options } from '../options.ts';
import { measurePostgresAlone } from '../postgres-alone.ts';
import type { Figures } from '../results.ts';
import type { Server } from '../server.ts';
import { having } from '../sides.ts';

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
}

/** What a run without a report has found out. */
type Throughput = Omit<Findings, 'latencies' | 'latencyOperation' | 'postgresAlone'>;

/** Adds what only a report says: latencies at fixed rates, and what PostgreSQL does alone. */
export async function completeFindings(throughput: Throughput, database: BenchDatabase): Promise<Findings> {
  const { servers, options, figures } = throughput;
  const latencyOperation = latencyOperationOf(options.operations);
  const latencies = new Map<string, readonly Latency[]>();
  for (const server of having(latencyOperation, servers)) {
    console.log(`latency    ${server.side.name}`);
    const maximum = figures[latencyOperation]?.[server.side.name]?.rps ?? 0;
    latencies.set(server.side.name, await measureLatencies(server, latencyOperation, options, maximum));
  }
  const postgresAlone = new Map<string, number>();
  for (const operation of options.operations) {
    const rate = await measurePostgresAlone(database.url, operation, options);
    if (rate !== null) postgresAlone.set(operation, rate);
  }
  return { ...throughput, latencies, latencyOperation, postgresAlone };
}

/** The mix is the closest to use; bcrypt would only show how it queues. */
function latencyOperationOf(operations: readonly Operation[]): Operation {
  return operations.includes('MIX') ? 'MIX' : (operations.find((operation) => operation !== 'login') ?? 'login');
}
