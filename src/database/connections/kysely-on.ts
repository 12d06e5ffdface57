import { Kysely, PostgresDialect, type PostgresPool, type PostgresPoolClient } from 'kysely';
import type { PoolClient } from 'pg';

const made = new WeakMap<PoolClient, Kysely<unknown>>();

/** Kysely on one connection, which its borrower gives back to the pool: only the borrower knows whether it is still good. */
export function kyselyOn<Tables>(client: PoolClient): Kysely<Tables> {
  const kysely = made.get(client) ?? new Kysely<unknown>({ dialect: new PostgresDialect({ pool: poolOf(client) }) });
  made.set(client, kysely);
  // The tables are known to the compiler alone.
  return kysely as Kysely<Tables>;
}

/** Lends the connection out as often as it is asked for. */
function poolOf(client: PoolClient): PostgresPool {
  const lent: PostgresPoolClient = {
    // Looked up at each call: tests watch what is sent.
    query: ((...given: Parameters<PoolClient['query']>) => client.query(...given)) as PostgresPoolClient['query'],
    release() {},
  };
  return { options: {}, connect: async () => lent, end: async () => {} };
}
