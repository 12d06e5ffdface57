import type { Pool, PoolClient } from 'pg';
import type { Logger } from '../observability/logger.ts';
import { runChecked } from './checked-query.ts';
import { hasLostConnection, isStalePlan, isUnfit } from './connection-failures.ts';
import { Pipeline } from './pipeline.ts';
import { closeDropped } from './prepared-names.ts';
import type { PreparedQuery, Statements } from './statements.ts';
import { timeLeft, type Wait, withinTime } from './time-limit.ts';

/** Milliseconds for what belongs to no request: past statement_timeout, and within the twelve seconds of a request. */
const longest = 10_500;

/** A query made by `numbered`, with its number. */
export interface NumberedQuery {
  readonly query: PreparedQuery;
  readonly number: number;
}

/** The connections to PostgreSQL. Some of the pool's are kept for small reads: see Pipeline. */
export class Connections {
  readonly #pool: Pool;
  readonly #statements: Statements;
  readonly #pipeline: Pipeline;

  /** @param isPipelining whether reads may be sent behind others */
  constructor(pool: Pool, statements: Statements, isPipelining: boolean, logger: Logger) {
    this.#pool = pool;
    this.#statements = statements;
    this.#pipeline = new Pipeline(pool, statements, isPipelining, logger);
  }

  /**
   * A connection that turns out to be dead (the server restarted, a pooler closed it) costs a silent retry, since
   * reading twice does no harm; when all of the pool were closed at once, one for each of them.
   * @param isLong on a connection of its own, so that nobody's small read waits behind it
   */
  read<Row>({ query, number }: NumberedQuery, isLong: boolean): Promise<Row[]> {
    return this.#repeated(query, this.#pool.options.max, (sent, wait) => {
      if (this.#pipeline.isOn && !isLong) return this.#pipeline.read<Row>(sent, number, wait);
      return this.#lend(wait, (client) => runChecked<Row>(client, sent, number));
    });
  }

  /** One statement that changes rows, on a connection of its own: it may wait for a lock. */
  write<Row>(query: PreparedQuery): Promise<Row[]> {
    return this.#repeated(query, 0, (sent, wait) =>
      this.#lend(wait, async (client) => (await client.query<Row & object>(sent)).rows),
    );
  }

  /** Runs `work` on a connection that nobody else uses meanwhile. */
  use<Result>(milliseconds: number, work: (client: PoolClient) => Promise<Result>): Promise<Result> {
    return withinTime(milliseconds, (wait) => this.#lend(wait, work));
  }

  /** Has reads take new connections: a session keeps the defaults of its database that it began with. */
  renew(): void {
    this.#pipeline.renew();
  }

  /** Gives the connections back, so that the pool can end. */
  close(): Promise<void> {
    return this.#pipeline.close();
  }

  #repeated<Row>(
    query: PreparedQuery,
    retries: number,
    run: (query: PreparedQuery, wait: Wait) => Promise<Row[]>,
  ): Promise<Row[]> {
    return withinTime(timeLeft(longest), async (wait) => {
      let sent = query;
      for (let left = retries; ; left--) {
        try {
          return await run(sent, wait);
        } catch (error) {
          // A table was altered: nothing was done yet, and without its name the statement is planned for the new one.
          if (isStalePlan(error) && sent.name !== undefined) sent = { text: query.text, values: query.values };
          else if (wait.isOver || left <= 0 || !hasLostConnection(error)) throw error;
        }
      }
    });
  }

  async #lend<Result>(wait: Wait, work: (client: PoolClient) => Promise<Result>): Promise<Result> {
    const client = await this.#pool.connect();
    wait.client = client;
    let failure: unknown;
    try {
      if (wait.isOver) throw new Error('The time was over before there was a connection.');
      await closeDropped(client, this.#statements);
      return await work(client);
    } catch (error) {
      failure = error;
      throw error;
    } finally {
      client.release(isUnfit(failure));
    }
  }
}
