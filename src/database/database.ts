import type { EntityManager } from '@mikro-orm/postgresql';
import { requestScope } from '../observability/request-scope.ts';
import { tookTooLong, translateDatabaseError } from './failures.ts';
import type { Orm } from './orm.ts';
import { ReadConnections } from './read-connections.ts';
import { type Query, Statements } from './statements.ts';

/** A row as `read` gives it: instants stay the text that PostgreSQL prints, since most of them only pass through. */
export type PlainRow<Row> = {
  [Column in keyof Row]: Date extends Row[Column] ? Exclude<Row[Column], Date> | string : Row[Column];
};

/**
 * The way to the rows that resolvers have: queries read selected columns as plain rows, mutations change entities. No
 * EntityManager can be shared between two mutation fields, because none is handed out longer than one change lasts.
 */
export class Database {
  readonly #orm: Orm;
  readonly #statements: Statements;
  readonly #connections: Promise<ReadConnections>;

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

  /**
   * Runs a query outside any transaction.
   * @param shape names the query's text: the same shape must always build the same text
   * @param build makes the query from values, which it may pass on as parameters only
   * @param isLong whether it may read many rows, so that others must not queue behind it
   * @throws AppError SERVICE_UNAVAILABLE while the database is away
   */
  async read<Row, Values extends Record<string, unknown>>(
    shape: string,
    build: (values: Values) => Query<Row>,
    values: Values,
    isLong = false,
  ): Promise<PlainRow<Row>[]> {
    requireTime();
    const query = this.#statements.query(shape, build, values);
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
   * Runs `work` in one transaction with an EntityManager of its own, flushes once, commits, and answers what `work`
   * answered. Nothing is stored where it throws.
   * @throws AppError CONFLICT for a value that is taken, SERVICE_UNAVAILABLE while the database is away
   */
  async change<Result>(work: (em: EntityManager) => Promise<Result>): Promise<Result> {
    requireTime();
    try {
      // Kysely's own transaction, because it gives the connection back whatever happens: the ORM's keeps a connection
      // that broke, until the pool has none left.
      return await this.build.transaction().execute(async (transaction) => {
        const em = this.#orm.em.fork();
        em.setTransactionContext(transaction);
        const result = await work(em);
        await em.flush();
        return result;
      });
    } catch (error) {
      throw translateDatabaseError(error);
    }
  }

  /**
   * Stores one new entity by one statement, which is a transaction of its own: a third of the round trips, and none of
   * the unit of work's comparing.
   * @throws AppError as `change` does
   */
  async insert<Entity extends object>(make: (em: EntityManager) => Entity): Promise<Entity> {
    requireTime();
    try {
      const em = this.#orm.em.fork();
      const entity = make(em);
      await em.insert(entity);
      return entity;
    } catch (error) {
      throw translateDatabaseError(error);
    }
  }

  /** Gives back the connections that reads keep. */
  async close(): Promise<void> {
    await (await this.#connections).close();
  }
}

/** A request whose time is up starts nothing more, however many fields it still has. */
function requireTime(): void {
  const scope = requestScope();
  if (scope !== undefined && performance.now() > scope.deadline) throw tookTooLong();
}
