import { type ApolloServer, HeaderMap, type HTTPGraphQLRequest } from '@apollo/server';
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

/** Request headers that concern each page. */
const keptHeaders = ['accept', 'content-type', 'x-graphql-cost'];

/** @param scope of the request, for its first execution @param subscriptionsOnly whether other operations are refused */
export function createLiveOperation(
  { apollo, subscribers, createContext }: GraphqlApi,
  request: HTTPGraphQLRequest,
  { authorization, client, document }: Incoming,
  scope: RequestScope,
  subscriptionsOnly: boolean,
): LiveOperation {
  // Forgotten once it is executed: it may be much larger than what further pages need.
  let first: Executed | null = { httpGraphQLRequest: request, text: document };
  const headers = new HeaderMap([...request.headers].filter(([name]) => keptHeaders.includes(name)));
  const execute = (state: LiveState) => {
    // Each further page has the time of a request.
    const ownScope = first ? scope : { ...scope, ...newScope(scope.requestId) };
    const { httpGraphQLRequest, text } = first ?? furtherRequest(state, headers);
    first = null;
    const context = () => createContext({ authorization, client, document: text }, state);
    return inRequestScope(ownScope, () => apollo.executeHTTPGraphQLRequest({ httpGraphQLRequest, context }));
  };
  return new LiveOperation(execute, subscribers, subscriptionsOnly);
}

interface Executed {
  readonly httpGraphQLRequest: HTTPGraphQLRequest;
  readonly text: unknown;
}

function furtherRequest({ request }: LiveState, headers: HeaderMap): Executed {
  if (!request) throw new Error('Only a subscription has further pages.');
  return { httpGraphQLRequest: { method: 'POST', search: '', headers, body: request }, text: request.query };
}
