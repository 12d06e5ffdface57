import { ApolloClient, ApolloLink, HttpLink, InMemoryCache } from '@apollo/client';
import { RetryLink } from '@apollo/client/link/retry';
import type { Session } from '../session/session.ts';
import { authorize } from './authorize.ts';
import { sendMutationsInOrder } from './mutations-in-order.ts';
import { notifyOtherTabs } from './other-tabs.ts';
import { pagesPolicy } from './pages.ts';
import { rejectEmptyAnswers } from './reject-empty-answers.ts';
import { repeatOutdatedQueries } from './repeat-outdated-queries.ts';
import { serverClock } from './server-clock.ts';

export const uri = '/graphql';

/** For sign-up and sign-in, which need no token and must not be retried. */
export function createAnonymousClient(): ApolloClient {
  return new ApolloClient({ link: answers(), cache: new InMemoryCache() });
}

/** Creates a client with an empty cache, because the next user must not see the previous one's. */
export function createClient(session: Session): ApolloClient {
  // Only without a response. All mutations of this page are safe to retry.
  const retry = new RetryLink({
    delay: { initial: 300 },
    attempts: { max: 3, retryIf: (error) => error instanceof TypeError && navigator.onLine },
  });
  return new ApolloClient({
    link: ApolloLink.from([
      notifyOtherTabs(),
      repeatOutdatedQueries(),
      sendMutationsInOrder(),
      retry,
      authorize(session),
      answers(),
    ]),
    cache: createCache(),
    // Never switches to cache-first: such a query would miss changes of the cache while it loads, for example, the next page.
    defaultOptions: { watchQuery: { fetchPolicy: 'cache-and-network' } },
  });
}

const answers = (): ApolloLink => rejectEmptyAnswers().concat(new HttpLink({ uri, fetch: serverClock.fetch }));

function createCache(): InMemoryCache {
  return new InMemoryCache({
    possibleTypes: { Node: ['Label', 'SecurityEvent', 'Session', 'Task', 'TaskList', 'User'] },
    typePolicies: {
      Query: {
        fields: {
          tasks: pagesPolicy(['filter', 'orderBy']),
          lists: pagesPolicy(['filter']),
          labels: pagesPolicy(false),
          // Shows at once what a list has already loaded. null: the server has no such task.
          task: (known, { args, toReference }) =>
            known === undefined ? toReference({ __typename: 'Task', id: args?.id }) : known,
        },
      },
      TaskList: { fields: { tasks: pagesPolicy(['filter', 'orderBy']) } },
      Task: { fields: { subtasks: pagesPolicy(false), labels: { merge: false } } },
      User: { fields: { sessions: pagesPolicy(false) } },
    },
  });
}
