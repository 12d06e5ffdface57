import { ApolloClient, gql, HttpLink, InMemoryCache } from '@apollo/client';
import { fetchExchange, Client as UrqlClient } from '@urql/core';
import { createClient as createSseClient } from 'graphql-sse';
import { createClient as createWsClient } from 'graphql-ws';
import { onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import type { Client } from './client.ts';
import { type LiveEvent, subscription } from './live.ts';

type Data = NonNullable<LiveEvent['data']>;

/** What an app sees of a subscription. */
interface Seen {
  readonly pages: Data['changes'][];
  readonly errors: unknown[];
  isComplete: boolean;
  /** Unsubscribes. */
  close(): void;
}

export type Subscribe = (user: Client, variables: Record<string, unknown>, query?: string) => Seen;

function newSeen() {
  const seen: Seen = { pages: [], errors: [], isComplete: false, close: () => {} };
  const sink = {
    next: ({ data, errors }: { data?: unknown; errors?: readonly unknown[] | undefined; error?: unknown }) => {
      if (data) seen.pages.push((data as Data).changes);
      if (errors) seen.errors.push(...errors);
    },
    error: (error: unknown) => void seen.errors.push(...[error].flat()),
    complete: () => {
      seen.isComplete = true;
    },
  };
  return { seen, sink };
}

/** The clients that the documentation names, one for each transport. */
export const liveClients: Record<string, Subscribe> = {
  'graphql-sse': (user, variables, query = subscription) => {
    const { seen, sink } = newSeen();
    const headers = { authorization: `Bearer ${user.token}` };
    const client = createSseClient({ url: `${user.url}/graphql`, headers, retryAttempts: 0 });
    seen.close = client.subscribe({ query, variables }, sink);
    onTestFinished(seen.close);
    return seen;
  },
  'urql over SSE': (user, variables, query = subscription) => {
    const { seen, sink } = newSeen();
    const client = new UrqlClient({
      url: `${user.url}/graphql`,
      exchanges: [fetchExchange],
      preferGetMethod: false,
      fetchSubscriptions: true,
      fetchOptions: { headers: { authorization: `Bearer ${user.token}` } },
    });
    const running = client.subscription(query, variables).subscribe(({ data, error }) => {
      if (data) sink.next({ data });
      // urql repeats the last result at the end.
      if (error) seen.errors.splice(0, Infinity, ...error.graphQLErrors);
    });
    seen.close = () => running.unsubscribe();
    onTestFinished(seen.close);
    return seen;
  },
  'Apollo Client over HttpLink': (user, variables, query = subscription) => {
    const { seen, sink } = newSeen();
    const headers = { authorization: `Bearer ${user.token}` };
    const client = new ApolloClient({
      link: new HttpLink({ uri: `${user.url}/graphql`, headers }),
      cache: new InMemoryCache(),
    });
    const running = client.subscribe({ query: gql(query), variables, errorPolicy: 'all' }).subscribe({
      ...sink,
      next: ({ data, error }) => {
        sink.next({ data });
        if (error) sink.error('errors' in error ? error.errors : error);
      },
    });
    seen.close = () => running.unsubscribe();
    onTestFinished(seen.close);
    return seen;
  },
  'graphql-ws': (user, variables, query = subscription) => {
    const { seen, sink } = newSeen();
    const client = createWsClient({
      url: `${user.url.replace('http', 'ws')}/graphql`,
      webSocketImpl: WebSocket,
      connectionParams: { accessToken: user.token },
      retryAttempts: 0,
    });
    seen.close = client.subscribe({ query, variables }, sink);
    onTestFinished(() => client.dispose());
    return seen;
  },
};
