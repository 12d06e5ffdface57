import { ApolloClient, ApolloLink, CombinedGraphQLErrors, HttpLink, InMemoryCache } from '@apollo/client';
import { SetContextLink } from '@apollo/client/link/context';
import { ErrorLink } from '@apollo/client/link/error';
import { RetryLink } from '@apollo/client/link/retry';
import { relayStylePagination } from '@apollo/client/utilities';
import { find } from './errors.ts';
import { authorization, type Session } from './session.ts';

export function connect(uri: string, session: Session): ApolloClient {
  const endSession = new ErrorLink(({ error }) => {
    if (CombinedGraphQLErrors.is(error) && find(error.errors, 'UNAUTHENTICATED')) session.accessToken = null;
  });
  const authorize = new SetContextLink(() => ({ headers: authorization(session) }));
  return new ApolloClient({
    link: ApolloLink.from([endSession, new RetryLink(), authorize, new HttpLink({ uri })]),
    cache: new InMemoryCache({
      possibleTypes: { Node: ['Label', 'SecurityEvent', 'Session', 'Task', 'TaskList', 'User'] },
      typePolicies: {
        Query: { fields: { tasks: relayStylePagination(['filter', 'orderBy']) } },
        Due: { merge: true }, // it has no id: queries that select different fields of it would overwrite each other
      },
    }),
  });
}
