import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import type { Logger } from '../observability/logger.ts';
import { addSite, builtSites, prefersHtml, sendRevalidated, varyByAccept } from './site.ts';

const folder = join(builtSites, 'ide');

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
  server.addConstraintStrategy({
    name: 'accept',
    storage: () => new Map(),
    validate: () => undefined,
    deriveConstraint: ({ headers }) => (prefersHtml(headers.accept) ? 'text/html' : undefined),
  });
  const site = { name: 'IDE', folder, assetsPath: '/ide/assets/', contentSecurityPolicy };
  addSite(server, logger, site, (scope) => {
    scope.route({
      method: 'GET',
      url: '/graphql',
      constraints: { accept: 'text/html' },
      handler(_request, reply) {
        varyByAccept(reply);
        return sendRevalidated(reply, folder, 'index.html');
      },
    });
  });
}
