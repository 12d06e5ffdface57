import type { Connection, PoolClient, Submittable } from 'pg';
import type { Statements } from '../statements.ts';

/** Names of no use that may gather on a connection before they are closed together. */
const maximumUseless = 50;

/** How many names had been dropped when a connection last closed its own. */
const closedAt = new WeakMap<PoolClient, number>();

/** Has PostgreSQL forget what a connection prepared and nobody asks for any more; else its memory would grow. */
export function closeDropped(client: PoolClient, statements: Statements): Promise<void> | undefined {
  const { dropped } = statements;
  if (dropped - (closedAt.get(client) ?? 0) < maximumUseless) return undefined;
  closedAt.set(client, dropped);
  // What pg remembers of a connection, which its types leave out.
  const { parsedStatements } = client.connection as Connection & { parsedStatements: Record<string, string> };
  const useless = Object.keys(parsedStatements).filter((name) => !statements.isKept(name));
  if (useless.length === 0) return undefined;
  // What was sent before is answered before; what is sent after this prepares its statement again.
  for (const name of useless) delete parsedStatements[name];
  const { promise, resolve } = Promise.withResolvers<void>();
  // Where the connection breaks instead, so does what follows on it.
  client.query(new CloseStatements(useless, resolve));
  return promise;
}

/** Closes prepared statements by the protocol: a pooler that renames them understands no DEALLOCATE. */
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
