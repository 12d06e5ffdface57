import { setTimeout as pause } from 'node:timers/promises';
import type { Database } from '../database/database.ts';
import type { Logger } from '../observability/logger.ts';
import { outsideRequests } from '../observability/request-scope.ts';

/** What jobs are run with. */
export interface JobContext {
  readonly database: Database;
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

/**
 * Runs `batch` until it finds nothing more, or the server stops. Pauses as long as each batch took: a large job takes at
 * most half of a connection and of a processor from the requests beside it.
 * @returns how many rows all batches found
 */
export async function inBatches({ stopping }: JobContext, batch: () => Promise<number>): Promise<number> {
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

/**
 * Runs the batches of each item. One that cannot be done now, as where another transaction has its rows locked, keeps none
 * of the others waiting until the next run; how many there were is logged at the end.
 * @returns how many rows all batches found
 */
export async function eachInBatches<Item>(
  context: JobContext,
  { failure }: Job,
  items: readonly Item[],
  batch: (item: Item) => Promise<number>,
): Promise<number> {
  const errors: unknown[] = [];
  let total = 0;
  for (const item of items) {
    try {
      total += await inBatches(context, () => batch(item));
    } catch (error) {
      errors.push(error);
    }
  }
  const [first] = errors;
  if (first !== undefined) context.logger.error({ err: first, failed: errors.length, of: items.length }, failure);
  return total;
}
