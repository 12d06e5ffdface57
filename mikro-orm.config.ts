import 'reflect-metadata';
import { environment, loadConfig } from './src/config.ts';
import { inspectDatabase } from './src/database/inspect.ts';
import { runningCluster } from './src/database/local/cluster.ts';
import { usualLocation } from './src/database/location.ts';
import { ormOptions } from './src/database/orm.ts';

/**
 * Configuration of the MikroORM command line (`npx mikro-orm`): the database of DATABASE_URL, or the local one while
 * the server runs. Commands that need no database, such as migration:create, work without either.
 */
export default async function mikroOrmConfig() {
  const config = loadConfig(environment());
  const databaseUrl = config.databaseUrl ?? (await runningCluster(config.dataDir));
  if (databaseUrl === null) return ormOptions('postgresql://127.0.0.1/todoql', 2, usualLocation);
  const location = await inspectDatabase(databaseUrl);
  const options = ormOptions(databaseUrl, 2, location);
  // Migrations are written without a schema, whichever one this database has its tables in.
  const tableName = `${location.schema}.mikro_orm_migrations`;
  return { ...options, schema: usualLocation.schema, migrations: { ...options.migrations, tableName } };
}
