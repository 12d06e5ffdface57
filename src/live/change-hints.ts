import { createHash, randomUUID } from 'node:crypto';
import pg from 'pg';
import type { UserChanges } from '../database/user-changes/user-changes.ts';
import type { Logger } from '../observability/logger.ts';
import { outsideRequests } from '../observability/request-scope.ts';

/** Milliseconds for which changes are gathered. PostgreSQL takes a lock of the whole server at the commit of each NOTIFY. */
const gathering = 20;

/** A payload starts with one of these, so that no message of one kind is taken for the other. */
const changed = 'changed ';
const probe = 'probe ';

/** A payload has less than 8,000 bytes, an id with its comma 37. */
const idsPerMessage = 200;

/** Milliseconds before the next attempt to connect, and for the answer to the first message. */
const reconnectAfter = 3_000;
const patience = 2_000;

/**
 * Tells other instances whose records have changed, and hears it from them, so that live subscriptions need not wait for the
 * look-up of each second. Only a hint: where LISTEN and NOTIFY do not work, or a message is lost, that look-up finds the change.
 * NOTIFY is sent apart from the changes, on a connection of its own.
 */
export class ChangeHints {
  readonly #channel: string;
  readonly #stopListening: () => void;
  readonly #changed = new Set<string>();
  #client: pg.Client | null = null;
  #sending: NodeJS.Timeout | null = null;
  #connecting: NodeJS.Timeout | null = null;
  #isHeard = false;
  #isStopped = false;
  #isAway = false;

  /** @param schema that of the tables: products that share a database hear their own changes alone */
  constructor(
    private readonly databaseUrl: string,
    schema: string,
    userChanges: UserChanges,
    private readonly wake: (userId: string) => void,
    private readonly logger: Logger,
  ) {
    this.#channel = `todoql_${createHash('sha256').update(schema).digest('hex').slice(0, 16)}`;
    this.#stopListening = userChanges.onCommitted((userId) => this.#announce(userId));
  }

  /** Connects, and connects again whenever the connection breaks. @returns whether messages arrive, at the first attempt */
  async start(): Promise<boolean> {
    const client = new pg.Client({
      connectionString: this.databaseUrl,
      connectionTimeoutMillis: 5_000,
      keepAlive: true,
    });
    this.#client = client;
    // Also after an error: what follows it is the end.
    client.on('error', () => {});
    client.once('end', () => this.#reconnect());
    try {
      await client.connect();
      this.#isHeard = await this.#listen(client);
      if (!this.#isHeard) {
        this.logger.info('live subscriptions hear of changes by other instances each second: set DATABASE_DIRECT_URL');
        this.#isStopped = true;
      }
      this.#isAway = false;
      if (this.#isStopped) await client.end();
      return this.#isHeard;
    } catch (error) {
      // Once for each outage: other lines say more of it.
      if (!this.#isAway && !this.#isStopped)
        this.logger.warn({ err: error }, 'could not listen to changes by other instances');
      this.#isAway = true;
      await client.end().catch(() => {});
      return false;
    }
  }

  stop(): void {
    this.#isStopped = true;
    this.#stopListening();
    clearTimeout(this.#sending ?? undefined);
    clearTimeout(this.#connecting ?? undefined);
    // Not by a farewell, which a database that does not answer would keep waiting.
    this.#client?.connection.stream.destroy();
  }

  /** Behind a transaction pooler, LISTEN is accepted, and nothing is ever heard. */
  async #listen(client: pg.Client): Promise<boolean> {
    const own = `${probe}${randomUUID()}`;
    const heard = new Promise<boolean>((resolve) => {
      client.on('notification', ({ payload }) => payload === own && resolve(true));
      setTimeout(() => resolve(false), patience).unref();
    });
    await client.query(`listen ${this.#channel}`);
    await client.query('select pg_notify($1, $2)', [this.#channel, own]);
    if (!(await heard)) return false;
    const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
    client.on('notification', ({ payload = '', processId }) => {
      if (processId === rows[0]?.pid || !payload.startsWith(changed)) return;
      for (const userId of payload.slice(changed.length).split(',')) this.wake(userId);
    });
    return true;
  }

  #announce(userId: string): void {
    if (!this.#isHeard) return;
    this.#changed.add(userId);
    this.#sending ??= this.#sendLater();
  }

  async #send(): Promise<void> {
    const ids = [...this.#changed];
    this.#changed.clear();
    const payloads: string[] = [];
    for (let at = 0; at < ids.length; at += idsPerMessage) {
      payloads.push(`${changed}${ids.slice(at, at + idsPerMessage).join()}`);
    }
    const notify = 'select pg_notify($1, payload) from unnest($2::text[]) as payload';
    // If it fails, the connection ends, and the hint is lost.
    await this.#client?.query(notify, [this.#channel, payloads]).catch(() => {});
    this.#sending = this.#changed.size > 0 ? this.#sendLater() : null;
  }

  #sendLater(): NodeJS.Timeout {
    return outsideRequests(() => setTimeout(() => void this.#send(), gathering));
  }

  #reconnect(): void {
    this.#isHeard = false;
    if (this.#isStopped || this.#connecting) return;
    this.#connecting = setTimeout(() => {
      this.#connecting = null;
      void this.start();
    }, reconnectAfter);
    this.#connecting.unref();
  }
}
