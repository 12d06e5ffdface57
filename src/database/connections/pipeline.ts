import type { Pool, PoolClient } from 'pg';
import type { Logger } from '../../observability/logger.ts';
import { hasLostConnection, isUnfit } from '../connection-failures.ts';
import type { PreparedQuery, Statements } from '../statements.ts';
import { requireInStep, runChecked, WrongReply } from './checked-query.ts';
import { closeDropped } from './prepared-names.ts';
import { type Wait, withinTime } from './time-limit.ts';

/** Two, so that a connection that breaks leaves one. */
const maximumHeld = 2;

/** Milliseconds for the first replies on a connection that is to be kept for reads. */
const patience = 3_000;

interface Held {
  readonly client: Promise<PoolClient>;
  /** Statements sent and not yet answered. */
  pending: number;
}

/**
 * Connections kept for reads: each is sent at once behind those that are unanswered (pipelining). Taking a connection from
 * the pool and waiting for it cost half of a small read. Each is a transaction of its own.
 */
export class Pipeline {
  readonly #size: number;
  readonly #held = new Set<Held>();

  /** @param isOn whether reads may be sent behind others */
  constructor(
    private readonly pool: Pool,
    private readonly statements: Statements,
    public isOn: boolean,
    private readonly logger: Logger,
  ) {
    // At least half of the pool is left to transactions.
    this.#size = Math.min(maximumHeld, Math.floor(pool.options.max / 2));
  }

  async read<Row>(query: PreparedQuery, number: number, wait: Wait): Promise<Row[]> {
    const held = this.#leastBusy();
    held.pending += 1;
    const isBehind = held.pending > 1;
    try {
      const client = await held.client;
      wait.client = client;
      sendTogether(client);
      closeDropped(client, this.statements);
      const rows = await runChecked<Row>(client, query, number);
      // No row carries a number that would show whose reply it is.
      if (rows.length === 0 && (isBehind || held.pending > 1)) await requireInStep(client, number);
      return rows;
    } catch (error) {
      if (isUnfit(error)) this.#drop(held);
      if (error instanceof WrongReply) this.#stopPipelining(error);
      throw error;
    } finally {
      held.pending -= 1;
    }
  }

  /** Has reads take new connections: a session keeps the defaults of its database that it began with. */
  renew(): void {
    for (const held of this.#held) this.#drop(held);
  }

  /** Gives the connections back, so that the pool can end. */
  async close(): Promise<void> {
    const clients = [...this.#held].map(({ client }) => client);
    this.#held.clear();
    for (const settled of await Promise.allSettled(clients)) {
      if (settled.status === 'fulfilled') settled.value.release();
    }
  }

  #leastBusy(): Held {
    let best: Held | undefined;
    for (const held of this.#held) if (best === undefined || held.pending < best.pending) best = held;
    return best !== undefined && (best.pending === 0 || this.#held.size === this.#size) ? best : this.#hold();
  }

  #hold(): Held {
    const held: Held = { client: this.#connect(), pending: 0 };
    this.#held.add(held);
    held.client.then(
      // What was unanswered fails by itself; the next read takes another connection.
      (client) => client.once('error', () => this.#drop(held)),
      () => this.#held.delete(held),
    );
    return held;
  }

  /** Gives it back to the pool, once: which happens first, its breaking or our closing, cannot be known. */
  #drop(held: Held): void {
    if (this.#held.delete(held)) void held.client.then((client) => client.release(true));
  }

  async #connect(): Promise<PoolClient> {
    const client = await this.pool.connect();
    Object.assign(client, { pipeline: true });
    try {
      await this.#requirePipeline(client);
      return client;
    } catch (error) {
      client.connection.stream.destroy();
      client.release(true);
      throw error;
    }
  }

  /** Some poolers lose replies to statements that were sent without waiting for earlier ones. */
  async #requirePipeline(client: PoolClient): Promise<void> {
    const probes = [1, 2, 3].map((number) => requireInStep(client, number));
    await withinTime(patience, () => Promise.all(probes)).catch(async (error: unknown) => {
      if (hasLostConnection(error)) throw error;
      // Fails where nothing at all is answered.
      await this.pool.query('select');
      this.#stopPipelining(error);
      throw new Error('Connection terminated: its replies came out of step.', { cause: error });
    });
  }

  #stopPipelining(error: unknown): void {
    if (!this.isOn) return;
    this.isOn = false;
    this.logger.error({ err: error }, 'replies came out of step: reads wait for one another from now on');
  }
}

/** What is sent until the running code ends goes out at once: writing to a socket is the dearest part of a small read. */
function sendTogether({ connection: { stream } }: PoolClient): void {
  if (stream.writableCorked > 0) return;
  stream.cork();
  process.nextTick(() => stream.uncork());
}
