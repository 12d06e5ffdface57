import { randomUUID } from 'node:crypto';
import { IncomingMessage, type OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { isIP, Socket } from 'node:net';
import cors from '@fastify/cors';
import { type FastifyInstance, type FastifyReply, type FastifyRequest, fastify } from 'fastify';
import helmet from 'helmet';
import type { Config } from '../config.ts';
import type { Client } from '../graphql/server/context.ts';
import type { Logger } from '../observability/logger.ts';
import type { RequestScope } from '../observability/request-scope.ts';
import { sendErrorsAsJson, sendMalformedUrl, sendUnparsedRequest } from './errors.ts';
import { rejectLargeJson } from './json-size.ts';
import { isWebSocket, routeUpgrades } from './live/upgrade.ts';
import { allowedOrigins } from './origins.ts';
import { isProbe } from './probes.ts';

/** Bytes: a hundred times the longest operation of a typical client, with room for a long description. */
export const bodyLimit = 256 * 1024;

/** Milliseconds that a request may take, including its arrival. */
const requestTimeout = 10_000;
/** Milliseconds for the headers: slower clients only mean to occupy the connection. */
const headersTimeout = 5_000;

declare module 'fastify' {
  interface FastifyRequest {
    scope: RequestScope;
  }
}

export function createHttpServer(config: Config, logger: Logger): FastifyInstance {
  const server = fastify({
    bodyLimit,
    // Node caches random bytes for these; generating a UUIDv7 took a twentieth of a small request.
    genReqId: () => randomUUID(),
    requestIdHeader: false,
    trustProxy: config.trustProxy.length > 0 && [...config.trustProxy],
    requestTimeout,
    keepAliveTimeout: config.keepAliveTimeout * 1_000,
    http: { headersTimeout, connectionsCheckingInterval: 1_000, shouldUpgradeCallback: isWebSocket },
    clientErrorHandler: sendUnparsedRequest,
    frameworkErrors: sendMalformedUrl,
    routerOptions: { ignoreTrailingSlash: true },
  });
  server.removeContentTypeParser('text/plain');
  parseJson(server);
  sendHeaders(server);
  server.register(cors, {
    origin: allowedOrigins(config),
    // `date`: clients create ids by this clock.
    exposedHeaders: ['date', 'retry-after', 'www-authenticate', 'x-request-id'],
    maxAge: 86_400,
  });
  sendErrorsAsJson(server, logger);
  openScopes(server);
  routeUpgrades(server);
  logRequests(server, logger);
  return server;
}

function parseJson(server: FastifyInstance): void {
  const parse = server.getDefaultJsonParser('error', 'error');
  server.addContentTypeParser<string>('application/json', { parseAs: 'string' }, (request, body, done) => {
    rejectLargeJson(body);
    return parse(request, body, done);
  });
}

/**
 * The default headers of every reply. Passed to Fastify as one object: having helmet set them on Node's own response, and the
 * cache header in a hook, took a twentieth of a small request.
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
    // For replies in JSON: the page and the IDE have their own policies.
    contentSecurityPolicy: { useDefaults: false, directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] } },
    // These concern pages and downloads only, and each header costs time.
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

/** The client of a request. TRUST_PROXY sets which proxies to trust; entries that are not addresses are ignored. */
export function clientOf({ ip, socket, headers }: FastifyRequest): Client {
  const address = isIP(ip) === 0 ? (socket.remoteAddress ?? '') : ip;
  // Without an IPv6 zone such as %eth0.
  return { address: address.replace(/%.*/, ''), userAgent: headers['user-agent'] ?? null };
}

/** The scope of a request that arrives now, or of one page of a stream. */
export function newScope(requestId: string): RequestScope {
  return { requestId, deadline: performance.now() + requestTimeout };
}

/** Each request gets its id and its deadline. */
function openScopes(server: FastifyInstance): void {
  server.decorateRequest('scope');
  server.addHook('onRequest', (request, _reply, done) => {
    request.scope = newScope(request.id);
    done();
  });
}

/** Logs one line per request but for probes. */
function logRequests(server: FastifyInstance, logger: Logger): void {
  server.addHook('onResponse', (request, reply, done) => {
    if (!isProbe(pathOf(request))) logRequest(logger, request, reply);
    done();
  });
}

/** Without the query string, which may contain variables. */
export function logRequest(logger: Logger, request: FastifyRequest, reply: FastifyReply): void {
  const { method, scope } = request;
  const milliseconds = Math.round(reply.elapsedTime * 10) / 10;
  const { requestId, operationName } = scope;
  const line = { requestId, operationName, method, path: pathOf(request), status: reply.raw.statusCode, milliseconds };
  logger.info(line, 'request');
}

function pathOf({ url }: FastifyRequest): string {
  return url.split('?', 1)[0] ?? '';
}
