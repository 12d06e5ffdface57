import pg from 'pg';

/**
 * What the statements were written for, whatever the database's or role's defaults. Not `default_transaction_read_only`,
 * which providers set where a disk is full, and not what only a superuser may change.
 */
const settings = {
  // No statement outlives its request, no transaction that was left open keeps its locks, and the pool alone decides
  // how long a connection lives.
  statement_timeout: '10000',
  // A statement that waits for a lock holds a connection that others need.
  lock_timeout: '3000',
  idle_in_transaction_session_timeout: '30000',
  idle_session_timeout: '0',
  transaction_timeout: '0',
  // An error is an answer, and not the end of the connection.
  exit_on_error: 'off',
  // Under the stricter levels a change that has waited for another one fails.
  default_transaction_isolation: 'read committed',
  // How text is read back.
  datestyle: 'ISO',
  intervalstyle: 'postgres',
  timezone: 'UTC',
  // What literals and arrays mean: the ORM writes values into its SQL, where a backslash is a character like any other.
  standard_conforming_strings: 'on',
  array_nulls: 'on',
  transform_null_equals: 'off',
  // A search finds all rows, and not some of them.
  gin_fuzzy_search_limit: '0',
  // Statements whose best plan depends on their values are planned for them.
  plan_cache_mode: 'auto',
  // Definitions of indexes are compared as text.
  quote_all_identifiers: 'off',
};

/**
 * SQL that makes a session ready: poolers such as PgBouncer refuse settings as parameters of the connection. What the server
 * does not know is left out. @param searchPath as `set search_path` takes it
 */
export function prepareSession(searchPath: string): string {
  const all = Object.entries({ ...settings, search_path: searchPath });
  const values = all.map(([name, value]) => `('${name}', ${pg.escapeLiteral(value)})`).join(', ');
  return `set statement_timeout = ${settings.statement_timeout};
    select pg_catalog.set_config(wanted.name, wanted.value, false)
    from (values ${values}) wanted (name, value) join pg_catalog.pg_settings on lower(pg_settings.name) = wanted.name`;
}
