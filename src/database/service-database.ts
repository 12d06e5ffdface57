import type { EntityManager, MetadataStorage } from '@mikro-orm/postgresql';
import { sql } from 'kysely';
import pg, { type QueryResult } from 'pg';
import type { Logger } from '../observability/logger.ts';
import { withReplyNumber } from './connections/checked-query.ts';
import { ConnectionPool } from './connections/connection-pool.ts';
import type { Member } from './connections/member.ts';
import { requireTimeLeft, timeLeft, withTimeout } from './connections/time-limit.ts';
import { Transactions } from './connections/transactions.ts';
import type { PlainRow, ReadOptions, Transaction } from './database.ts';
import { isSerializationFailure, type TakenValues, takenValuesIn, translateDatabaseError } from './failures.ts';
import { quotedJobsSchema } from './job-tables.ts';
import type { Orm } from './orm.ts';
import { memberRole } from './row-security.ts';
import { type Query, Statements } from './statements.ts';
import { UserChanges } from './user-changes/user-changes.ts';
import { UserQueues } from './user-changes/user-queues.ts';

/** Milliseconds for a change outside any request, with all its statements. */
const longestChange = 30_000;

/** Milliseconds for a health check. */
const longestCheck = 1_500;

/** Per user. Each takes a connection and keeps one processor of the database busy. */
const longReadsAtOnce = 2;

/** The queue that a change waits in: a user's changes run one at a time, and so do that user's log-ins and refreshes. */
export type Queue = `owner ${string}` | `log-in ${string}`;

/**
 * Runs the service's own statements: log-ins, throttles, background jobs. Nothing here restricts a statement to an owner;
 * requests of users go through Database.
 */
export class ServiceDatabase {
  readonly #statements: Statements;
  readonly #connections: Promise<ConnectionPool>;
  readonly #changes = new UserQueues(1);
  readonly #longReads = new UserQueues(longReadsAtOnce);
  readonly userChanges = new UserChanges(this);
  readonly #takenValues: TakenValues;
  readonly #transactions = new Transactions(() => this.fork());
  readonly #memberRole: string | null;
  #reads = 0;

