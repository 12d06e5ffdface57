import { once } from 'node:events';
import type { Config } from '../../config.ts';
import { createLogger } from '../../observability/logger.ts';
import { startWorker } from '../../worker.ts';
import { withDatabase } from '../command-database.ts';

/** Does background work until SIGINT or SIGTERM. @returns the exit code */
export function work(config: Config): Promise<number> {
  const logger = createLogger(config.logLevel);
  return withDatabase(config, async ({ url, interruption }) => {
    const stop = await startWorker(config, url, logger);
    if (config.databaseUrl === null) console.log('Working on jobs. Stop with Ctrl-C.');
    else logger.info('working on jobs');
    if (!interruption.aborted) await once(interruption, 'abort');
    await stop();
    // A connection to a database that does not answer stays open, and would keep the process alive.
    setTimeout(() => process.exit(0), 1_000).unref();
    return 0;
  });
}
