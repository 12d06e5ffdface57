import { HeaderMap, type HTTPGraphQLRequest } from '@apollo/server';
import { fastifyApolloHandler } from '@as-integrations/fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { inRequestScope } from '../observability/request-scope.ts';
import { rejectOtherMethods } from './errors.ts';
import { acceptsJson, type StreamFormat, streamFormatOf } from './live/formats.ts';
import { createLiveOperation, type GraphqlApi, type Incoming } from './live/graphql-api.ts';
import { streamResults } from './live/stream-results.ts';
import { asksForWebSocket } from './live/upgrade.ts';
import type { WebSockets } from './live/web-sockets.ts';
import { clientOf, logRequest } from './server.ts';

export function addGraphqlRoute(server: FastifyInstance, api: GraphqlApi, webSockets: WebSockets): void {
  const context = (request: FastifyRequest) => api.createContext(incomingOf(request), null);
  const handle = fastifyApolloHandler(api.apollo, { context });
  server.route({
    method: ['GET', 'POST'],
    url: '/graphql',
    handler(request, reply) {
      if (asksForWebSocket(request)) return webSockets.accept(request, reply);
      const format = streamFormatOf(request.headers.accept);
      if (format && maySubscribe(request)) return stream(api, format, request, reply);
      return inRequestScope(request.scope, () => handle.call(server, request, reply));
    },
  });
  rejectOtherMethods(server, '/graphql', ['GET', 'POST']);
}

async function stream(api: GraphqlApi, format: StreamFormat, request: FastifyRequest, reply: FastifyReply) {
  const operation = createLiveOperation(api, asApolloRequest(request), incomingOf(request), request.scope, false);
  reply.raw.once('close', () => {
    operation.close();
    // Fastify logs only what is complete, and a stream usually ends when its client leaves.
    if (!reply.raw.writableFinished) logRequest(api.logger, request, reply);
  });
  const results = operation.results();
  const { value: first } = await results.next();
  if (!first) return reply.hijack();
  const { status = 200, headers } = first.response;
  if (status === 200 && (!first.isLast || !acceptsJson(request.headers.accept))) {
    // It would be kept as long as the stream.
    request.body = undefined;
    return streamResults(reply, format, operation, first, results);
  }
  operation.close();
  return reply.code(status).headers(Object.fromEntries(headers)).send(`${first.json}\n`);
}

/** Whether a request is to be executed as a stream: where an ordinary response will do, only what may be a subscription. */
function maySubscribe(request: FastifyRequest): boolean {
  if (!acceptsJson(request.headers.accept)) return true;
  const document = documentOf(request);
  // A persisted query comes without its document.
  return document === undefined || (typeof document === 'string' && document.includes('subscription'));
}

function incomingOf(request: FastifyRequest): Incoming {
  const authorization = request.raw.headersDistinct.authorization ?? [];
  return { authorization, client: clientOf(request), document: documentOf(request) };
}

/** The document of a request, which may not be text. */
function documentOf({ method, query, body }: FastifyRequest): unknown {
  const carrier = method === 'POST' ? body : query;
  return typeof carrier === 'object' && carrier !== null && 'query' in carrier ? carrier.query : undefined;
}

/** As of a client that accepts an ordinary response: the result of each page is put into the stream. */
function asApolloRequest({ method, url, headers, body }: FastifyRequest): HTTPGraphQLRequest {
  const entries = Object.entries(headers).map(([name, value]): [string, string] => [name, String(value)]);
  const search = url.includes('?') ? url.slice(url.indexOf('?')) : '';
  const map = new HeaderMap(entries);
  if (!acceptsJson(headers.accept)) map.set('accept', 'application/json');
  return { method, search, body, headers: map };
}
