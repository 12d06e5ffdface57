import type { Connection, PoolClient, Submittable } from 'pg';
import type { Statements } from '../statements.ts';

/** Evicted statements that may accumulate on a connection before they are closed together. */
const maximumUseless = 50;

/** How many names had been evicted when a connection last closed its statements. */
const closedAt = new WeakMap<PoolClient, number>();

/** Closes the prepared statements of a connection that have been evicted; otherwise PostgreSQL's memory would grow. */
export function closeEvicted(client: PoolClient, statements: Statements): Promise<void> | undefined {
  const { evicted } = statements;
  if (evicted - (closedAt.get(client) ?? 0) < maximumUseless) return undefined;
  closedAt.set(client, evicted);
  // pg's record of what is prepared, which its types leave out.
  const { parsedStatements } = client.connection as Connection & { parsedStatements: Record<string, string> };
  const useless = Object.keys(parsedStatements).filter((name) => !statements.isKept(name));
  if (useless.length === 0) return undefined;
  // Statements sent earlier are answered first; those sent later are prepared again.
  for (const name of useless) delete parsedStatements[name];
  const { promise, resolve } = Promise.withResolvers<void>();
  // If the connection breaks instead, so does everything sent after this.
  client.query(new CloseStatements(useless, resolve));
  return promise;
}

/** Closes prepared statements by the protocol's message: a pooler that renames them does not understand DEALLOCATE. */
class CloseStatements implements Submittable {
  constructor(
    readonly names: readonly string[],
    // pg finds it under this name.
    readonly callback: () => void,
  ) {}

  submit(connection: Connection): void {
    for (const name of this.names) connection.close({ type: 'S', name }, true);
    connection.sync();
  }

  handleReadyForQuery(): void {
    this.callback();
  }

  handleError(): void {
    this.callback();
  }
}
