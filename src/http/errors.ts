import type { Socket } from 'node:net';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { GraphQLError } from 'graphql';
import { AppError, ErrorCode } from '../errors.ts';
import type { Logger } from '../observability/logger.ts';

const messages: Readonly<Record<string, string>> = {
  FST_ERR_CTP_INVALID_JSON_BODY: 'The body is not JSON.',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'The body is empty.',
  FST_ERR_CTP_BODY_TOO_LARGE: 'The body is too large.',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'Send the operation as application/json.',
};

/** Every error is JSON in the form of a GraphQL error, even outside /graphql. */
export function sendErrorsAsJson(server: FastifyInstance, logger: Logger): void {
  server.setNotFoundHandler((request, reply) => {
    send(request, reply, 404, ErrorCode.NOT_FOUND, 'There is nothing at this address. The API is at /graphql.');
  });
  server.setErrorHandler((error: FastifyError | AppError, request, reply) => {
    if (error instanceof GraphQLError && error.originalError instanceof AppError) {
      // What `refuse` makes.
      const { status, headers } = error.extensions.http as { status: number; headers: Map<string, string> };
      return send(request, reply.headers(Object.fromEntries(headers)), status, error.originalError.code, error.message);
    }
    if (error instanceof AppError) {
      // Fastify would close the connection in case more of the body arrives; here all of it has.
      reply.removeHeader('connection');
      return send(request, reply, 400, error.code, error.message);
    }
    const status = error.statusCode ?? 500;
    if (status < 500) {
      const message = messages[error.code] ?? 'The request cannot be read.';
      return send(request, reply, status, ErrorCode.BAD_REQUEST, message);
    }
    logger.error({ err: error, requestId: request.id }, 'a bug: the request failed outside of GraphQL');
    send(request, reply, 500, ErrorCode.INTERNAL_SERVER_ERROR, 'Internal server error');
  });
}

/** For a URL that cannot be decoded: Fastify calls no hooks for it. */
export function sendMalformedUrl(_error: FastifyError, request: FastifyRequest, reply: FastifyReply): void {
  reply.header('cache-control', 'private, no-store');
  send(request, reply, 400, ErrorCode.BAD_REQUEST, 'The URL is malformed.');
}

/** For requests that the HTTP parser rejects: too slow, too large, or not HTTP. */
export function sendUnparsedRequest(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const [status, message] = brokenRequests[error.code ?? ''] ?? ['400 Bad Request', 'This is not an HTTP request.'];
  const body = JSON.stringify({ errors: [{ message, extensions: { code: ErrorCode.BAD_REQUEST } }] });
  const headers = [
    'Connection: close',
    'Cache-Control: private, no-store',
    'Content-Type: application/json',
    `Content-Length: ${Buffer.byteLength(body)}`,
  ];
  socket.end(`HTTP/1.1 ${status}\r\n${headers.join('\r\n')}\r\n\r\n${body}`);
}

const brokenRequests: Readonly<Record<string, [status: string, message: string]>> = {
  ERR_HTTP_REQUEST_TIMEOUT: ['408 Request Timeout', 'The request took too long to arrive.'],
  HPE_HEADER_OVERFLOW: ['431 Request Header Fields Too Large', 'The headers are too large.'],
};

/** RFC 9110 15.5.6: a 405 lists the allowed methods. */
export function rejectOtherMethods(server: FastifyInstance, url: string, allowed: readonly string[]): void {
  const refused = server.supportedMethods.filter((method) => ![...allowed, 'HEAD', 'OPTIONS'].includes(method));
  server.route({
    method: refused,
    url,
    handler: (request, reply) => {
      reply.header('allow', allowed.join(', '));
      send(request, reply, 405, ErrorCode.BAD_REQUEST, `Use ${allowed.join(' or ')} here.`);
    },
  });
}

function send(request: FastifyRequest, reply: FastifyReply, status: number, code: ErrorCode, message: string): void {
  reply.code(status).send({ errors: [{ message, extensions: { code, requestId: request.id } }] });
}
