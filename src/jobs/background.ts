import { setTimeout as pause } from 'node:timers/promises';
import type { MetadataStorage } from '@mikro-orm/core';
import { sql } from 'kysely';
import type { Transaction } from '../database/database.ts';
import type { ServiceDatabase } from '../database/service-database.ts';
import type { Query } from '../database/statements.ts';
import type { Logger } from '../observability/logger.ts';
import { outsideRequests } from '../observability/request-scope.ts';

/** What a job runs with. */
export interface JobContext {
  readonly serviceDatabase: ServiceDatabase;
  readonly logger: Logger;
  /** Aborted when the server stops: a job ends after the current batch, and another run continues from there. */
  readonly stopping: AbortSignal;
}

/** Background work. The database says what there is to do, so that any instance can continue what another one left. */
export interface Job {
  /** Logged when a run fails. */
  readonly failure: string;
  /** Milliseconds between two runs, unless `soon` asks for one earlier. */
  readonly interval: number;
  readonly run: (context: JobContext) => Promise<void>;
}

/** Runs each job at the start, at its interval and on request; within a process, never the same job twice at once. */
export class Background {
  readonly #context: JobContext;
  readonly #stopping = new AbortController();
  readonly #running = new Map<Job, Promise<void>>();
  readonly #repeated = new Set<Job>();
  readonly #timers: NodeJS.Timeout[];

  constructor(context: Omit<JobContext, 'stopping'>, jobs: readonly Job[]) {
    this.#context = { ...context, stopping: this.#stopping.signal };
    this.#timers = jobs.map((job) => setInterval(() => this.soon(job), job.interval).unref());
    for (const job of jobs) this.soon(job);
  }

  /** Runs a job now, or again after the current run, which may have missed the latest work. Call it after a commit. */
  soon(job: Job): void {
    if (this.#stopping.signal.aborted) return;
    if (this.#running.has(job)) {
      this.#repeated.add(job);
      return;
    }
    // Outside the request, whose deadline must not apply.
    const running = outsideRequests(() => this.#run(job));
    this.#running.set(job, running);
  }

  async #run(job: Job): Promise<void> {
    await job.run(this.#context).catch((error) => this.#context.logger.error({ err: error }, job.failure));
    this.#running.delete(job);
    if (this.#repeated.delete(job)) this.soon(job);
  }

  /** Resolves when the batches in progress have ended. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    for (const timer of this.#timers) clearInterval(timer);
    await Promise.all(this.#running.values());
  }
}

interface BatchJob<Item> {
  readonly failure: string;
  /** Logged with the number of rows when a run found any. */
  readonly success: string;
  /** A minute by default. */
  readonly interval?: number;
  /** The items to work on, or a query that finds them; a single item by default. */
  readonly items?: readonly Item[] | ((kysely: Transaction) => Query<Item>);
  /** Processes up to `size` rows of an item in a transaction. @returns how many it found; 0: the item is done */
  readonly batch: (
    transaction: Transaction,
    item: Item,
    size: typeof batchSize,
    metadata: MetadataStorage,
  ) => Promise<number>;
}

/** Rows that one transaction changes: keeps its locks and its WAL small. */
const batchSize = sql.lit(1_000);

/** A job that processes each item in batches. An item that fails does not keep the others waiting until the next run. */
export function batchJob<Item = undefined>(job: BatchJob<Item>): Job {
  const { failure, success, interval = 60_000, items = [undefined as Item], batch } = job;
  return {
    failure,
    interval,
    async run({ serviceDatabase, logger, stopping }) {
      const find = items instanceof Function ? () => items(serviceDatabase.kysely) : null;
      // Plain rows have instants as text, but no item has instants.
      const all = find ? ((await serviceDatabase.read(failure, find, {})) as Item[]) : (items as readonly Item[]);
      const errors: unknown[] = [];
      let rows = 0;
      for (const item of all) {
        try {
          rows += await runBatches(stopping, () => {
            return serviceDatabase.change((transaction) =>
              batch(transaction, item, batchSize, serviceDatabase.metadata),
            );
          });
        } catch (error) {
          errors.push(error);
        }
      }
      if (errors.length > 0) logger.error({ err: errors[0], failed: errors.length, of: all.length }, failure);
      if (rows > 0) logger.info({ rows }, success);
    },
  };
}

/** Stops with the server. Pauses after each batch for as long as it took, to leave half the capacity to requests. */
async function runBatches(stopping: AbortSignal, batch: () => Promise<number>): Promise<number> {
  let total = 0;
  while (!stopping.aborted) {
    const start = performance.now();
    const found = await batch();
    if (found === 0) break;
    total += found;
    await pause(performance.now() - start, undefined, { signal: stopping }).catch(() => {});
  }
  return total;
}
