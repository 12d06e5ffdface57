import pg from 'pg';
import { vi } from 'vitest';

interface Statement {
  readonly text: string;
  readonly values: readonly unknown[];
}

// What makes a connection ready, and what finds out whether its replies come in step: sent whenever there is need of it.
const ofConnections = /^set |as todoql_reply$/;

/** Runs `work`, and collects the statements that the real driver is given meanwhile. */
export async function collectStatements<Result>(
  work: () => Promise<Result>,
): Promise<{ result: Result; statements: Statement[] }> {
  const query = vi.spyOn(pg.Client.prototype, 'query');
  try {
    const result = await work();
    const statements = query.mock.calls.map((given: unknown[]) => statementOf(...given));
    return { result, statements: statements.filter(({ text }) => !ofConnections.test(text)) };
  } finally {
    query.mockRestore();
  }
}

/** pg takes a text and its values, or an object that has both. */
function statementOf(query?: unknown, given?: unknown): Statement {
  const { text, values } =
    typeof query === 'object' && query !== null
      ? (query as { text?: unknown; values?: unknown })
      : { text: query, values: given };
  return { text: String(text), values: Array.isArray(values) ? values : [] };
}
