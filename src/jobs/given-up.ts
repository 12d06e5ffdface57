import type { PgBoss } from 'pg-boss';
import type { Logger } from '../observability/logger.ts';
import { givenUpQueue, workOptions } from './boss.ts';

/** Logs each job that is given up, on one instance: the worker that tried it last may have been killed, and logged nothing. */
export async function logGivenUp(boss: PgBoss, logger: Logger): Promise<void> {
  await boss.work(givenUpQueue, workOptions, async ([copy]) => {
    if (!copy) return;
    const { id, sourceName, sourceId, sourceOutput } = copy;
    // pg-boss keeps an error that was thrown, or what it says itself of a worker that gives no sign.
    const { message, value } = sourceOutput as { readonly message?: string; readonly value?: { message?: string } };
    const reason = message ?? value?.message;
    logger.error({ job: sourceName, id: sourceId, reason }, 'a job has failed for a day and was given up');
    await boss.deleteJob(givenUpQueue, id);
  });
}
