import type { GraphiQLProps } from 'graphiql';
import { Kind, type OperationDefinitionNode, OperationTypeNode, parse } from 'graphql';
import { readEvents } from './read-events.ts';
import type { Session } from './session.ts';

type Fetcher = GraphiQLProps['fetcher'];
type Answer = Record<string, unknown>;

/** What GraphiQL passes to a subscription. */
interface Sink {
  next(result: Answer): void;
  error(error: unknown): void;
  complete(): void;
}

const noAnswer = { errors: [{ message: 'The server does not answer. Is it running?' }] };

/** Sends operations to the URL of this page, and passes the responses to the session. */
export function createFetcher(session: Session): Fetcher {
  return async (params, options) => {
    // Introspection needs no token, and would fail with an expired one.
    const isIntrospection = params.operationName === 'IntrospectionQuery';
    const headers = new Headers(isIntrospection ? {} : (options?.headers ?? {}));
    headers.set('content-type', 'application/json');
    headers.set('accept', 'application/graphql-response+json, application/json');
    const operation = currentOperation(params);
    const body = JSON.stringify({ ...params, operationName: operation?.name?.value ?? null });
    const learn = (status: number, answer: unknown) =>
      session.learnFrom(status, answer, headers.get('authorization') ?? undefined);
    if (operation?.operation === OperationTypeNode.SUBSCRIPTION) {
      headers.append('accept', 'text/event-stream');
      return { subscribe: (sink: Sink) => follow({ method: 'POST', headers, body }, learn, sink) };
    }
    try {
      const response = await fetch(location.pathname, { method: 'POST', headers, body });
      const answer = await response.json();
      learn(response.status, answer);
      return answer;
    } catch {
      return noAnswer;
    }
  };
}

/** Streams the results of a subscription until it is stopped. */
function follow(request: RequestInit, learn: (status: number, answer: unknown) => void, sink: Sink) {
  const stopping = new AbortController();
  const run = async (): Promise<void> => {
    try {
      const response = await fetch(location.pathname, { ...request, signal: stopping.signal });
      if (response.body && response.headers.get('content-type')?.startsWith('text/event-stream')) {
        for await (const answer of readEvents(response.body)) {
          learn(isUnauthenticated(answer) ? 401 : 200, answer);
          sink.next(answer);
        }
      } else {
        const answer = await response.json();
        learn(response.status, answer);
        sink.next(answer);
      }
    } catch {
      if (!stopping.signal.aborted) sink.next(noAnswer);
    }
    sink.complete();
  };
  void run();
  return { unsubscribe: () => stopping.abort() };
}

/** A stream has the status of its beginning, and ends with this error when the session does. */
function isUnauthenticated({ errors }: { errors?: { extensions?: { code?: unknown } }[] }): boolean {
  return errors?.some(({ extensions }) => extensions?.code === 'UNAUTHENTICATED') ?? false;
}

/**
 * The operation to run. For a tenth of a second after a change of tabs, GraphiQL still sends the operation name of the other
 * tab.
 */
function currentOperation({ query, operationName }: Parameters<Fetcher>[0]): OperationDefinitionNode | null {
  try {
    const operations = parse(query).definitions.filter((each) => each.kind === Kind.OPERATION_DEFINITION);
    const named = operations.find(({ name }) => name?.value === operationName);
    return named ?? (operations.length === 1 ? (operations[0] ?? null) : null);
  } catch {
    return null;
  }
}
