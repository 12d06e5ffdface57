import 'reflect-metadata';
import { readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { TSMigrationGenerator } from '@mikro-orm/migrations';
import { environment, loadConfig } from './src/config.ts';
import { inspectDatabase } from './src/database/inspect.ts';
import { runningCluster } from './src/database/local/cluster.ts';
import { defaultLocation } from './src/database/location.ts';
import { ormOptions } from './src/database/orm.ts';

const listFile = join(import.meta.dirname, 'src/database/migrations.ts');

/** Adds each migration that it writes to the list of those that run. */
class ListingGenerator extends TSMigrationGenerator {
  override async generate(...given: Parameters<TSMigrationGenerator['generate']>): Promise<[string, string]> {
    const [code, file] = await super.generate(...given);
    const name = basename(file, '.ts');
    const list = await readFile(listFile, 'utf8');
    const listed = `import { ${name} } from './migrations/${file}';\n\n/** Every`;
    await writeFile(listFile, list.replace('\n/** Every', listed).replace('\n];', `\n  ${name},\n];`));
    return [code, file];
  }
}

/**
 * Configuration of the MikroORM command line (`npx mikro-orm`): the database of DATABASE_URL, or the local one while
 * the server runs. Commands that need no database, such as migration:create, work without either.
 */
export default async function mikroOrmConfig() {
  const config = loadConfig(environment());
  const databaseUrl = config.databaseUrl ?? (await runningCluster(config.dataDir));
  const location = databaseUrl === null ? defaultLocation : await inspectDatabase(databaseUrl);
  const options = ormOptions(databaseUrl ?? 'postgresql://127.0.0.1/todoql', 2, location);
  // Migrations are written without a schema, whichever one this database has its tables in.
  const tableName = `${location.schema}.mikro_orm_migrations`;
  const migrations = { ...options.migrations, tableName, generator: ListingGenerator };
  return { ...options, schema: defaultLocation.schema, migrations };
}
