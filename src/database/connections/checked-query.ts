import type { Connection, PoolClient, QueryConfig } from 'pg';
import type { Query } from '../statements.ts';
import { type Callback, type Handlers, type Member, MemberQuery, runQuery } from './member.ts';

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
class CheckedQuery extends MemberQuery {
  #wrong: Error | null = null;

  constructor(
    private readonly replies: Connection,
    query: QueryConfig,
    private readonly number: number,
    member: Member | null,
    callback: Callback,
  ) {
    super(query, member, (error, result) => callback(this.#wrong ?? error, result));
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

/** Runs a query made by `withReplyNumber`. @param member as for MemberQuery @throws ReplyMismatch, ServerInRecovery */
export function runChecked<Row>(
  client: PoolClient,
  query: QueryConfig,
  number: number,
  member: Member | null = null,
): Promise<Row[]> {
  return runQuery<Row>(
    client,
    (done) => new CheckedQuery(client.connection, query, number, member, done),
    (command) => (command === 'SELECT' ? undefined : new ReplyMismatch()),
  );
}

/** Checks that replies arrive in order: if this one does, so did all before it. @throws ReplyMismatch */
export async function requireMatchingReply(client: PoolClient, number: number): Promise<void> {
  await runChecked(client, { text: `select ${numberColumn(1)}`, values: [number] }, number);
}
