import type { Config } from '../config.ts';
import { inTransaction, withDatabase } from './command-database.ts';

/** Makes every client sync anew: for a database restored from a backup, whose revisions were given out before. @returns the exit code */
export async function newEpoch(config: Config): Promise<number> {
  await withDatabase(config, (database) =>
    inTransaction(database, (client) => client.query('update change_epoch set epoch = gen_random_uuid()')),
  );
  console.log('Clients that keep a copy of their data sync it anew.');
  return 0;
}
