import type { EntityManager } from '@mikro-orm/postgresql';
import { requestScope } from '../observability/request-scope.ts';
import { ChangeQueues } from './change-queues.ts';
import { isOvertaken, tookTooLong, translateDatabaseError } from './failures.ts';
import type { Orm } from './orm.ts';
import { ReadConnections } from './read-connections.ts';
import { type Query, Statements } from './statements.ts';

/** A row as `read` gives it: instants stay the text that PostgreSQL prints, since most of them only pass through. */
export type PlainRow<Row> = {
  [Column in keyof Row]: Date extends Row[Column] ? Exclude<Row[Column], Date> | string : Row[Column];
};

/** Runs SQL within one change, typed by the entities. */
export type Transaction = Database['build'];

export interface ReadOptions {
  readonly isLong?: boolean;
  readonly isPlannedAnew?: boolean;
}

/** Runs queries: on their own, or within a change, where they see what it has changed so far. */
export interface Reader {
  readonly build: Transaction;
  /**
   * @param shape names the query's text: the same shape must always build the same text
   * @param build makes the query from values, which it may pass on as parameters only
   * @param how whether it may read many rows, so that others must not queue behind it; and whether the best way to find
   *   them depends on the values, so that it is planned anew for each
   * @throws AppError SERVICE_UNAVAILABLE while the database is away
   */
  read<Row, Values extends Record<string, unknown>>(
    shape: string,
    build: (values: Values) => Query<Row>,
    values: Values,
    how?: ReadOptions,
  ): Promise<PlainRow<Row>[]>;
}

/**
 * The way to the rows that resolvers have: queries read selected columns as plain rows, mutations change entities. No
 * EntityManager can be shared between two mutation fields, because none is handed out longer than one change lasts.
 */
export class Database implements Reader {
  readonly #orm: Orm;
  readonly #statements: Statements;
  readonly #connections: Promise<ReadConnections>;
  readonly #queues = new ChangeQueues();

  /** @param isPrepared whether reads may be prepared under a name */
  constructor(orm: Orm, isPrepared: boolean) {
    this.#orm = orm;
    this.#statements = new Statements(isPrepared);
    this.#connections = orm.em
      .getConnection()
      .getNativeClient()
      .then((pool) => new ReadConnections(pool));
  }

  /** Builds SQL, typed by the entities. Run what it builds with `read`. */
  get build() {
    return this.#orm.em.getKysely();
  }

  /** Runs a query outside any transaction. */
  async read<Row, Values extends Record<string, unknown>>(
    shape: string,
    build: (values: Values) => Query<Row>,
    values: Values,
    { isLong = false, isPlannedAnew = false }: ReadOptions = {},
  ): Promise<PlainRow<Row>[]> {
    requireTime();
    const query = this.#statements.query(shape, build, values, isPlannedAnew);
    const connections = await this.#connections;
    try {
      const result = isLong
        ? await connections.queryApart<PlainRow<Row>>(query)
        : await connections.query<PlainRow<Row>>(query);
      return result.rows;
    } catch (error) {
      throw translateDatabaseError(error);
    }
  }

  /**
   * Runs one statement that changes rows; it is a transaction of its own, all of it or nothing. Repeated only where a
   * deadlock undid it, and never on the connections of reads: it may wait for a lock.
   * @param queue what it waits in for its turn, as for `change`
   * @param shape as for `read`
   * @throws AppError CONFLICT for a value that is taken, RATE_LIMITED where very many wait in the queue,
   *   SERVICE_UNAVAILABLE while the database is away
   */
  async write<Row, Values extends Record<string, unknown>>(
    queue: string | null,
    shape: string,
    build: (values: Values) => Query<Row>,
    values: Values,
  ): Promise<PlainRow<Row>[]> {
    const query = this.#statements.query(shape, build, values);
    const connections = await this.#connections;
    const run = () => connections.queryApart<PlainRow<Row>>(query, 0);
    return (await this.#inTurn(queue, run)).rows;
  }

  /**
   * Runs `work` in one transaction with an EntityManager of its own, flushes once, commits, and answers what `work`
   * answered. Nothing is stored where it throws.
   * @param queue the user's id where it changes what a user owns: such changes run one at a time. Another key for another
   *   queue; null waits for nothing
   * @param work is also given the transaction itself, for SQL, where what the EntityManager has not flushed is not there
   *   yet; and a reader, for which it is flushed
   * @throws AppError CONFLICT for a value that is taken, RATE_LIMITED where very many wait in the queue,
   *   SERVICE_UNAVAILABLE while the database is away
   */
  change<Result>(
    queue: string | null,
    work: (em: EntityManager, transaction: Transaction, reader: Reader) => Promise<Result>,
  ): Promise<Result> {
    return this.#inTurn(queue, () => this.#transact(work));
  }

  #inTurn<Result>(queue: string | null, change: () => Promise<Result>): Promise<Result> {
    return this.#queues.run(queue, async () => {
      requireTime();
      try {
        return await onceMore(change);
      } catch (error) {
        throw translateDatabaseError(error);
      }
    });
  }

  #transact<Result>(
    work: (em: EntityManager, transaction: Transaction, reader: Reader) => Promise<Result>,
  ): Promise<Result> {
    // Kysely's own transaction, because it gives the connection back whatever happens: the ORM's keeps a connection that
    // broke, until the pool has none left.
    // The level is named in each: a pooler may give it a session that was not made ready.
    return this.build
      .transaction()
      .setIsolationLevel('read committed')
      .execute(async (transaction) => {
        const em = this.#orm.em.fork();
        em.setTransactionContext(transaction);
        const result = await work(em, transaction, readerWithin(em, transaction));
        await em.flush();
        return result;
      });
  }

  /** Gives back the connections that reads keep. */
  async close(): Promise<void> {
    await (await this.#connections).close();
  }
}

/** A deadlock undid one of two changes, all of it: done again, it comes after the other one. */
function onceMore<Result>(change: () => Promise<Result>): Promise<Result> {
  return change().catch((error: unknown) => {
    if (!isOvertaken(error)) throw error;
    return change();
  });
}

/** What is read here is what the change answers with: all of its own work, and nobody's that comes after. */
function readerWithin(em: EntityManager, transaction: Transaction): Reader {
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

/** A request whose time is up starts nothing more, however many fields it still has. */
function requireTime(): void {
  const scope = requestScope();
  if (scope !== undefined && performance.now() > scope.deadline) throw tookTooLong();
}
