import type { EntityManager } from '@mikro-orm/postgresql';
import type { Reader, Transaction } from './database.ts';

/** Reads within the transaction of a change: all that the change itself has written, and nothing that came after it. */
export function readerWithin(em: EntityManager, transaction: Transaction): Reader {
  return {
    build: transaction,
    metadata: em.getMetadata(),
    async read(_shape, build, values) {
      await em.flush();
      // Kysely's rows are those of the query, as pg made them.
      const { rows } = await transaction.executeQuery(build(values).compile());
      return rows as never[];
    },
  };
}
