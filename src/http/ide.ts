import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import type { Logger } from '../observability/logger.ts';
import { addSite, builtSites, prefersHtml, sendRevalidated, varyByAccept } from './site.ts';

const folder = join(builtSites, 'ide');

// Only resources of this origin, and no inline code except styles, which the editor creates.
const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "worker-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "font-src 'self'",
  // The editor underlines mistakes with images in its styles.
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** Serves GraphiQL to browsers at /graphql, from local files. Call it before the API's routes are added. */
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
