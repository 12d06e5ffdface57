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
        const users = await context.jobs.usersWithout(transaction, job, size);
        if (users.length > 0) await context.jobs.enqueue(transaction, job, ...users);
        return users.length;
      });
    }
  });
}
