import { setTimeout as pause } from 'node:timers/promises';
import { sql } from 'kysely';
import type { Transaction } from '../database/database.ts';
import type { ServiceDatabase } from '../database/service-database.ts';
import type { Query } from '../database/statements.ts';
import type { Logger } from '../observability/logger.ts';
import { outsideRequests } from '../observability/request-scope.ts';

/** What jobs are run with. */
export interface JobContext {
  readonly serviceDatabase: ServiceDatabase;
  readonly logger: Logger;
  /** Aborted when the server stops: a job ends after the batch in progress, and another run goes on from there. */
  readonly stopping: AbortSignal;
}

/** Work beside the requests. What is to do stands in the database, so that any instance finds what another left. */
export interface Job {
  /** Logged when a run fails. */
  readonly failure: string;
  /** Milliseconds between two runs, where nothing asks for one earlier. */
  readonly interval: number;
  readonly run: (context: JobContext) => Promise<void>;
}

/** Runs each job at the start, at its interval and on request; never one job twice at once in this process. */
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

  /** Runs a job now, or again after the run in progress, which may have looked too early. To be called after a commit. */
  soon(job: Job): void {
    if (this.#stopping.signal.aborted) return;
    if (this.#running.has(job)) {
      this.#repeated.add(job);
      return;
    }
    // Not within the request that asks for it, whose time ends.
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
  /** Logged, with how many rows there were, when a run found any. */
  readonly success: string;
  /** A minute unless given. */
  readonly interval?: number;
  /** What there is to do, perhaps as a query that finds it; one thing unless given. */
  readonly items?: readonly Item[] | ((kysely: Transaction) => Query<Item>);
  /** Does a part of an item, so many rows, in a transaction. @returns how many it found; 0: the item is done */
  readonly batch: (transaction: Transaction, item: Item, size: typeof batchSize) => Promise<number>;
}

/** Rows that one transaction changes: its locks and its log stay small. */
const batchSize = sql.lit(1_000);

/** A job that does each item in batches; one that cannot be done now keeps none of the others waiting until the next run. */
export function batchJob<Item = undefined>(job: BatchJob<Item>): Job {
  const { failure, success, interval = 60_000, items = [undefined as Item], batch } = job;
  return {
    failure,
    interval,
    async run({ serviceDatabase, logger, stopping }) {
      const find = items instanceof Function ? () => items(serviceDatabase.kysely) : null;
      // Instants, which plain rows have as text, are in no item.
      const all = find ? ((await serviceDatabase.read(failure, find, {})) as Item[]) : (items as readonly Item[]);
      const errors: unknown[] = [];
      let rows = 0;
      for (const item of all) {
        try {
          rows += await untilNothingIsFound(stopping, () => {
            return serviceDatabase.change((transaction) => batch(transaction, item, batchSize));
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

/** Stops with the server. Pauses as long as each batch took, to leave half of a connection and a processor to requests. */
async function untilNothingIsFound(stopping: AbortSignal, batch: () => Promise<number>): Promise<number> {
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
