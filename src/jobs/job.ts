import type { MetadataStorage } from '@mikro-orm/core';
import type { RawBuilder } from 'kysely';
import type { ServiceDatabase } from '../database/service-database.ts';
import type { Logger } from '../observability/logger.ts';
import type { Jobs } from './jobs.ts';

/** What all jobs run with. */
export interface JobServices {
  readonly serviceDatabase: ServiceDatabase;
  readonly logger: Logger;
}

export interface JobContext extends JobServices {
  /** Of this job, the same at each attempt: for effects outside the database, which may happen twice. */
  readonly id: string;
  /** When the transaction that enqueued it began, the same at each attempt. */
  readonly enqueuedAt: Date;
  readonly jobs: Jobs;
  /** Aborted when the server stops: end soon by throwing its reason, and the job starts again elsewhere. */
  readonly stopping: AbortSignal;
}

/** Work for later. It is done at least once: if it is interrupted, it starts again with the same payload. */
export interface Job<Payload extends object> {
  /** Stored with each job. If it changes, jobs that wait are not found any more. */
  readonly name: string;
  /** If it throws, the job is tried again, less and less often, for a day. */
  readonly run: (payload: Payload, context: JobContext) => Promise<void>;
  /** Seconds between two runs of a job that nothing enqueues. */
  readonly every?: number;
  /** How many of them an instance works on at once; 1 by default. */
  readonly atOnce?: number;
}

/** A job for one user: no two of them run at once for the same user. */
export interface UserJob extends Job<{ readonly user: string }> {
  /** SQL that selects, as "user", the users for whom the tables say that something is left to do. */
  readonly owed: (metadata: MetadataStorage) => RawBuilder<unknown>;
}

/** One that hangs, such as a mail to a server that does not answer, must not keep all others waiting. */
const jobsAtOnce = 5;

/**
 * Declares a job; src/all-jobs.ts lists it. A `user` in the payload is its owner: the jobs of an account are deleted with it.
 * @param name lower case, with hyphens
 */
export function job<Payload extends object>(name: string, run: Job<Payload>['run']): Job<Payload> {
  return { name, run, atOnce: jobsAtOnce };
}

/** Declares a job that is also found by what the tables say: see `enqueueOwed`. */
export function userJob(
  name: string,
  owed: UserJob['owed'],
  run: (user: string, context: JobContext) => Promise<void>,
): UserJob {
  return { name, owed, run: ({ user }, context) => run(user, context) };
}

/** Declares a job that runs at the start and then regularly, on one instance. @param every seconds */
export function periodicJob(name: string, every: number, run: (context: JobContext) => Promise<void>): Job<object> {
  return { name, every, run: (_payload, context) => run(context) };
}

/** The user to whom the jobs with this payload belong. */
export function ownerOf(payload: object): string | null {
  return 'user' in payload && typeof payload.user === 'string' ? payload.user : null;
}
