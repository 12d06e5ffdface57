import type { ApolloClient } from '@apollo/client';
import type { Client as UrqlClient } from '@urql/core';
import { print } from 'graphql';
import type { Client as SocketClient } from 'graphql-ws';
import { LiveDocument, type LiveSubscription } from './generated/graphql.ts';

export type Page = LiveSubscription['changes'];

/** Subscribes once. @returns what unsubscribes */
type Subscribe = (after: string, onPage: (page: Page) => void, onEnd: () => void) => () => void;

/** Over HttpLink, which speaks multipart by itself. */
export function byApollo(client: ApolloClient): Subscribe {
  return (after, onPage, onEnd) => {
    const running = client.subscribe({ query: LiveDocument, variables: { after } }).subscribe({
      next: ({ data }) => (data?.changes ? onPage(data.changes) : onEnd()),
      error: onEnd,
      complete: onEnd,
    });
    return () => running.unsubscribe();
  };
}

/** Over server-sent events, with `fetchSubscriptions: true`. */
export function byUrql(client: UrqlClient): Subscribe {
  return (after, onPage, onEnd) => {
    const running = client.subscription(LiveDocument, { after }).subscribe(({ data, hasNext }) => {
      if (hasNext && data) onPage(data.changes);
      else onEnd();
    });
    return () => running.unsubscribe();
  };
}

/** Over WebSocket: `createClient({ url: 'ws://localhost:4000/graphql', connectionParams: () => ({ accessToken }) })`. */
export function bySocket(client: SocketClient): Subscribe {
  return (after, onPage, onEnd) =>
    client.subscribe<LiveSubscription>(
      { query: print(LiveDocument), variables: { after } },
      { next: ({ data }) => data && onPage(data.changes), error: onEnd, complete: onEnd },
    );
}

/** Follows all changes after a cursor: when a stream ends, it subscribes again with the latest one. @returns what stops it */
export function follow(subscribe: Subscribe, cursor: string, apply: (page: Page) => void): () => void {
  const stopping = new AbortController();
  let latest = cursor;
  let wait = 500; // milliseconds
  const start = () => {
    let isOpen = true;
    const end = () => {
      if (!isOpen || stopping.signal.aborted) return;
      isOpen = false;
      const again = () => {
        unsubscribe(); // urql would repeat its last result
        start();
      };
      setTimeout(again, wait * (1 + Math.random()));
      wait = Math.min(2 * wait, 30_000);
    };
    const onPage = (page: Page) => {
      if (stopping.signal.aborted) return;
      wait = 500;
      apply(page);
      latest = page.cursor;
    };
    if (stopping.signal.aborted) return;
    const unsubscribe = subscribe(latest, onPage, end);
    stopping.signal.addEventListener('abort', unsubscribe);
  };
  start();
  return () => stopping.abort();
}
