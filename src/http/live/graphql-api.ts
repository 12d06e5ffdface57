import type { ApolloServer, HTTPGraphQLRequest } from '@apollo/server';
import type { Client, Context } from '../../graphql/server/context.ts';
import type { Subscribers } from '../../live/subscribers.ts';
import type { Logger } from '../../observability/logger.ts';
import { inRequestScope, type RequestScope } from '../../observability/request-scope.ts';
import { newScope } from '../server.ts';
import { LiveOperation, type LiveState } from './live-operation.ts';

/** What the context of an operation is created from, whatever brought it. */
export interface Incoming {
  /** The Authorization headers. */
  readonly authorization: readonly string[];
  readonly client: Client;
  /** The document, which may not be text. */
  readonly document: unknown;
}

/** What every transport needs. */
export interface GraphqlApi {
  readonly apollo: ApolloServer<Context>;
  readonly subscribers: Subscribers;
  readonly logger: Logger;
  /** May throw to reject the operation before it is parsed. @param live null: the response is not a stream */
  readonly createContext: (incoming: Incoming, live: LiveState | null) => Promise<Context>;
}

/** @param scope of the request, for its first execution @param subscriptionsOnly whether other operations are refused */
export function createLiveOperation(
  { apollo, subscribers, createContext }: GraphqlApi,
  httpGraphQLRequest: HTTPGraphQLRequest,
  incoming: Incoming,
  scope: RequestScope,
  subscriptionsOnly: boolean,
): LiveOperation {
  let isFirst = true;
  const execute = (state: LiveState) => {
    // Each further page has the time of a request.
    const ownScope = isFirst ? scope : { ...scope, ...newScope(scope.requestId) };
    isFirst = false;
    const context = () => createContext(incoming, state);
    return inRequestScope(ownScope, () => apollo.executeHTTPGraphQLRequest({ httpGraphQLRequest, context }));
  };
  return new LiveOperation(execute, subscribers, subscriptionsOnly);
}
