import type { EntityManager } from '@mikro-orm/postgresql';
import type { Reader, Transaction } from './database.ts';

/** What is read here is what the change answers with: all of its own work, and nobody's that comes after. */
export function readerWithin(em: EntityManager, transaction: Transaction): Reader {
  return {
    build: transaction,
    async read(_shape, build, values) {
      await em.flush();
      // Kysely's rows are those of the query, as pg made them.
      const { rows } = await transaction.executeQuery(build(values).compile());
      return rows as never[];
    },
  };
}
