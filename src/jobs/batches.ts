import { setTimeout as pause } from 'node:timers/promises';
import type { MetadataStorage } from '@mikro-orm/core';
import { sql } from 'kysely';
import type { Transaction } from '../database/database.ts';
import type { Revision } from '../database/user-changes/revisions.ts';
import { AppError, ErrorCode } from '../errors.ts';
import type { JobContext } from './job.ts';

/** Rows that one transaction changes: keeps its locks and its WAL small. */
const batchSize = sql.lit(1_000);

/** Processes up to `size` rows in a transaction. @returns how many it found; 0: nothing is left */
type Batch = (transaction: Transaction, size: typeof batchSize, metadata: MetadataStorage) => Promise<number>;

/**
 * Runs batches until one finds nothing. Pauses after each for as long as it took, to leave half the capacity to requests.
 * @param success logged with the number of rows, if there were any @throws if the job is to stop
 */
export async function inBatches(context: JobContext, success: string, batch: Batch): Promise<void> {
  const { serviceDatabase } = context;
  await repeat(context, success, () =>
    serviceDatabase.change((transaction) => batch(transaction, batchSize, serviceDatabase.metadata)),
  );
}

/** The same for batches that change one user's records, each in its place in the order of that user's changes. */
export async function inUserBatches(
  context: JobContext,
  user: string,
  success: string,
  batch: (...given: [...Parameters<Batch>, Revision]) => Promise<number>,
): Promise<void> {
  const { userChanges, metadata } = context.serviceDatabase;
  await repeat(context, success, () => {
    const change = userChanges.run(user, async (transaction, _em, revision) => {
      const found = await batch(transaction, batchSize, metadata, revision);
      if (found === 0) revision.discard();
      return found;
    });
    // The account was removed meanwhile: nothing is left to do.
    return change.catch((error: unknown) => (isUnauthenticated(error) ? 0 : Promise.reject(error)));
  });
}

async function repeat({ logger, stopping }: JobContext, success: string, batch: () => Promise<number>): Promise<void> {
  let rows = 0;
  for (;;) {
    stopping.throwIfAborted();
    const start = performance.now();
    const found = await batch();
    if (found === 0) break;
    rows += found;
    await pause(performance.now() - start, undefined, { signal: stopping });
  }
  if (rows > 0) logger.info({ rows }, success);
}

function isUnauthenticated(error: unknown): boolean {
  return error instanceof AppError && error.code === ErrorCode.UNAUTHENTICATED;
}
