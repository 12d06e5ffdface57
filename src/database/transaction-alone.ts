import { type EntityManager, IsolationLevel } from '@mikro-orm/postgresql';
import type { Orm } from './orm.ts';

// An arbitrary number, the same in all instances: "todoql" in ASCII.
const lock = 0x746f646f716c;

/**
 * Runs `work`, which changes the schema, in a transaction that no other instance runs meanwhile. They wait for one another by an
 * advisory lock of the transaction, because a transaction pooler does not keep locks of the session.
 */
export function transactionAlone<Result>(orm: Orm, work: (em: EntityManager) => Promise<Result>): Promise<Result> {
  const run = async (em: EntityManager): Promise<Result> => {
    // Creating an index on a large table may take long, and so may waiting for another instance.
    await em.execute('set local statement_timeout = 0; set local lock_timeout = 0');
    await em.execute('select pg_advisory_xact_lock(?)', [lock]);
    return work(em);
  };
  // So that what the instance has done that held the lock before is visible.
  return orm.em.fork().transactional(run, { isolationLevel: IsolationLevel.READ_COMMITTED });
}
