import type { GraphiQLProps } from 'graphiql';
import { Kind, parse } from 'graphql';
import type { Session } from './session.ts';

type Fetcher = GraphiQLProps['fetcher'];

/** Sends operations to the address of this very page, and lets the session read the answers. */
export function createFetcher(session: Session): Fetcher {
  return async (operation, options) => {
    // The schema is open to anyone, and a token that has ended would hide it.
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

/** For a tenth of a second after a change of tabs GraphiQL still sends the name of the other tab's operation. */
function currentName({ query, operationName }: Parameters<Fetcher>[0]): string | null {
  try {
    const operations = parse(query).definitions.filter(({ kind }) => kind === Kind.OPERATION_DEFINITION);
    const isThere = operations.some((operation) => 'name' in operation && operation.name?.value === operationName);
    return isThere ? (operationName ?? null) : null;
  } catch {
    return null;
  }
}
