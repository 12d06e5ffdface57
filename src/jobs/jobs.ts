import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { sql } from 'kysely';
import type { JobWithMetadata, PgBoss } from 'pg-boss';
import type { Transaction } from '../database/database.ts';
import { firstLine } from '../database/failures.ts';
import { outsideRequests } from '../observability/request-scope.ts';
import { createBoss, createQueues, onTransaction, sendOptions, workOptions } from './boss.ts';
import { logGivenUp } from './given-up.ts';
import { type Job, type JobServices, ownerOf } from './job.ts';

/** Milliseconds. */
const timeToStop = 2_500;
const timeBetweenStarts = 5_000;
const timeBetweenLogs = 60_000;

/** The jobs of all instances, kept by pg-boss in PostgreSQL. */
export class Jobs {
  readonly #stopping = new AbortController();
  readonly #timers: NodeJS.Timeout[] = [];
  /** By the name of the job. */
  readonly #workers = new Map<string, string[]>();
  readonly #tried = Promise.withResolvers<void>();
  #boss: Promise<PgBoss> | undefined;
  readonly #interrupted: string[] = [];
  #lastLog = Number.NEGATIVE_INFINITY;

  /** @param isWorking whether jobs are also run here */
  constructor(
    private readonly services: JobServices,
    private readonly jobs: readonly Job<never>[],
    private readonly isWorking: boolean,
  ) {}

