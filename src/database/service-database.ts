import type { EntityManager, MetadataStorage } from '@mikro-orm/postgresql';
import { type Kysely, sql } from 'kysely';
import type { PoolClient } from 'pg';
import type { Logger } from '../observability/logger.ts';
import { numbered } from './connections/checked-query.ts';
import { ConnectionPool } from './connections/connection-pool.ts';
import { kyselyOn } from './connections/kysely-on.ts';
import { requireTime, timeLeft, withinTime } from './connections/time-limit.ts';
import type { PlainRow, Transaction } from './database.ts';
import { isSerializationFailure, translateDatabaseError } from './failures.ts';
import type { Orm } from './orm.ts';
import { type Query, Statements } from './statements.ts';
import { UserQueues } from './user-queues.ts';

/** Milliseconds for a change that belongs to no request, with all its statements. */
const longestChange = 30_000;

/** Milliseconds for the answer whether all is well. */
const longestCheck = 1_500;

/** Of one user. Each has a connection of its own, and keeps a processor of the database's busy. */
const longReadsAtOnce = 2;

type Tables = Transaction extends Kysely<infer Described> ? Described : never;

/** What a change waits in for its turn: a user's changes run one at a time, and so do that user's log-ins and refreshes. */
export type Queue = `owner ${string}` | `log-in ${string}`;

/**
 * Runs what the service itself asks for: log-ins, counting tries, jobs. Nothing here restricts a statement to an owner; what
 * serves a user goes through Database.
 */
export class ServiceDatabase {
  readonly #statements: Statements;
  readonly #connections: Promise<ConnectionPool>;
  readonly #changes = new UserQueues(1);
  readonly #longReads = new UserQueues(longReadsAtOnce);
  #reads = 0;

  /** @param isPrepared whether reads may be prepared under a name, and sent without waiting for earlier ones */
  constructor(
    private readonly orm: Orm,
    isPrepared: boolean,
    logger: Logger,
  ) {
    this.#statements = new Statements(isPrepared);
    this.#connections = orm.em
      .getConnection()
      .getNativeClient()
      .then((pool) => new ConnectionPool(pool, this.#statements, isPrepared, logger));
  }

  /** Builds SQL, typed by the entities. Run what it builds with `read`. */
  get kysely() {
    return this.orm.em.getKysely();
  }

  /** Which columns the entities' properties are. */
  get metadata(): MetadataStorage {
    return this.orm.getMetadata();
  }

  /** An EntityManager of its own, which finds nothing yet: it has no owner. */
  fork(): EntityManager {
    return this.orm.em.fork();
  }

  /** Runs a query outside any transaction: see Reader. */
  async read<Row, Values extends Record<string, unknown>>(
    shape: string,
    build: (values: Values) => Query<Row>,
    values: Values,
    longFor: string | null = null,
    customPlan = false,
  ): Promise<PlainRow<Row>[]> {
    requireTime();
    // PostgreSQL's largest integer; that many are never under way.
    this.#reads = (this.#reads + 1) % 0x7fffffff;
    const number = this.#reads;
    const buildNumbered = (given: Values & { number: number }) => numbered(build(given), given.number);
    const query = this.#statements.query(shape, buildNumbered, { ...values, number }, customPlan);
    const connections = await this.#connections;
    try {
      return await this.#longReads.run(longFor, () => connections.read<PlainRow<Row>>(query, number, longFor !== null));
    } catch (error) {
      throw translateDatabaseError(error);
    }
  }

  /** Runs one statement that changes rows, a transaction of its own. Errors: as for `change`. */
  async write<Row, Values extends Record<string, unknown>>(
    shape: string,
    build: (values: Values) => Query<Row>,
    values: Values,
    queue?: Queue,
  ): Promise<PlainRow<Row>[]> {
    const query = this.#statements.query(shape, build, values);
    const connections = await this.#connections;
    return this.#inTurn(queue, () => connections.write<PlainRow<Row>>(query));
  }

  /**
   * Runs `work` in one transaction with an EntityManager of its own, flushes once and commits; stores nothing where it throws.
   * @param work gets an EntityManager that can make entities and find none: it has no owner
   * @throws AppError CONFLICT for a value that is taken, RATE_LIMITED where very many wait, SERVICE_UNAVAILABLE
   */
  change<Result>(
    work: (transaction: Transaction, em: EntityManager) => Promise<Result>,
    queue?: Queue,
  ): Promise<Result> {
    return this.#inTurn(queue, async () => {
      const connections = await this.#connections;
      return connections.use(timeLeft(longestChange), (client) => this.#transact(client, work));
    });
  }

  /** @throws where the database does not answer in time, or takes no changes */
  async requireReady(): Promise<void> {
    const query = () =>
      this.kysely.selectNoFrom(sql<string>`current_setting('transaction_read_only')`.as('isReadOnly'));
    const [row] = await withinTime(longestCheck, () => this.read('health', query, {}));
    if (row?.isReadOnly === 'off') return;
    (await this.#connections).pipeline.renew();
    throw new Error('The database can only be read.');
  }

  /** Gives back the connections that reads keep. */
  async close(): Promise<void> {
    await (await this.#connections).pipeline.close();
  }

  #inTurn<Result>(queue: Queue | undefined, change: () => Promise<Result>): Promise<Result> {
    return this.#changes.run(queue ?? null, async () => {
      requireTime();
      try {
        // A deadlock undid one of two changes, all of it: done again, it comes after the other one.
        return await change().catch((error) => (isSerializationFailure(error) ? change() : Promise.reject(error)));
      } catch (error) {
        throw translateDatabaseError(error);
      }
    });
  }

  /** The level is named in each: a pooler may give it a session that was not made ready. */
  #transact<Result>(
    client: PoolClient,
    work: (transaction: Transaction, em: EntityManager) => Promise<Result>,
  ): Promise<Result> {
    const begin = kyselyOn<Tables>(client).transaction().setIsolationLevel('read committed');
    return begin.execute(async (transaction) => {
      const em = this.fork();
      em.setTransactionContext(transaction);
      const result = await work(transaction, em);
      await em.flush();
      return result;
    });
  }
}
