import type { Pool, PoolClient } from 'pg';
import type { Logger } from '../../observability/logger.ts';
import { hasLostConnection, isStalePlan, isUnfit } from '../connection-failures.ts';
import type { PreparedQuery, Statements } from '../statements.ts';
import { runChecked } from './checked-query.ts';
import { Pipeline } from './pipeline.ts';
import { closeDropped } from './prepared-names.ts';
import { timeLeft, type Wait, withinTime } from './time-limit.ts';

/** Milliseconds for what belongs to no request: past statement_timeout, and within the twelve seconds of a request. */
const longest = 10_500;

/** The connections to PostgreSQL. Some of them are kept for small reads: see Pipeline. */
export class ConnectionPool {
  readonly pipeline: Pipeline;

  /** @param isPipelining whether reads may be sent behind others */
  constructor(
    private readonly pool: Pool,
    private readonly statements: Statements,
    isPipelining: boolean,
    logger: Logger,
  ) {
    this.pipeline = new Pipeline(pool, statements, isPipelining, logger);
  }

  /**
   * Runs a query made by `numbered`. A dead connection (the server restarted, a pooler closed it) costs a silent retry.
   * @param isDedicated on a connection of its own, so that nobody's small read waits behind it
   */
  read<Row>(query: PreparedQuery, number: number, isDedicated: boolean): Promise<Row[]> {
    return repeated(query, this.pool.options.max, (sent, wait) => {
      if (this.pipeline.isOn && !isDedicated) return this.pipeline.read<Row>(sent, number, wait);
      return this.#lend(wait, (client) => runChecked<Row>(client, sent, number));
    });
  }

  /** One statement that changes rows, on a connection of its own: it may wait for a lock. */
  write<Row>(query: PreparedQuery): Promise<Row[]> {
    const run = async (client: PoolClient, sent: PreparedQuery) => (await client.query<Row & object>(sent)).rows;
    return repeated(query, 0, (sent, wait) => this.#lend(wait, (client) => run(client, sent)));
  }

  /** Runs `work` on a connection that nobody else uses meanwhile. */
  use<Result>(milliseconds: number, work: (client: PoolClient) => Promise<Result>): Promise<Result> {
    return withinTime(milliseconds, (wait) => this.#lend(wait, work));
  }

  async #lend<Result>(wait: Wait, work: (client: PoolClient) => Promise<Result>): Promise<Result> {
    const client = await this.pool.connect();
    wait.client = client;
    let failure: unknown;
    try {
      if (wait.isOver) throw new Error('The time was over before there was a connection.');
      await closeDropped(client, this.statements);
      return await work(client);
    } catch (error) {
      failure = error;
      throw error;
    } finally {
      client.release(isUnfit(failure));
    }
  }
}

function repeated<Row>(
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