  /**
   * @param isPrepared whether reads may be prepared under a name, and sent without waiting for earlier ones
   * @param hasRowSecurity whether what runs for a user sees only that user's rows: see row-security.ts
   */
  constructor(
    private readonly orm: Orm,
    isPrepared: boolean,
    logger: Logger,
    hasRowSecurity = false,
  ) {
    this.#memberRole = hasRowSecurity ? memberRole(orm) : null;
    this.#statements = new Statements(isPrepared);
    this.#takenValues = takenValuesIn(orm.getMetadata());
    this.#connections = orm.em
      .getConnection()
      .getNativeClient()
      .then((pool) => new ConnectionPool(pool, this.#statements, isPrepared, logger));
  }

  /** Builds SQL, typed by the entities. Run what it builds with `read`. */
  get kysely() {
    return this.orm.em.getKysely();
  }

  /** MikroORM's metadata of the entities: which property is which column. */
  get metadata(): MetadataStorage {
    return this.orm.getMetadata();
  }

  /** The schema of the job tables, quoted for SQL. */
  get jobsSchema(): string {
    return quotedJobsSchema(this.orm.config.get('schema'));
  }

  /** A new EntityManager. It throws for entities that users own until its filter `owner` is set. */
  fork(): EntityManager {
    return this.orm.em.fork();
  }

  /**
   * Runs a query outside any transaction: see Reader.
   * @param userId the user for whom it runs; null: for the service
   */
  async read<Row, Values extends Record<string, unknown>>(
    cacheKey: string,
    build: (values: Values) => Query<Row>,
    values: Values,
    { dedicatedConnection = false, customPlan = false }: ReadOptions = {},
    userId: string | null = null,
  ): Promise<PlainRow<Row>[]> {
    requireTimeLeft();
    // PostgreSQL's largest integer: so many are never in flight.
    this.#reads = (this.#reads + 1) % 0x7fffffff;
    const number = this.#reads;
    const buildNumbered = (given: Values & { number: number }) => withReplyNumber(build(given), given.number);
    const query = this.#statements.query(cacheKey, buildNumbered, { ...values, number }, customPlan);
    const connections = await this.#connections;
    try {
      return await this.#longReads.run(dedicatedConnection ? userId : null, () =>
        connections.read<PlainRow<Row>>(query, number, dedicatedConnection, this.#memberFor(userId)),
      );
    } catch (error) {
      throw translateDatabaseError(error, this.#takenValues);
    }
  }

  /** Runs one statement that changes rows, in its own transaction. Errors: as for `change`. @param userId as for `read` */
  async write<Row, Values extends Record<string, unknown>>(
    cacheKey: string,
    build: (values: Values) => Query<Row>,
    values: Values,
    queue?: Queue,
    userId: string | null = null,
  ): Promise<PlainRow<Row>[]> {
    const query = this.#statements.query(cacheKey, build, values);
    const connections = await this.#connections;
    return this.#queued(queue, () => connections.write<PlainRow<Row>>(query, this.#memberFor(userId)));
  }

  /**
   * Runs `work` in one transaction with its own EntityManager, flushes and commits. If `work` throws, it rolls back.
   * @param work receives an EntityManager that can create entities, but throws where it should find some: it has no owner
   * @param userId as for `read`
   * @throws AppError CONFLICT for a value that is taken, RATE_LIMITED where too many changes wait, SERVICE_UNAVAILABLE
   */
  change<Result>(
    work: (transaction: Transaction, em: EntityManager) => Promise<Result>,
    queue?: Queue,
    userId: string | null = null,
  ): Promise<Result> {
    return this.#queued(queue, async () => {
      const connections = await this.#connections;
      const member = this.#memberFor(userId);
      return connections.use(timeLeft(longestChange), (client) => this.#transactions.run(client, member, work));
    });
  }

  /** Runs SQL of a library: one statement with values, or several without. @returns the rows of all of them */
  async execute(text: string, values: unknown[] = []): Promise<{ rows: object[] }> {
    const connections = await this.#connections;
    return connections.use(longestChange, async (client) => {
      try {
        // With pg's own types, which a library expects, and not those of the ORM.
        const result: QueryResult | QueryResult[] = await client.query({ text, values, types: pg.types });
        return { rows: [result].flat().flatMap(({ rows }) => rows) };
      } catch (error) {
        // Several statements may have begun a transaction.
        if (values.length === 0) await client.query('rollback').catch(() => {});
        throw error;
      }
    });
  }

  /** Runs `work` once the transaction has been committed, if it is. */
  afterCommit(transaction: Transaction, work: () => void): void {
    this.#transactions.afterCommit(transaction, work);
  }

  /** @throws if the database does not answer in time, or is read-only */
  async requireReady(): Promise<void> {
    const query = () =>
      this.kysely.selectNoFrom(sql<string>`current_setting('transaction_read_only')`.as('isReadOnly'));
    const [row] = await withTimeout(longestCheck, () => this.read('health', query, {}));
    if (row?.isReadOnly === 'off') return;
    (await this.#connections).pipeline.reconnect();
    throw new Error('The database is read-only.');
  }

  /** Releases the connections that the pipeline holds. */
  async close(): Promise<void> {
    await (await this.#connections).pipeline.close();
  }

  #memberFor(userId: string | null): Member | null {
    return this.#memberRole === null || userId === null ? null : { role: this.#memberRole, userId };
  }

  #queued<Result>(queue: Queue | undefined, change: () => Promise<Result>): Promise<Result> {
    return this.#changes.run(queue ?? null, async () => {
      requireTimeLeft();
      try {
        // PostgreSQL ended a deadlock by rolling back this change: it is retried once, after the other one.
        return await change().catch((error) => (isSerializationFailure(error) ? change() : Promise.reject(error)));
      } catch (error) {
        throw translateDatabaseError(error, this.#takenValues);
      }
    });
  }
}
