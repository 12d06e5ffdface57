import { Client, cacheExchange, fetchExchange, mapExchange } from '@urql/core';
import { find } from './errors.ts';
import { authorization, type Session } from './session.ts';

export function connect(url: string, session: Session): Client {
  const endSession = mapExchange({
    onError({ graphQLErrors }) {
      if (find(graphQLErrors, 'UNAUTHENTICATED')) session.accessToken = null;
    },
  });
  return new Client({
    url,
    preferGetMethod: false, // by default, short queries use GET, and are in the access logs of proxies
    fetchSubscriptions: true, // over server-sent events
    exchanges: [endSession, cacheExchange, fetchExchange],
    fetchOptions: () => ({ headers: authorization(session) }),
  });
}