  /** Begins to work in the background. Call it when requests are accepted, because it loads much code. */
  start(): void {
    this.#start()
      .catch(() => {})
      .finally(this.#tried.resolve);
  }

  /**
   * Resolves when jobs can be added, or when the first try to open their tables has failed. Requests wait for it before they
   * take a connection: if all were held by requests that add a job, none would be left to open the tables.
   */
  get firstTry(): Promise<void> {
    return this.#tried.promise;
  }

  /** Adds a job within a transaction: it exists if, and as soon as, the transaction is committed. */
  async enqueue<Payload extends object>(
    transaction: Transaction,
    job: Job<Payload>,
    ...payloads: readonly Payload[]
  ): Promise<void> {
    const boss = await this.#insert(transaction, job, payloads, 0);
    this.services.serviceDatabase.afterCommit(transaction, () => this.#wake(boss, job));
  }

  /** Adds a job that does not run before so many seconds have passed: see `enqueue`. */
  async enqueueAfter<Payload extends object>(
    seconds: number,
    transaction: Transaction,
    job: Job<Payload>,
    payload: Payload,
  ): Promise<void> {
    await this.#insert(transaction, job, [payload], seconds);
  }

  /**
   * Deletes all jobs of a user, also one that is being worked on: it must find its user gone.
   * @param email of a user who still has one: jobs of requests without a log-in name only the address
   */
  async deleteJobsOf(transaction: Transaction, user: string, email?: string): Promise<void> {
    await sql`delete from ${this.#table} where singleton_key = ${user}`.execute(transaction);
    if (email === undefined) return;
    const named = sql`lower((data ->> 'email') collate "C") = lower(${email}::text collate "C")`;
    await sql`delete from ${this.#table} where ${named}`.execute(transaction);
  }

  get #table() {
    return sql.raw(`${this.services.serviceDatabase.jobsSchema}.job`);
  }

  /** Resolves when the current batches have ended. */
  async stop(): Promise<void> {
    this.#stopping.abort(new Error('The server stops.'));
    for (const timer of this.#timers) clearInterval(timer);
    const boss = await this.#boss?.catch(() => null);
    await boss?.stop({ close: false, timeout: timeToStop });
    // What was interrupted was no attempt: it starts again at once elsewhere.
    if (this.#interrupted.length > 0)
      await this.#update('retry', 'started_on = null, start_after = now()', this.#interrupted);
  }

  async #insert<Payload extends object>(
    transaction: Transaction,
    job: Job<Payload>,
    payloads: readonly Payload[],
    startAfter: number,
  ): Promise<PgBoss> {
    const boss = await this.#start();
    const inserts = payloads.map((data) => ({
      ...sendOptions,
      data,
      startAfter,
      singletonKey: ownerOf(data) ?? randomUUID(),
    }));
    await boss.insert(job.name, inserts, { db: onTransaction(transaction) });
    return boss;
  }

  /** Outside of any request, whose deadline must not apply. */
  #start(): Promise<PgBoss> {
    this.#boss ??= outsideRequests(() => this.#open());
    return this.#boss;
  }

  async #open(): Promise<PgBoss> {
    const boss = await createBoss(this.services.serviceDatabase, this.isWorking);
    boss.on('error', (error) => this.#logFailure(error));
    for (;;) {
      try {
        await boss.start();
        await createQueues(boss, this.jobs);
        break;
      } catch (error) {
        this.#tried.resolve();
        this.#logFailure(error);
        await pause(timeBetweenStarts, null, { signal: this.#stopping.signal });
      }
    }
    if (!this.isWorking) return boss;
    for (const job of this.jobs) await this.#work(boss, job);
    await logGivenUp(boss, this.services.logger);
    return boss;
  }

  async #work(boss: PgBoss, job: Job<never>): Promise<void> {
    const run = ([found]: JobWithMetadata<never>[]) => (found ? this.#run(boss, job, found) : Promise.resolve());
    const workers = Array.from({ length: job.atOnce ?? 1 }, () => boss.work(job.name, workOptions, run));
    this.#workers.set(job.name, await Promise.all(workers));
    const seconds = job.every;
    if (seconds === undefined) return;
    const send = (slot: object) =>
      boss
        .send(job.name, {}, { ...sendOptions, deleteAfterSeconds: 2 * seconds, ...slot })
        .then(() => this.#wake(boss, job))
        .catch((error) => this.#logFailure(error));
    await send({});
    // All instances ask, and the first one in each slot of time adds the job.
    this.#timers.push(setInterval(() => send({ singletonSeconds: seconds }), seconds * 1_000).unref());
  }

  async #run(boss: PgBoss, job: Job<never>, { id, data, signal, ...found }: JobWithMetadata<never>): Promise<void> {
    const stopping = AbortSignal.any([this.#stopping.signal, signal]);
    try {
      await job.run(data, { ...this.services, id, enqueuedAt: found.createdOn, jobs: this, stopping });
    } catch (error) {
      if (stopping.aborted) this.#interrupted.push(id);
      else await this.#report(error, { id, ...found });
      // Kept with the job, for its list: no more than a sentence, because SQL and its values may contain secrets.
      throw new Error(firstLine(error));
    } finally {
      this.#wake(boss, job);
    }
    // Nobody needs it any more. The last run of a periodic job marks its slot of time.
    if (job.every === undefined) await boss.deleteJob(job.name, id);
  }

  /** Without it, the worker would look for the next job only when it polls. */
  #wake(boss: PgBoss, job: Pick<Job<never>, 'name'>): void {
    for (const worker of this.#workers.get(job.name) ?? []) boss.notifyWorker(worker);
  }

  async #report(
    err: unknown,
    { id, name, retryCount, retryLimit }: Omit<JobWithMetadata, 'data' | 'signal'>,
  ): Promise<void> {
    const message =
      retryCount < retryLimit ? 'a job failed and will be tried again' : 'a job failed at its last attempt';
    this.services.logger.error({ err, job: name, id, attempt: retryCount + 1 }, message);
    // It comes after what was not tried yet: else those who make jobs fail keep everybody else waiting.
    await this.#update('active', 'priority = -1', [id]);
  }

  /** As far as the database answers: without it, a job is only tried later or earlier than others. */
  async #update(state: 'active' | 'retry', columns: string, ids: readonly string[]): Promise<void> {
    const { serviceDatabase } = this.services;
    const text = `update ${serviceDatabase.jobsSchema}.job set ${columns} where id = any($1) and state = '${state}'`;
    await serviceDatabase.execute(text, [ids]).catch(() => {});
  }

  /** Workers poll every few seconds, also while the database is away. */
  #logFailure(error: unknown): void {
    if (this.#stopping.signal.aborted || performance.now() - this.#lastLog < timeBetweenLogs) return;
    this.#lastLog = performance.now();
    this.services.logger.error({ err: error }, 'jobs could not be read');
  }
}
