import type { Pool, PoolClient } from 'pg';
import type { Logger } from '../../observability/logger.ts';
import type { PreparedQuery, Statements } from '../statements.ts';
import { runChecked } from './checked-query.ts';
import { connect, hasLostConnection, isConnectionUnusable, isStalePlan } from './connection-failures.ts';
import { type Member, MemberQuery, prepareMember, runQuery } from './member.ts';
import { Pipeline } from './pipeline.ts';
import { closeEvicted } from './prepared-names.ts';
import { timeLeft, type Wait, withTimeout } from './time-limit.ts';

/** Milliseconds outside a request: longer than statement_timeout, shorter than the eleven seconds within which a request fails. */
const longest = 10_500;

/** The connections to PostgreSQL. Some are reserved for small reads: see Pipeline. */
export class ConnectionPool {
  readonly pipeline: Pipeline;

  /** @param isPipelining whether reads may be sent before earlier ones are answered */
  constructor(
    private readonly pool: Pool,
    private readonly statements: Statements,
    isPipelining: boolean,
    logger: Logger,
  ) {
    this.pipeline = new Pipeline(pool, statements, isPipelining, logger);
  }

  /**
   * Runs a query made by `withReplyNumber`. After a lost connection (a server restart, a pooler's timeout) it is retried.
   * @param isDedicated on a connection of its own, so that no small read waits behind it
   * @param member as for MemberQuery
   */
  read<Row>(query: PreparedQuery, number: number, isDedicated: boolean, member: Member | null): Promise<Row[]> {
    return repeated(query, this.pool.options.max, (sent, wait) => {
      if (this.pipeline.isOn && !isDedicated) return this.pipeline.read<Row>(sent, number, member, wait);
      return this.#lend(wait, async (client) => {
        await this.#prepareMember(client, member);
        return runChecked<Row>(client, sent, number, member);
      });
    });
  }

  /** Runs one statement that changes rows, on a dedicated connection: it may wait for a lock. @param member as for MemberQuery */
  write<Row>(query: PreparedQuery, member: Member | null): Promise<Row[]> {
    const run = async (client: PoolClient, sent: PreparedQuery): Promise<Row[]> => {
      await this.#prepareMember(client, member);
      return runQuery<Row>(client, (done) => new MemberQuery(sent, member, done));
    };
    return repeated(query, 0, (sent, wait) => this.#lend(wait, (client) => run(client, sent)));
  }

  /** Runs `work` with exclusive use of a connection. */
  use<Result>(milliseconds: number, work: (client: PoolClient) => Promise<Result>): Promise<Result> {
    return withTimeout(milliseconds, (wait) => this.#lend(wait, work));
  }

  async #prepareMember(client: PoolClient, member: Member | null): Promise<void> {
    if (this.statements.isPrepared) await prepareMember(client, member);
  }

  async #lend<Result>(wait: Wait, work: (client: PoolClient) => Promise<Result>): Promise<Result> {
    const client = await connect(this.pool);
    wait.client = client;
    let failure: unknown;
    try {
      if (wait.isOver) throw new Error('Timed out while waiting for a connection.');
      await closeEvicted(client, this.statements);
      return await work(client);
    } catch (error) {
      failure = error;
      throw error;
    } finally {
      client.release(isConnectionUnusable(failure));
    }
  }
}

function repeated<Row>(
  query: PreparedQuery,
  retries: number,
  run: (query: PreparedQuery, wait: Wait) => Promise<Row[]>,
): Promise<Row[]> {
  return withTimeout(timeLeft(longest), async (wait) => {
    let sent = query;
    for (let left = retries; ; left--) {
      try {
        return await run(sent, wait);
      } catch (error) {
        // A table was altered. Nothing has been done yet; without a name, the statement is planned again.
        if (isStalePlan(error) && sent.name !== undefined) sent = { text: query.text, values: query.values };
        else if (wait.isOver || left <= 0 || !hasLostConnection(error)) throw error;
      }
    }
  });
}
