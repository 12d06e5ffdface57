import type { Pool, PoolClient } from 'pg';
import type { Logger } from '../../observability/logger.ts';
import type { PreparedQuery, Statements } from '../statements.ts';
import { ReplyMismatch, requireMatchingReply, runChecked } from './checked-query.ts';
import { connect, hasLostConnection, isConnectionUnusable } from './connection-failures.ts';
import { type Member, prepareMember } from './member.ts';
import { closeEvicted } from './prepared-names.ts';
import { type Wait, withTimeout } from './time-limit.ts';

/** Two, so that a connection that breaks leaves one. */
const maximumHeld = 2;

/** Milliseconds for the first replies on a new connection. */
const patience = 3_000;

interface Held {
  readonly client: Promise<PoolClient>;
  /** Statements sent and not yet answered. */
  pending: number;
}

/**
 * Connections reserved for reads: a read is sent without waiting for earlier ones (pipelining). Taking a connection from the
 * pool and waiting for it cost half of a small read. Each read is its own transaction.
 */
export class Pipeline {
  readonly #size: number;
  readonly #held = new Set<Held>();

  /** @param isOn whether reads may be sent before earlier ones are answered */
  constructor(
    private readonly pool: Pool,
    private readonly statements: Statements,
    public isOn: boolean,
    private readonly logger: Logger,
  ) {
    // At least half of the pool is left for transactions.
    this.#size = Math.min(maximumHeld, Math.floor(pool.options.max / 2));
  }

  async read<Row>(query: PreparedQuery, number: number, member: Member | null, wait: Wait): Promise<Row[]> {
    const held = this.#leastBusy();
    held.pending += 1;
    const isBehind = held.pending > 1;
    try {
      const client = await held.client;
      wait.client = client;
      await prepareMember(client, member);
      sendTogether(client);
      closeEvicted(client, this.statements);
      const rows = await runChecked<Row>(client, query, number, member);
      // There is no row whose number would show whose reply it is.
      if (rows.length === 0 && (isBehind || held.pending > 1)) await requireMatchingReply(client, number);
      return rows;
    } catch (error) {
      if (isConnectionUnusable(error)) this.#drop(held);
      if (error instanceof ReplyMismatch) this.#stopPipelining(error);
      throw error;
    } finally {
      held.pending -= 1;
    }
  }

  /** Makes reads take new connections: a session keeps the database's defaults from when it began. */
  reconnect(): void {
    for (const held of this.#held) this.#drop(held);
  }

  /** Releases the connections, so that the pool can end. */
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
      // Unanswered reads fail by themselves; the next one takes another connection.
      (client) => client.once('error', () => this.#drop(held)),
      () => this.#held.delete(held),
    );
    return held;
  }

  /** Releases it once: an error and `close` may both come first. */
  #drop(held: Held): void {
    if (this.#held.delete(held)) void held.client.then((client) => client.release(true));
  }

  async #connect(): Promise<PoolClient> {
    const client = await connect(this.pool);
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

  /** Tests the connection: some poolers lose replies to pipelined statements. */
  async #requirePipeline(client: PoolClient): Promise<void> {
    const probes = [1, 2, 3].map((number) => requireMatchingReply(client, number));
    await withTimeout(patience, () => Promise.all(probes)).catch(async (error: unknown) => {
      if (hasLostConnection(error)) throw error;
      // Throws if the database does not answer at all.
      await this.pool.query('select');
      this.#stopPipelining(error);
      throw new Error('Connection terminated: its replies came out of order.', { cause: error });
    });
  }

  #stopPipelining(error: unknown): void {
    if (!this.isOn) return;
    this.isOn = false;
    this.logger.error({ err: error }, 'replies came out of order: pipelining is off from now on');
  }
}

/** Sends everything from this turn of the event loop in one write: writing to a socket is the most expensive part of a read. */
function sendTogether({ connection: { stream } }: PoolClient): void {
  if (stream.writableCorked > 0) return;
  stream.cork();
  process.nextTick(() => stream.uncork());
}
