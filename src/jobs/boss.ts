import { CompiledQuery } from 'kysely';
import pLimit from 'p-limit';
import type { Db, PgBoss, SendOptions, WorkOptions } from 'pg-boss';
import type { Transaction } from '../database/database.ts';
import type { ServiceDatabase } from '../database/service-database.ts';
import type { Job } from './job.ts';

const day = 86_400;

/** The queue that pg-boss adds a copy of each job to that it gives up, also if its worker was killed. */
export const givenUpQueue = 'given-up';

export const sendOptions: SendOptions = {
  // The next attempt after 5 s, 10 s, 20 s … an hour, or up to twice as long: 33 of them take a day.
  retryLimit: 33,
  retryDelay: 5,
  retryBackoff: true,
  retryDelayMax: 3_600,
  // A worker gives a sign twice in this time. If it was killed, another one takes the job afterwards.
  heartbeatSeconds: 10,
  // pg-boss's longest: the heartbeat shows whether anyone works on the job.
  expireInSeconds: day,
  // A job waits for however long nobody works.
  retentionSeconds: 365 * day,
  // A job that was given up stays visible.
  deleteAfterSeconds: 30 * day,
  deadLetter: givenUpQueue,
};

export const workOptions = {
  // For retries and for jobs of other instances; those of the own instance are not waited for. See Jobs.
  pollingIntervalSeconds: 5,
  includeMetadata: true,
} satisfies WorkOptions;

/**
 * pg-boss on our own connections, of which it uses one at a time. It does not listen and keeps nothing in a session, so that
 * it works through a pooler. @param isWorking whether to look for jobs whose workers were killed
 */
export async function createBoss(serviceDatabase: ServiceDatabase, isWorking: boolean): Promise<PgBoss> {
  // Loaded here, because the server is to accept requests before.
  const { PgBoss } = await import('pg-boss');
  const oneAtATime = pLimit(1);
  return new PgBoss({
    db: { executeSql: (text, values) => oneAtATime(() => serviceDatabase.execute(text, values)) },
    schema: serviceDatabase.jobsSchema,
    // The command `migrate` does, and each start.
    migrate: false,
    schedule: false,
    registerInstance: false,
    supervise: isWorking,
    superviseIntervalSeconds: 5,
    monitorIntervalSeconds: 5,
    // What is not used here: jobs that depend on each other, and queues that change.
    flowIntervalSeconds: day,
    queueCacheIntervalSeconds: day,
    // Finished jobs are deleted, so that the tables stay small. Indexes can be rebuilt by their owner only.
    monitorVacuum: false,
    reindex: false,
  });
}

export async function createQueues(boss: PgBoss, jobs: readonly Job<never>[]): Promise<void> {
  const known = new Set((await boss.getQueues()).map(({ name }) => name));
  // First, because jobs refer to it.
  if (!known.has(givenUpQueue)) await boss.createQueue(givenUpQueue);
  for (const { name, every } of jobs) {
    // A unique index of pg-boss allows one active job of a key, which is the user, and one periodic job in any state.
    if (!known.has(name)) await boss.createQueue(name, { policy: every === undefined ? 'singleton' : 'exclusive' });
  }
}

/** For the statements that belong to a transaction of ours. */
export function onTransaction(transaction: Transaction): Db {
  return {
    async executeSql(text, values = []) {
      const { rows } = await transaction.executeQuery(CompiledQuery.raw(text, values));
      return { rows };
    },
  };
}
