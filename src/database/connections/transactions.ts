import type { EntityManager } from '@mikro-orm/postgresql';
import type { Kysely } from 'kysely';
import type { PoolClient } from 'pg';
import type { Transaction } from '../database.ts';
import { kyselyOn } from './kysely-on.ts';
import { becomeMember, type Member } from './member.ts';

type Tables = Transaction extends Kysely<infer Described> ? Described : never;

/** Transactions, each with its own EntityManager. */
export class Transactions {
  readonly #afterCommit = new WeakMap<Transaction, (() => void)[]>();

  constructor(private readonly fork: () => EntityManager) {}

  /**
   * Runs `work` in a transaction, flushes and commits. Each one names its isolation level: a pooler may hand out a session
   * without our settings. @param member as for MemberQuery
   */
  async run<Result>(
    client: PoolClient,
    member: Member | null,
    work: (transaction: Transaction, em: EntityManager) => Promise<Result>,
  ): Promise<Result> {
    const begin = kyselyOn<Tables>(client).transaction().setIsolationLevel('read committed');
    const afterCommit: (() => void)[] = [];
    const result = await begin.execute(async (transaction) => {
      if (member) await client.query(becomeMember(member));
      this.#afterCommit.set(transaction, afterCommit);
      const em = this.fork();
      em.setTransactionContext(transaction);
      const result = await work(transaction, em);
      await em.flush();
      return result;
    });
    for (const run of afterCommit) run();
    return result;
  }

  /** Runs `work` once the transaction has been committed, if it is. */
  afterCommit(transaction: Transaction, work: () => void): void {
    this.#afterCommit.get(transaction)?.push(work);
  }
}
