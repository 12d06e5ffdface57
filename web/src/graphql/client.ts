import { ApolloClient, ApolloLink, HttpLink, InMemoryCache } from '@apollo/client';
import { RetryLink } from '@apollo/client/link/retry';
import type { Session } from '../session/session.ts';
import { askAgain } from './ask-again.ts';
import { authorize } from './authorize.ts';
import { expectAnswer } from './expect-answer.ts';
import { inOrder } from './in-order.ts';
import { tellOtherTabs } from './other-tabs.ts';
import { pages } from './pages.ts';
import { serverClock } from './server-clock.ts';

const uri = '/graphql';

/** For sign-up and sign-in, which take no token and must not be sent twice. */
export function createOpenClient(): ApolloClient {
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
    link: ApolloLink.from([tellOtherTabs(), askAgain(), inOrder(), retry, authorize(session), answers()]),
    cache: createCache(),
    // What is known at once, and what is new beside. It never gives way to cache-first: a query of that policy is told of no
    // change for as long as a request of its own is on its way, the next page for one.
    defaultOptions: { watchQuery: { fetchPolicy: 'cache-and-network' } },
  });
}

const answers = (): ApolloLink => expectAnswer().concat(new HttpLink({ uri, fetch: serverClock.fetch }));

function createCache(): InMemoryCache {
  return new InMemoryCache({
    possibleTypes: { Node: ['Label', 'SecurityEvent', 'Session', 'Task', 'TaskList', 'User'] },
    typePolicies: {
      Query: {
        fields: {
          tasks: pages(['filter', 'orderBy']),
          lists: pages(['filter']),
          labels: pages(false),
          // What a list has loaded already is shown at once. null: the server has said that it is gone.
          task: (known, { args, toReference }) =>
            known === undefined ? toReference({ __typename: 'Task', id: args?.id }) : known,
        },
      },
      TaskList: { fields: { tasks: pages(['filter', 'orderBy']) } },
      Task: { fields: { subtasks: pages(false), labels: { merge: false } } },
      User: { fields: { sessions: pages(false) } },
    },
  });
}
