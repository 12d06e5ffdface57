import pg, { type Connection, type PoolClient, type QueryConfig } from 'pg';

/** For whom a statement runs with ROW_SECURITY=on: see row-security.ts. */
export interface Member {
  /** The role that row-level security restricts. */
  readonly role: string;
  /** Whose rows that role sees. */
  readonly userId: string;
}

/** The setting that names the user whose rows the role sees. */
export const ownerSetting = 'todoql.owner';

/** The name of the prepared statement, the same in all instances: behind a pooler they may share a connection. */
const name = 'todoql_become_member';

/**
 * Until the transaction ends, the session has the role of its second value and sees the rows of the user of its first one. It
 * returns no row, because none of the settings becomes null, and so no message more than needed.
 */
const text = `select from (
    select pg_catalog.set_config('${ownerSetting}', $1, true) as owner, pg_catalog.set_config('role', $2, true) as role offset 0
  ) as settings where owner is null or role is null`;

/** Makes a transaction one of the member. */
export function becomeMember({ userId, role }: Member): QueryConfig {
  return { text, values: [userId, role] };
}

/** pg's handlers of incoming messages, which its types leave out. */
export interface Handlers {
  requiresPreparation(): boolean;
  prepare(connection: Connection): void;
  handleCommandComplete(message: unknown, connection: Connection): void;
  handleRowDescription(message: { readonly fields: { readonly name: string }[] }): void;
  handleDataRow(message: { readonly fields: (string | null)[] }): void;
}

/** pg's connection, whose types leave out what is known about prepared statements. */
type Known = Connection & { readonly parsedStatements: Readonly<Record<string, string | undefined>> };

export type Callback = (
  error: Error | null | undefined,
  result: { readonly command: string; readonly rows: unknown[] },
) => void;

// pg's types lack the handlers and the callback after the query.
const PgQuery = pg.Query as unknown as new (query: QueryConfig, callback: Callback) => pg.Query & Handlers;

/**
 * A query that runs as the member role, seeing the rows of one user: the statement for it is sent before it, in one message
 * with it and in the same transaction, so that nothing waits for its reply.
 */
export class MemberQuery extends PgQuery {
  #isBecoming: boolean;

  /** @param member null: it runs as the service itself */
  constructor(
    query: QueryConfig,
    private readonly member: Member | null,
    callback: Callback,
  ) {
    super(query, callback);
    this.#isBecoming = member !== null;
  }

  /** Without, there would be nothing to send the other statement with. */
  override requiresPreparation(): boolean {
    return this.member !== null || super.requiresPreparation();
  }

  override prepare(connection: Known): void {
    if (this.member !== null) {
      const { userId, role } = this.member;
      const isPrepared = connection.parsedStatements[name] !== undefined;
      if (!isPrepared) connection.parse({ name: '', text, types: [] }, true);
      connection.bind({ statement: isPrepared ? name : '', values: [userId, role] }, true);
      connection.execute({}, true);
    }
    super.prepare(connection);
  }

  override handleCommandComplete(message: unknown, connection: Connection): void {
    if (this.#isBecoming) this.#isBecoming = false;
    else super.handleCommandComplete(message, connection);
  }
}

/** Prepares the statement of MemberQuery once on a connection. */
export async function prepareMember(client: PoolClient, member: Member | null): Promise<void> {
  if (member === null || (client.connection as Known).parsedStatements[name] !== undefined) return;
  await client.query({ name, text, values: ['', 'none'] });
}

/** Runs a query that `create` makes. @param problemOf says what is wrong with the command that was run */
export async function runQuery<Row>(
  client: PoolClient,
  create: (callback: Callback) => MemberQuery,
  problemOf: (command: string) => Error | undefined = () => undefined,
): Promise<Row[]> {
  const { promise, resolve, reject } = Promise.withResolvers<Row[]>();
  const done: Callback = (error, result) => {
    const problem = error ?? problemOf(result.command);
    if (problem) reject(problem);
    else resolve(result.rows as Row[]);
  };
  client.query(create(done));
  try {
    return await promise;
  } catch (error) {
    // pg's own stack begins at the socket. This one leads to the code that asked.
    if (error instanceof Error) Error.captureStackTrace(error);
    throw error;
  }
}
