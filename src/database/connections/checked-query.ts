import pg, { type Connection, type PoolClient, type QueryConfig } from 'pg';
import type { Query } from '../statements.ts';

/** The name of the column that says which statement a row answers. */
const mark = 'todoql_reply';

/** What PostgreSQL answers instead of the statement's number where it follows another server. */
const inRecovery = '-1';

export class WrongReply extends Error {
  override readonly name = 'WrongReply';
  override readonly message = 'A reply is not of the statement that it came for.';
}

export class ServerInRecovery extends Error {
  override readonly name = 'ServerInRecovery';
  override readonly message = 'The database server is in recovery: it follows another one.';
}

/** What pg hands to a query as it arrives, which its types leave out. */
interface Handlers {
  handleRowDescription(message: { readonly fields: { readonly name: string }[] }): void;
  handleDataRow(message: { readonly fields: (string | null)[] }): void;
}

type Callback = (
  error: Error | null | undefined,
  result: { readonly command: string; readonly rows: unknown[] },
) => void;

// pg's types know neither the handlers nor that a callback may follow the query.
const PgQuery = pg.Query as unknown as new (query: QueryConfig, callback: Callback) => pg.Query & Handlers;

/**
 * Adds the number of the statement to each row. A pooler that loses one reply gives each later one to the statement behind
 * it, which may be another user's; one that changes servers may pass a statement to a standby that is far behind.
 */
export function numbered<Row>(query: Query<Row>, number: unknown): Query<Row> {
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
  return `case when pg_catalog.pg_is_in_recovery() then ${inRecovery} else $${parameter}::int4 end as ${mark}`;
}

/** A query made by `numbered`, which takes the number off each row, and refuses rows of another one. */
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
    if (message.fields.shift()?.name !== mark) this.#refuse(new WrongReply());
    super.handleRowDescription(message);
  }

  override handleDataRow(message: Parameters<Handlers['handleDataRow']>[0]): void {
    const number = message.fields.shift();
    if (number !== String(this.number)) this.#refuse(number === inRecovery ? new ServerInRecovery() : new WrongReply());
    if (this.#wrong === null) super.handleDataRow(message);
  }

  /** Whatever else comes on the connection is not to be trusted either. */
  #refuse(error: Error): void {
    this.#wrong ??= error;
    this.replies.stream.destroy();
  }
}

/** Runs a query made by `numbered`. @throws WrongReply, ServerInRecovery */
export function runChecked<Row>(client: PoolClient, query: QueryConfig, number: number): Promise<Row[]> {
  const { promise, resolve, reject } = Promise.withResolvers<Row[]>();
  const done: Callback = (error, result) => {
    if (error) reject(error);
    else if (result.command !== 'SELECT') reject(new WrongReply());
    else resolve(result.rows as Row[]);
  };
  client.query(new CheckedQuery(client.connection, query, number, done));
  return promise;
}

/** Whether replies come back in step: a statement that finds its own number says so for all those before it. */
export async function requireInStep(client: PoolClient, number: number): Promise<void> {
  await runChecked(client, { text: `select ${numberColumn(1)}`, values: [number] }, number);
}
