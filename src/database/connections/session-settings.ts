import pg from 'pg';

/**
 * The settings that our statements rely on, whatever the defaults of the database or role. Without
 * `default_transaction_read_only`, which providers set when a disk is full, and settings that need a superuser.
 */
const settings = {
  // No statement outlives its request, no abandoned transaction keeps its locks, and only the pool closes connections.
  statement_timeout: '10000',
  // A statement that waits for a lock occupies a connection.
  lock_timeout: '3000',
  idle_in_transaction_session_timeout: '30000',
  idle_session_timeout: '0',
  transaction_timeout: '0',
  // An error does not end the connection.
  exit_on_error: 'off',
  // Under stricter levels, a change that waited for another one would fail.
  default_transaction_isolation: 'read committed',
  // How values are printed.
  datestyle: 'ISO',
  intervalstyle: 'postgres',
  timezone: 'UTC',
  // How literals and arrays are parsed: the ORM writes values into its SQL, where a backslash is an ordinary character.
  standard_conforming_strings: 'on',
  array_nulls: 'on',
  transform_null_equals: 'off',
  // Policies restrict rows, and do not make statements fail.
  row_security: 'on',
  // A search finds all rows.
  gin_fuzzy_search_limit: '0',
  // PostgreSQL may plan for the values.
  plan_cache_mode: 'auto',
  // The schema check compares index definitions as text.
  quote_all_identifiers: 'off',
};

/**
 * SQL that sets up a session: poolers such as PgBouncer reject settings as connection parameters. Settings that the server
 * does not know are left out. @param searchPath as `set search_path` takes it
 */
export function sessionSetup(searchPath: string): string {
  const all = Object.entries({ ...settings, search_path: searchPath });
  const values = all.map(([name, value]) => `('${name}', ${pg.escapeLiteral(value)})`).join(', ');
  return `set statement_timeout = ${settings.statement_timeout};
    select pg_catalog.set_config(wanted.name, wanted.value, false)
    from (values ${values}) wanted (name, value) join pg_catalog.pg_settings on lower(pg_settings.name) = wanted.name`;
}
