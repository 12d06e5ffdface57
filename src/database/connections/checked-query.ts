import pg, { type Connection, type PoolClient, type QueryConfig } from 'pg';
import type { Query } from '../statements.ts';

/** The column with the number of the statement that a row belongs to. */
const replyColumn = 'todoql_reply';

/** The number that a standby returns instead of the statement's. */
const inRecovery = '-1';

export class ReplyMismatch extends Error {
  override readonly name = 'ReplyMismatch';
  override readonly message = 'A reply belongs to another statement.';
}

export class ServerInRecovery extends Error {
  override readonly name = 'ServerInRecovery';
  override readonly message = 'The database server is in recovery: it is a standby.';
}

/** pg's handlers of incoming messages, which its types leave out. */
interface Handlers {
  handleRowDescription(message: { readonly fields: { readonly name: string }[] }): void;
  handleDataRow(message: { readonly fields: (string | null)[] }): void;
}

type Callback = (
  error: Error | null | undefined,
  result: { readonly command: string; readonly rows: unknown[] },
) => void;

// pg's types lack the handlers and the callback after the query.
const PgQuery = pg.Query as unknown as new (query: QueryConfig, callback: Callback) => pg.Query & Handlers;

/**
 * Adds the number of the statement to each row. A pooler that loses one reply matches every later reply to the wrong
 * statement, which may be another user's; one that switches servers may pass a statement to a standby that lags behind.
 */
export function withReplyNumber<Row>(query: Query<Row>, number: unknown): Query<Row> {
  return {
    compile() {
      const { sql: text, parameters, ...rest } = query.compile();
      const column = numberColumn(parameters.length + 1);
      const sql = `select ${column}, found.* from (${text}) as found`;
      return { ...rest, sql, parameters: [...parameters, number] };
    },
  };
}

function numberColumn(parameter: number): string {
  return `case when pg_catalog.pg_is_in_recovery() then ${inRecovery} else $${parameter}::int4 end as ${replyColumn}`;
}

/** Runs a query made by `withReplyNumber`: removes the number from each row, and rejects rows of another statement. */
class CheckedQuery extends PgQuery {
  #wrong: Error | null = null;

  constructor(
    private readonly replies: Connection,
    query: QueryConfig,
    private readonly number: number,
    callback: Callback,
  ) {
    super(query, (error, result) => callback(this.#wrong ?? error, result));
  }

  override handleRowDescription(message: Parameters<Handlers['handleRowDescription']>[0]): void {
    if (message.fields.shift()?.name !== replyColumn) this.#refuse(new ReplyMismatch());
    super.handleRowDescription(message);
  }

  override handleDataRow(message: Parameters<Handlers['handleDataRow']>[0]): void {
    const number = message.fields.shift();
    if (number !== String(this.number))
      this.#refuse(number === inRecovery ? new ServerInRecovery() : new ReplyMismatch());
    if (this.#wrong === null) super.handleDataRow(message);
  }

  /** Nothing else on this connection can be trusted. */
  #refuse(error: Error): void {
    this.#wrong ??= error;
    this.replies.stream.destroy();
  }
}

/** Runs a query made by `withReplyNumber`. @throws ReplyMismatch, ServerInRecovery */
export function runChecked<Row>(client: PoolClient, query: QueryConfig, number: number): Promise<Row[]> {
  const { promise, resolve, reject } = Promise.withResolvers<Row[]>();
  const done: Callback = (error, result) => {
    if (error) reject(error);
    else if (result.command !== 'SELECT') reject(new ReplyMismatch());
    else resolve(result.rows as Row[]);
  };
  client.query(new CheckedQuery(client.connection, query, number, done));
  return promise;
}

/** Checks that replies arrive in order: if this one does, so did all before it. @throws ReplyMismatch */
export async function requireMatchingReply(client: PoolClient, number: number): Promise<void> {
  await runChecked(client, { text: `select ${numberColumn(1)}`, values: [number] }, number);
}
