import type { EntityManager } from '@mikro-orm/postgresql';
import type { CompiledQuery } from 'kysely';
import { requestScope } from '../observability/request-scope.ts';
import { hasLostConnection, tookTooLong, translateDatabaseError } from './failures.ts';
import type { Orm } from './orm.ts';

/** A query built by Kysely, typed by its row. */
interface Query<Row> {
  compile(): CompiledQuery<Row>;
}

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

  constructor(orm: Orm) {
    this.#orm = orm;
  }

  /** Builds SQL, typed by the entities. Run what it builds with `read`. */
  get build() {
    return this.#orm.em.getKysely();
  }

  /**
   * Runs a query on a connection of the pool, outside any transaction. A connection that turns out to be dead (the
   * server restarted, a pooler closed it) costs one silent retry, since reading twice does no harm.
   * @throws AppError SERVICE_UNAVAILABLE while the database is away
   */
  async read<Row>(query: Query<Row>): Promise<PlainRow<Row>[]> {
    requireTime();
    const { sql, parameters } = query.compile();
    const pool = await this.#orm.em.getConnection().getNativeClient();
    const run = async (): Promise<PlainRow<Row>[]> => (await pool.query({ text: sql, values: [...parameters] })).rows;
    try {
      return await run().catch((error: unknown) => {
        if (hasLostConnection(error)) return run();
        throw error;
      });
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
}

/** A request whose time is up starts nothing more, however many fields it still has. */
function requireTime(): void {
  const scope = requestScope();
  if (scope !== undefined && performance.now() > scope.deadline) throw tookTooLong();
}
