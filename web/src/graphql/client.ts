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

const uri = '/graphql';

/** For sign-up and sign-in, which take no token and must not be sent twice. */
export function createAnonymousClient(): ApolloClient {
  return new ApolloClient({ link: answers(), cache: new InMemoryCache() });
}

/** With a cache of its own: that of one user must not be shown to the next one. */
export function createClient(session: Session): ApolloClient {
  // Only what had no answer at all: every change of this page is safe to send again.
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
    // From the cache at once, and from the server beside. Never cache-first afterwards: such a query sees no change of the
    // cache while a request of its own is on its way, such as the next page.
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
          // What a list has loaded already is shown at once. null: the server has said that it is gone.
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
