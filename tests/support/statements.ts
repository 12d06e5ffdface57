import { AsyncLocalStorage } from 'node:async_hooks';
import http from 'node:http';
import pg from 'pg';
import { vi } from 'vitest';

interface Statement {
  readonly text: string;
  readonly values: readonly unknown[];
}

// Statements that set up a connection or a member's transaction, check the order of replies or tell other instances.
const ofConnections = /^set |^select from \(\s*select pg_catalog\.set_config|as todoql_reply$|pg_notify/;

const collecting = new AsyncLocalStorage<Statement[]>();

/**
 * Runs `work`, and collects the statements that reach the driver meanwhile: from `work` itself, and from requests.
 * Statements of jobs, which may be sent at any time, are not included.
 */
export async function collectStatements<Result>(
  work: () => Promise<Result>,
): Promise<{ result: Result; statements: Statement[] }> {
  const statements: Statement[] = [];
  const { emit } = http.Server.prototype;
  const { query } = pg.Client.prototype;
  const emitting = vi.spyOn(http.Server.prototype, 'emit').mockImplementation(function (
    this: http.Server,
    ...event: unknown[]
  ) {
    const send = () => emit.apply(this, event as Parameters<typeof emit>);
    return event[0] === 'request' ? collecting.run(statements, send) : send();
  });
  const querying = vi.spyOn(pg.Client.prototype, 'query').mockImplementation(function (
    this: pg.Client,
    ...given: unknown[]
  ) {
    if (collecting.getStore() === statements) statements.push(statementOf(...given));
    return query.apply(this, given as Parameters<typeof query>);
  });
  try {
    const result = await collecting.run(statements, work);
    return { result, statements: statements.filter(({ text }) => !ofConnections.test(text)) };
  } finally {
    querying.mockRestore();
    emitting.mockRestore();
  }
}

/** pg accepts a text and its values, or an object with both. */
function statementOf(query?: unknown, given?: unknown): Statement {
  const { text, values } =
    typeof query === 'object' && query !== null
      ? (query as { text?: unknown; values?: unknown })
      : { text: query, values: given };
  return { text: String(text), values: Array.isArray(values) ? values : [] };
}
