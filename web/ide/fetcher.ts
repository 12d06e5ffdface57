import type { GraphiQLProps } from 'graphiql';
import { Kind, parse } from 'graphql';
import type { Session } from './session.ts';

type Fetcher = GraphiQLProps['fetcher'];

/** Sends operations to the URL of this page, and passes the responses to the session. */
export function createFetcher(session: Session): Fetcher {
  return async (operation, options) => {
    // Introspection needs no token, and would fail with an expired one.
    const isIntrospection = operation.operationName === 'IntrospectionQuery';
    const headers = new Headers(isIntrospection ? {} : (options?.headers ?? {}));
    headers.set('content-type', 'application/json');
    headers.set('accept', 'application/graphql-response+json, application/json');
    const body = JSON.stringify({ ...operation, operationName: currentName(operation) });
    try {
      const response = await fetch(location.pathname, { method: 'POST', headers, body });
      const answer = await response.json();
      session.learnFrom(response.status, answer, headers.get('authorization') ?? undefined);
      return answer;
    } catch {
      return { errors: [{ message: 'The server does not answer. Is it running?' }] };
    }
  };
}

/** For a tenth of a second after a change of tabs, GraphiQL still sends the operation name of the other tab. */
function currentName({ query, operationName }: Parameters<Fetcher>[0]): string | null {
  try {
    const operations = parse(query).definitions.filter(({ kind }) => kind === Kind.OPERATION_DEFINITION);
    const isThere = operations.some((operation) => 'name' in operation && operation.name?.value === operationName);
    return isThere ? (operationName ?? null) : null;
  } catch {
    return null;
  }
}
