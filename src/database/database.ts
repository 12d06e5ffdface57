import type { EntityManager, MetadataStorage } from '@mikro-orm/postgresql';
import { type Kysely, sql } from 'kysely';
import type { PoolClient } from 'pg';
import type { Logger } from '../observability/logger.ts';
import { numbered } from './checked-query.ts';
import { Connections } from './connections.ts';
import { isOvertaken, translateDatabaseError } from './failures.ts';
import { kyselyOn } from './kysely-on.ts';
import type { Orm } from './orm.ts';
import { readerWithin } from './reader-within.ts';
import { type Query, Statements } from './statements.ts';
import { requireTime, timeLeft, withinTime } from './time-limit.ts';
import { UserQueues } from './user-queues.ts';

/** Milliseconds for a change that belongs to no request, with all its statements. */
const longestChange = 30_000;

/** Milliseconds for the answer whether all is well. */
const longestCheck = 1_500;

/** Of one user. Each has a connection of its own, and keeps a processor of the database's busy. */
const longReadsAtOnce = 2;

/** A row as `read` gives it: instants stay the text that PostgreSQL prints, since most of them only pass through. */
export type PlainRow<Row> = {
  [Column in keyof Row]: Date extends Row[Column] ? Exclude<Row[Column], Date> | string : Row[Column];
};

/** Runs SQL within one change, typed by the entities. */
export type Transaction = Database['build'];

type Tables = Transaction extends Kysely<infer Described> ? Described : never;

export interface ReadOptions {
  readonly longFor?: string | null;
  readonly isPlannedAnew?: boolean;
}

/** Runs queries: on their own, or within a change, where they see what it has changed so far. */
export interface Reader {
  readonly build: Transaction;
  /** Which columns the entities' properties are. */
  readonly metadata: MetadataStorage;
  /**
   * @param shape names the query's text: the same shape must always build the same text
   * @param build makes the query from values, which it may pass on as parameters only
   * @param how the id of the user for whom it may read many rows, so that others must not queue behind it; and whether the
   *   best way to find them depends on the values, so that it is planned anew for each
   * @throws AppError RATE_LIMITED where very many long ones of the user wait, SERVICE_UNAVAILABLE while the database is away
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
  readonly #connections: Promise<Connections>;
  readonly #changes = new UserQueues(1);
  readonly #longReads = new UserQueues(longReadsAtOnce);
  #reads = 0;

  /** @param isPrepared whether reads may be prepared under a name, and sent without waiting for earlier ones */
  constructor(orm: Orm, isPrepared: boolean, logger: Logger) {
    this.#orm = orm;
    this.#statements = new Statements(isPrepared);
    this.#connections = orm.em
      .getConnection()
      .getNativeClient()
      .then((pool) => new Connections(pool, this.#statements, isPrepared, logger));
  }

  /** Builds SQL, typed by the entities. Run what it builds with `read`. */
  get build() {
    return this.#orm.em.getKysely();
  }

  get metadata(): MetadataStorage {
    return this.#orm.getMetadata();
  }

  /** Runs a query outside any transaction. */
  async read<Row, Values extends Record<string, unknown>>(
    shape: string,
    build: (values: Values) => Query<Row>,
    values: Values,
    { longFor = null, isPlannedAnew = false }: ReadOptions = {},
  ): Promise<PlainRow<Row>[]> {
    requireTime();
    // PostgreSQL's largest integer; that many are never under way.
    this.#reads = (this.#reads + 1) % 0x7fffffff;
    const number = this.#reads;
    const buildNumbered = (given: Values & { number: number }) => numbered(build(given), given.number);
    const query = this.#statements.query(shape, buildNumbered, { ...values, number }, isPlannedAnew);
    const connections = await this.#connections;
    try {
      return await this.#longReads.run(longFor, () =>
        connections.read<PlainRow<Row>>({ query, number }, longFor !== null),
      );
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
    return this.#inTurn(queue, () => connections.write<PlainRow<Row>>(query));
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
    return this.#inTurn(queue, async () => {
      const connections = await this.#connections;
      return connections.use(timeLeft(longestChange), (client) => this.#transact(client, work));
    });
  }

  /**
   * Resolves where a request could be served.
   * @throws where the database does not answer in time, or takes no changes
   */
  async requireReady(): Promise<void> {
    const query = () => this.build.selectNoFrom(sql<string>`current_setting('transaction_read_only')`.as('isReadOnly'));
    const [row] = await withinTime(longestCheck, () => this.read('health', query, {}));
    if (row?.isReadOnly === 'off') return;
    (await this.#connections).renew();
    throw new Error('The database can only be read.');
  }

  /** Gives back the connections that reads keep. */
  async close(): Promise<void> {
    await (await this.#connections).close();
  }

  #inTurn<Result>(queue: string | null, change: () => Promise<Result>): Promise<Result> {
    return this.#changes.run(queue, async () => {
      requireTime();
      try {
        return await onceMore(change);
      } catch (error) {
        throw translateDatabaseError(error);
      }
    });
  }

  /** The level is named in each: a pooler may give it a session that was not made ready. */
  #transact<Result>(
    client: PoolClient,
    work: (em: EntityManager, transaction: Transaction, reader: Reader) => Promise<Result>,
  ): Promise<Result> {
    const begin = kyselyOn<Tables>(client).transaction().setIsolationLevel('read committed');
    return begin.execute(async (transaction) => {
      const em = this.#orm.em.fork();
      em.setTransactionContext(transaction);
      const result = await work(em, transaction, readerWithin(em, transaction));
      await em.flush();
      return result;
    });
  }
}

/** A deadlock undid one of two changes, all of it: done again, it comes after the other one. */
function onceMore<Result>(change: () => Promise<Result>): Promise<Result> {
  return change().catch((error: unknown) => {
    if (!isOvertaken(error)) throw error;
    return change();
  });
}
