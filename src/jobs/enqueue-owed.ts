import { sql } from 'kysely';
import { inBatches } from './batches.ts';
import { type Job, periodicJob, type UserJob } from './job.ts';

/**
 * Enqueues what the tables say is left to do, for users who have no such job: what time makes due, and jobs that were lost,
 * as in a backup restored without them.
 */
export function enqueueOwed(userJobs: readonly UserJob[]): Job<object> {
  // Hourly: the documented retention periods are in days.
  return periodicJob('enqueue-owed', 3_600, async (context) => {
    for (const job of userJobs) {
      await inBatches(context, 'enqueued for their users', async (transaction, size) => {
        const jobs = sql.raw(`${context.serviceDatabase.jobsSchema}.job`);
        const { rows: users } = await sql<{ user: string }>`
          select distinct "user" from (${job.owed(context.serviceDatabase.metadata)}) owed
          where not exists (select from ${jobs} where name = ${job.name} and singleton_key = "user"::text)
          limit ${size}`.execute(transaction);
        if (users.length > 0) await context.jobs.enqueue(transaction, job, ...users);
        return users.length;
      });
    }
  });
}
