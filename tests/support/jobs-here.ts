import { afterAll, beforeAll } from 'vitest';
import { openOrm } from '../../src/database/orm.ts';
import { ServiceDatabase } from '../../src/database/service-database.ts';
import type { Job, JobContext, UserJob } from '../../src/jobs/job.ts';
import { Jobs } from '../../src/jobs/jobs.ts';
import { createLogger } from '../../src/observability/logger.ts';
import type { TestServer } from './server.ts';

/** Runs jobs in the process of the test, on the database of a server, instead of through the queue. */
export function useJobsHere(server: TestServer) {
  const logger = createLogger('silent');
  let context: JobContext;
  let close: () => Promise<unknown>;

  beforeAll(async () => {
    const orm = await openOrm(server.databaseUrl, 4);
    const serviceDatabase = new ServiceDatabase(orm, true, logger);
    const jobs = new Jobs({ serviceDatabase, logger }, [], false);
    context = { id: '', serviceDatabase, logger, jobs, enqueuedAt: new Date(), stopping: new AbortController().signal };
    close = () => serviceDatabase.close().then(() => orm.close());
  });
  afterAll(() => close?.());

  return {
    /** For each of the users, all at once. @returns what happened to each */
    run: (job: UserJob, users: readonly string[]): Promise<PromiseSettledResult<void>[]> =>
      Promise.allSettled(users.map((user) => job.run({ user }, context))),
    runPeriodic: (job: Job<object>): Promise<void> => job.run({}, context),
  };
}
