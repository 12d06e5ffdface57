import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { ErrorCode } from '../errors.ts';
import type { Logger } from '../observability/logger.ts';

const messages: Readonly<Record<string, string>> = {
  FST_ERR_CTP_INVALID_JSON_BODY: 'The body is not JSON.',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'The body is empty.',
  FST_ERR_CTP_BODY_TOO_LARGE: 'The body is too large.',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'Send the operation as application/json.',
};

/** Every answer is JSON in the shape of a GraphQL error, also where no GraphQL was reached. */
export function answerErrorsAsJson(server: FastifyInstance, logger: Logger): void {
  server.setNotFoundHandler((request, reply) => {
    send(request, reply, 404, ErrorCode.NOT_FOUND, 'There is nothing at this address. The API is at /graphql.');
  });
  server.setErrorHandler((error: FastifyError, request, reply) => {
    const status = error.statusCode ?? 500;
    if (status < 500) {
      const message = messages[error.code] ?? 'The request cannot be read.';
      return send(request, reply, status, ErrorCode.BAD_REQUEST, message);
    }
    logger.error({ err: error, requestId: request.id }, 'a bug: the request failed outside of GraphQL');
    send(request, reply, 500, ErrorCode.INTERNAL_SERVER_ERROR, 'Internal server error');
  });
}

/** RFC 9110 15.5.6: a 405 names what is allowed. */
export function refuseOtherMethods(server: FastifyInstance, url: string, allowed: readonly string[]): void {
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
