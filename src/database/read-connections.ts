import type { Pool, PoolClient, QueryConfig, QueryResult } from 'pg';
import { hasLostConnection } from './failures.ts';

/** Two, so that a connection that breaks leaves one. */
const maximumHeld = 2;

/** Milliseconds: past statement_timeout, so that only a connection that has gone silent gets there. It is then dropped. */
const silence = 12_000;

interface Connection {
  readonly client: PoolClient;
  /** Gives it back to the pool, once: which happens first, its breaking or our closing, cannot be known. */
  release(error?: Error): void;
}

interface Held {
  readonly connection: Promise<Connection>;
  /** Statements sent and not yet answered. */
  pending: number;
}

/**
 * Connections of the pool that are kept for reads. A read is sent at once, behind others that are still unanswered
 * (pipelining): taking a connection from the pool and waiting for its turn cost half of a small read. Each is a
 * transaction of its own, so that none sees, or fails with, another.
 */
export class ReadConnections {
  readonly #pool: Pool;
  readonly #size: number;
  readonly #held = new Set<Held>();

  constructor(pool: Pool) {
    this.#pool = pool;
    // At least half of the pool is left to transactions.
    this.#size = Math.min(maximumHeld, Math.floor(pool.options.max / 2));
  }

  /**
   * A connection that turns out to be dead (the server restarted, a pooler closed it) costs a silent retry, since
   * reading twice does no harm; when all were closed at once, one for each of them.
   */
  async query<Row extends Record<string, unknown>>(
    query: QueryConfig,
    attempts = this.#size,
  ): Promise<QueryResult<Row>> {
    const held = this.#leastBusy();
    held.pending += 1;
    try {
      const { client } = await held.connection;
      return await client.query<Row>(timed(query));
    } catch (error) {
      if (!hasLostConnection(error)) throw error;
      this.#held.delete(held);
      if (attempts === 0) throw error;
      return await this.query(query, attempts - 1);
    } finally {
      held.pending -= 1;
    }
  }

  /** For what takes long: on a connection of its own, so that nobody's small read waits behind it. */
  async queryApart<Row extends Record<string, unknown>>(query: QueryConfig, attempts = 1): Promise<QueryResult<Row>> {
    try {
      return await this.#pool.query<Row>(timed(query));
    } catch (error) {
      if (!hasLostConnection(error) || attempts === 0) throw error;
      return await this.queryApart(query, attempts - 1);
    }
  }

  /** Gives the connections back, so that the pool can end. */
  async close(): Promise<void> {
    const connections = [...this.#held].map(({ connection }) => connection);
    this.#held.clear();
    for (const settled of await Promise.allSettled(connections)) {
      if (settled.status === 'fulfilled') settled.value.release();
    }
  }

  #leastBusy(): Held {
    let best: Held | undefined;
    for (const held of this.#held) if (best === undefined || held.pending < best.pending) best = held;
    return best !== undefined && (best.pending === 0 || this.#held.size === this.#size) ? best : this.#hold();
  }

  #hold(): Held {
    const held: Held = { connection: this.#connect(() => this.#held.delete(held)), pending: 0 };
    this.#held.add(held);
    return held;
  }

  async #connect(drop: () => void): Promise<Connection> {
    try {
      const client = await this.#pool.connect();
      let isHeld = true;
      const release = (error?: Error): void => {
        if (isHeld) client.release(error);
        isHeld = false;
      };
      // What was unanswered fails by itself; the next read takes another connection.
      client.once('error', (error) => {
        drop();
        release(error);
      });
      return { client, release };
    } catch (error) {
      drop();
      throw error;
    }
  }
}

/** pg takes the time for a single query too, which its types do not know. */
function timed(query: QueryConfig): QueryConfig {
  return Object.assign({ query_timeout: silence }, query);
}
