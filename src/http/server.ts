import { randomUUID } from 'node:crypto';
import { IncomingMessage, type OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { isIP, Socket } from 'node:net';
import type { ApolloServer } from '@apollo/server';
import { fastifyApolloHandler } from '@as-integrations/fastify';
import cors from '@fastify/cors';
import { type FastifyInstance, type FastifyRequest, fastify } from 'fastify';
import helmet from 'helmet';
import type { Config } from '../config.ts';
import type { Client, Context } from '../graphql/server/context.ts';
import type { Logger } from '../observability/logger.ts';
import { inRequestScope, type RequestScope } from '../observability/request-scope.ts';
import { answerBadAddress, answerBrokenRequest, answerErrorsAsJson, refuseOtherMethods } from './errors.ts';
import { refuseLargeJson } from './json-size.ts';

/** Bytes: a hundred times the longest operation of a usual client, with room for a long description. */
const bodyLimit = 256 * 1024;

/** Milliseconds that a request may take, its arrival included. */
const requestTimeout = 10_000;
/** Milliseconds for the headers alone: what sends them more slowly only means to hold the connection. */
const headersTimeout = 5_000;

/** Local mode's origins: pages of this machine, and Apollo Sandbox, which the IDE links to. */
const localOrigins = [/^https?:\/\/(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/, 'https://studio.apollographql.com'];

declare module 'fastify' {
  interface FastifyRequest {
    scope: RequestScope;
  }
}

export function createHttpServer(config: Config, logger: Logger): FastifyInstance {
  const server = fastify({
    bodyLimit,
    // Node keeps random bytes for these in store; a UUIDv7 would draw them anew, a twentieth of a small request.
    genReqId: () => randomUUID(),
    requestIdHeader: false,
    trustProxy: config.trustProxy.length > 0 && [...config.trustProxy],
    requestTimeout,
    keepAliveTimeout: config.keepAliveTimeout * 1_000,
    http: { headersTimeout, connectionsCheckingInterval: 1_000 },
    clientErrorHandler: answerBrokenRequest,
    frameworkErrors: answerBadAddress,
    routerOptions: { ignoreTrailingSlash: true },
  });
  server.removeContentTypeParser('text/plain');
  parseJson(server);
  sendHeaders(server);
  server.register(cors, {
    origin: config.corsOrigins === null ? localOrigins : [...config.corsOrigins],
    // `date`: clients of other origins make ids by this clock, too.
    exposedHeaders: ['date', 'retry-after', 'www-authenticate', 'x-request-id'],
    maxAge: 86_400,
  });
  answerErrorsAsJson(server, logger);
  logRequests(server, logger);
  return server;
}

function parseJson(server: FastifyInstance): void {
  const parse = server.getDefaultJsonParser('error', 'error');
  server.addContentTypeParser<string>('application/json', { parseAs: 'string' }, (request, body, done) => {
    refuseLargeJson(body);
    return parse(request, body, done);
  });
}

/**
 * What every answer says, if nothing else is said later. Handed to Fastify as a whole: having helmet set them on Node's
 * own answer, and no cache in a hook, took a twentieth of a small request.
 */
function sendHeaders(server: FastifyInstance): void {
  const headers = { ...securityHeaders(), 'cache-control': 'private, no-store' };
  server.addHook('onRequest', (request, reply, done) => {
    reply.headers(headers).header('x-request-id', request.id);
    done();
  });
}

function securityHeaders(): OutgoingHttpHeaders {
  const setHeaders = helmet({
    // Answers are JSON, never a page; the IDE has a policy of its own.
    contentSecurityPolicy: { useDefaults: false, directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] } },
    // About pages and downloads alone; each header costs every small answer its share.
    originAgentCluster: false,
    dnsPrefetchControl: false,
    ieNoOpen: false,
    permittedCrossDomainPolicies: false,
    xssFilter: false,
  });
  const request = new IncomingMessage(new Socket());
  const response = new ServerResponse(request);
  setHeaders(request, response, () => {});
  return response.getHeaders();
}

/** Where a request comes from. Whom to believe about others, TRUST_PROXY says; what is no address, nobody is believed. */
export function clientOf({ ip, socket, headers }: FastifyRequest): Client {
  const address = isIP(ip) === 0 ? (socket.remoteAddress ?? '') : ip;
  // Without a zone such as %eth0, which names a network card, at any length.
  return { address: address.replace(/%.*/, ''), userAgent: headers['user-agent'] ?? null };
}

/** What a request carries as its document, whether or not it is text. */
export function documentOf({ method, query, body }: FastifyRequest): unknown {
  const carrier = method === 'POST' ? body : query;
  return typeof carrier === 'object' && carrier !== null && 'query' in carrier ? carrier.query : undefined;
}

/** @param ready resolves where a request could be served, rejects where it could not */
export function addHealthRoute(server: FastifyInstance, ready: () => Promise<unknown>): void {
  server.get('/health', async (_request, reply) => {
    const isReady = await ready().then(
      () => true,
      () => false,
    );
    reply.code(isReady ? 200 : 503).send({ status: isReady ? 'ok' : 'unavailable' });
  });
}

/** @param createContext throws what refuses the request before anything of it is read */
export function addGraphqlRoute(
  server: FastifyInstance,
  apollo: ApolloServer<Context>,
  createContext: (request: FastifyRequest) => Promise<Context>,
): void {
  const handle = fastifyApolloHandler(apollo, { context: createContext });
  server.route({
    method: ['GET', 'POST'],
    url: '/graphql',
    handler(request, reply) {
      return inRequestScope(request.scope, () => handle.call(server, request, reply));
    },
  });
  refuseOtherMethods(server, '/graphql', ['GET', 'POST']);
}

/** One line a request, without its query string, which may carry variables. */
function logRequests(server: FastifyInstance, logger: Logger): void {
  server.decorateRequest('scope');
  server.addHook('onRequest', (request, _reply, done) => {
    request.scope = { requestId: request.id, deadline: performance.now() + requestTimeout };
    done();
  });
  server.addHook('onResponse', (request, reply, done) => {
    const { method, url, scope } = request;
    const path = url.split('?', 1)[0];
    const milliseconds = Math.round(reply.elapsedTime * 10) / 10;
    const { requestId, operationName } = scope;
    logger.info({ requestId, operationName, method, path, status: reply.statusCode, milliseconds }, 'request');
    done();
  });
}
