import { Kysely, PostgresDialect, type PostgresPool, type PostgresPoolClient } from 'kysely';
import type { ClientBase } from 'pg';

const made = new WeakMap<ClientBase, Kysely<unknown>>();

/** Kysely on one connection. The caller releases it to the pool: only the caller knows whether it is still usable. */
export function kyselyOn<Tables>(client: ClientBase): Kysely<Tables> {
  const kysely = made.get(client) ?? new Kysely<unknown>({ dialect: new PostgresDialect({ pool: poolOf(client) }) });
  made.set(client, kysely);
  // The tables exist in types only.
  return kysely as Kysely<Tables>;
}

/** A pool that always hands out this connection. */
function poolOf(client: ClientBase): PostgresPool {
  const lent: PostgresPoolClient = {
    // Looked up at each call, so that tests can replace it.
    query: ((...given: Parameters<ClientBase['query']>) => client.query(...given)) as PostgresPoolClient['query'],
    release() {},
  };
  return { options: {}, connect: async () => lent, end: async () => {} };
}
