import 'reflect-metadata';
import { environment, loadConfig } from './src/config.ts';
import { runningCluster } from './src/database/local/cluster.ts';
import { ormOptions } from './src/database/orm.ts';

/**
 * Configuration of the MikroORM command line (`npx mikro-orm`): the database of DATABASE_URL, or the local one while
 * the server runs. Commands that need no database, such as migration:create, work without either.
 */
export default async function mikroOrmConfig() {
  const config = loadConfig(environment());
  const databaseUrl = config.databaseUrl ?? (await runningCluster(config.dataDir));
  return ormOptions(databaseUrl ?? 'postgresql://127.0.0.1/todoql', 2);
}
