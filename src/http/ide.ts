import { existsSync } from 'node:fs';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import type { Logger } from '../observability/logger.ts';

/** `web/build.ts` writes it. The same from src/ and from dist/. */
const folder = join(import.meta.dirname, '../../dist/ide');

// Nothing from elsewhere, and nothing made from text but styles, which the editor writes by itself.
const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "worker-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "font-src 'self'",
  // The editor underlines mistakes with images that stand in its styles.
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** Shows GraphiQL to browsers at /graphql, from files of our own. To be called before the routes of the API are added. */
export function addIde(server: FastifyInstance, logger: Logger): void {
  if (!existsSync(join(folder, 'index.html'))) {
    logger.warn('the IDE is not there: npm run build makes it');
    return;
  }
  server.register(fastifyStatic, {
    root: join(folder, 'assets'),
    prefix: '/ide/assets/',
    index: false,
    preCompressed: true,
    immutable: true,
    maxAge: '1y',
    setHeaders: (reply) => reply.header('content-security-policy', contentSecurityPolicy),
  });
  server.addConstraintStrategy({
    name: 'accept',
    storage: () => new Map(),
    validate: () => undefined,
    deriveConstraint: ({ headers }) => (prefersHtml(headers.accept) ? 'text/html' : undefined),
  });
  server.route({
    method: 'GET',
    url: '/graphql',
    constraints: { accept: 'text/html' },
    handler(_request, reply) {
      const vary = reply.getHeader('vary');
      reply.header('vary', vary ? `${vary}, accept` : 'accept');
      reply.header('cache-control', 'no-cache');
      return reply.sendFile('index.html', folder, { cacheControl: false });
    },
  });
}

/** Whether html is named before what the API answers with, as browsers do for a page and for nothing else. */
function prefersHtml(accept = ''): boolean {
  const types = accept.split(',').map((type) => type.split(';', 1)[0]?.trim().toLowerCase() ?? '');
  const json = types.findIndex((type) => type.endsWith('json'));
  const html = types.indexOf('text/html');
  return html >= 0 && (json < 0 || html < json);
}
