import { setTimeout as pause } from 'node:timers/promises';
import type { MetadataStorage } from '@mikro-orm/core';
import { sql } from 'kysely';
import type { Transaction } from '../database/database.ts';
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
  const { serviceDatabase, logger, stopping } = context;
  let rows = 0;
  for (;;) {
    stopping.throwIfAborted();
    const start = performance.now();
    const found = await serviceDatabase.change((transaction) =>
      batch(transaction, batchSize, serviceDatabase.metadata),
    );
    if (found === 0) break;
    rows += found;
    await pause(performance.now() - start, undefined, { signal: stopping });
  }
  if (rows > 0) logger.info({ rows }, success);
}
