import { randomUUID } from 'node:crypto';
import { type ExecutionArgs, GraphQLError, parse } from 'graphql';
import { CloseCode, makeServer, type Server } from 'graphql-ws';
import { AppError, ErrorCode } from '../../errors.ts';
import type { Client } from '../../graphql/server/context.ts';
import { subscriptionsPerUser } from '../../live/subscribers.ts';
import { inRequestScope } from '../../observability/request-scope.ts';
import { newScope } from '../server.ts';
import type { GraphqlApi } from './graphql-api.ts';
import { Ended, SocketOperation } from './socket-operation.ts';

/** One WebSocket. */
export interface Connection {
  readonly client: Client;
  /** The Authorization header that its first message names. */
  authorization: readonly string[];
  /** Once it is authenticated. */
  userId: string | null;
  /** Subscriptions that have not ended. graphql-ws itself forgets one whose id is used again after it was completed. */
  readonly operations: Set<SocketOperation>;
  isClosed: boolean;
  onAuthenticated(): void;
  close(code: number, reason: string): void;
}

export type SocketProtocol = Server<Connection>;

/** Milliseconds within which a client has to send its token. */
const longestInitialization = 3_000;

/** Subscriptions that one connection may ask for at once. More are a flood, which is not even answered. */
const maximumAsked = 2 * subscriptionsPerUser;

/** The registered close code (RFC 6455 11.7) that tells clients to connect again later. */
const tryAgainLater = 1013;

/** graphql-ws has to know only that each operation is a subscription: checking and executing it is up to Apollo. */
const placeholder = parse('subscription { changes { cursor } }');

/** The protocol of graphql-ws, for subscriptions only. Each is authenticated by the token of the connection's first message. */
export function createSocketProtocol(api: GraphqlApi): SocketProtocol {
  const perUser = new Map<string, number>();
  return makeServer<Record<string, unknown>, Connection>({
    connectionInitWaitTimeout: longestInitialization,
    async onConnect({ connectionParams, extra }) {
      const header = authorizationOf(connectionParams);
      extra.authorization = header === undefined ? [] : [header];
      const userId = await authenticate(api, extra);
      // Nothing would count it down again.
      if (userId === null || extra.isClosed) return false;
      const others = perUser.get(userId) ?? 0;
      if (others >= subscriptionsPerUser) {
        extra.close(tryAgainLater, `At most ${subscriptionsPerUser} connections at once.`);
        return false;
      }
      perUser.set(userId, others + 1);
      extra.userId = userId;
      extra.onAuthenticated();
      return true;
    },
    onClose({ extra }) {
      extra.isClosed = true;
      for (const operation of extra.operations) operation.close();
      const { userId } = extra;
      if (userId === null) return;
      const others = (perUser.get(userId) ?? 0) - 1;
      if (others > 0) perUser.set(userId, others);
      else perUser.delete(userId);
    },
    onSubscribe({ extra }, _id, payload) {
      if (extra.operations.size >= maximumAsked) throw new Error('Too many subscriptions at once.');
      const contextValue = new SocketOperation(api, extra, take(payload));
      // Without the schema, which only graphql-ws's own execution would need.
      return { document: placeholder, contextValue } as unknown as ExecutionArgs;
    },
    subscribe: ({ contextValue }) => (contextValue as SocketOperation).events(),
    // As it is: graphql-ws expects errors that are instances of GraphQLError.
    onNext: (_context, _id, _payload, _args, result) => take(result as object),
    onError(_context, _id, _payload, [error]) {
      if (error?.originalError instanceof Ended) return error.originalError.errors as never;
      api.logger.error({ err: error?.originalError ?? error }, 'a bug: a subscription failed outside of GraphQL');
      const extensions = { code: ErrorCode.INTERNAL_SERVER_ERROR };
      return [{ message: 'Internal server error', extensions }];
    },
  });
}

/** Moves the contents of an object: graphql-ws keeps a message as long as its subscription, and a result until the next one. */
function take<Contents extends object>(from: Contents): Contents {
  const taken = { ...from };
  for (const name of Object.keys(from)) Reflect.deleteProperty(from, name);
  return taken;
}

/** Apps send `accessToken`, or what they would send as a header. */
function authorizationOf({ accessToken, authorization, Authorization = authorization }: Record<string, unknown> = {}) {
  if (typeof accessToken === 'string') return `Bearer ${accessToken}`;
  return typeof Authorization === 'string' ? Authorization : undefined;
}

/** @returns the user's id; null if the token is invalid, and the connection is closed */
export async function authenticate({ createContext }: GraphqlApi, connection: Connection): Promise<string | null> {
  const { client, authorization, close } = connection;
  try {
    const create = () => createContext({ authorization, client, document: '' }, null);
    const { viewer } = await inRequestScope(newScope(randomUUID()), create);
    if (viewer === null) close(CloseCode.Forbidden, 'Log in: connectionParams need accessToken.');
    return viewer?.id ?? null;
  } catch (error) {
    const cause = error instanceof GraphQLError ? error.originalError : error;
    const isRefused = cause instanceof AppError && cause.code === ErrorCode.UNAUTHENTICATED;
    close(isRefused ? CloseCode.Forbidden : tryAgainLater, isRefused ? cause.message : 'Try again later.');
    return null;
  }
}
