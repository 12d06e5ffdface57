import type { FastifyInstance, FastifyRequest } from 'fastify';
import { AppError, ErrorCode } from '../errors.ts';
import { refuse } from '../graphql/server/refusal.ts';
import { inRequestScope } from '../observability/request-scope.ts';
import type { Viewer } from '../viewer.ts';
import { rejectOtherMethods } from './errors.ts';

const path = '/schema.graphql';

/**
 * Serves the schema to whoever is logged in, also where introspection is off, because code generators need it.
 * @param print is called once, at the first request @param findViewer rejects an invalid token
 */
export function addSchemaRoute(
  server: FastifyInstance,
  print: () => string,
  findViewer: (request: FastifyRequest) => Promise<Viewer | null>,
): void {
  let text: string | undefined;
  server.get(path, (request, reply) =>
    inRequestScope(request.scope, async () => {
      if ((await findViewer(request)) === null) {
        const error = new AppError(ErrorCode.UNAUTHENTICATED, 'Log in to read the schema.');
        throw refuse(error, { 'www-authenticate': 'Bearer' });
      }
      text ??= print();
      return reply.type('application/graphql; charset=utf-8').send(text);
    }),
  );
  rejectOtherMethods(server, path, ['GET']);
}
