import pg from 'pg';
import { StartError } from '../errors.ts';
import { productName } from '../product-name.ts';
import { type DatabaseFacts, type Location, locateTables } from './location.ts';

/** The first version with `nulls not distinct`, which ensures unique positions. */
const oldestVersion = 15;

/** Finds the location of the tables. @throws StartError with advice if todoql cannot use the database */
export async function inspectDatabase(databaseUrl: string): Promise<Location> {
  const client = new pg.Client({ connectionString: databaseUrl, connectionTimeoutMillis: 5_000 });
  // If the connection breaks, the current statement fails too, and reports it.
  client.on('error', () => {});
  try {
    await client.connect();
    // The only setting that could interfere; all others are inspected unchanged.
    await client.query('set statement_timeout = 10000');
    const facts = await readFacts(client);
    const problem = problemOf(facts);
    if (problem !== undefined) throw new StartError(problem);
    return await locateTables(client, facts, new URL(databaseUrl).searchParams.get('schema'));
  } finally {
    await client.end();
  }
}

async function readFacts(client: pg.Client): Promise<DatabaseFacts> {
  const { rows } = await client.query<DatabaseFacts>(`
    select current_user::text as role, current_database()::text as database,
      current_setting('server_version_num')::int as version, current_setting('server_version') as "versionText",
      current_setting('server_encoding') as encoding, pg_is_in_recovery() as "isStandby",
      current_setting('transaction_read_only') = 'on' as "isReadOnly",
      current_setting('session_replication_role') as "replicationRole", pg_backend_pid() as backend,
      reset_val as "searchPath", current_schemas(false)::text[] as schemas, source = 'client' as "isPathGiven"
    from pg_settings where name = 'search_path'`);
  const [facts] = rows;
  if (facts === undefined) throw new Error('Every PostgreSQL has a search path.');
  return { ...facts, schemas: facts.schemas.filter((name) => !/^pg_|^information_schema$/.test(name)) };
}

/** The reason why todoql cannot use the database. */
function problemOf({ database, role, version, versionText, encoding, ...facts }: DatabaseFacts): string | undefined {
  if (version < oldestVersion * 10_000)
    return `${productName} needs PostgreSQL ${oldestVersion} or newer; the server of DATABASE_URL is PostgreSQL ${versionText}.`;
  if (encoding !== 'UTF8')
    return (
      `The database "${database}" is encoded in ${encoding}, which cannot hold every text. Make one in UTF-8:\n` +
      `  create database … encoding 'UTF8' template template0`
    );
  if (facts.isStandby)
    return 'The server of DATABASE_URL is a standby, which takes no changes. Name the primary server instead.';
  if (facts.isReadOnly)
    return (
      `The database "${database}" takes no changes: default_transaction_read_only is on, for the server, the database or the role "${role}".\n` +
      'Providers set it when a disk is full. Free it, or turn the setting off.'
    );
  if (facts.replicationRole !== 'origin')
    return (
      `session_replication_role is ${facts.replicationRole} for the database "${database}" or the role "${role}", and foreign keys are not checked.\n` +
      `Reset it: alter role ${pg.escapeIdentifier(role)} reset session_replication_role,\n` +
      `or: alter database ${pg.escapeIdentifier(database)} reset session_replication_role`
    );
  return undefined;
}
