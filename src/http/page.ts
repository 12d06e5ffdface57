import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Logger } from '../observability/logger.ts';
import { addSite, builtSites, prefersHtml, sendRevalidated, varyByAccept } from './site.ts';

const folder = join(builtSites, 'web');

// Only resources of this origin, and no inline code: injected scripts or styles do not run, and no data can be sent elsewhere.
const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "font-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ');

/** Serves the page at / and at the URLs of its views. @returns whether it was built */
export function addPage(server: FastifyInstance, logger: Logger): boolean {
  const site = { name: 'page', folder, assetsPath: '/assets/', contentSecurityPolicy };
  return addSite(server, logger, site, (scope) => {
    scope.get('/', (_request, reply) => sendRevalidated(reply, folder, 'index.html'));
    for (const file of publicFiles()) scope.get(`/${file}`, (_request, reply) => sendRevalidated(reply, folder, file));
    scope.get('/*', (request, reply) => {
      varyByAccept(reply);
      return isView(request) ? sendRevalidated(reply, folder, 'index.html') : reply.callNotFound();
    });
  });
}

/** The files of web/public. The build compresses each of them; other files must not be served. */
function publicFiles(): string[] {
  const names = readdirSync(folder);
  return names.filter((name) => name !== 'index.html' && names.includes(`${name}.br`));
}

/** Whether a URL may be that of a view, as after a reload: neither the API nor a file. */
function isView({ url, headers }: FastifyRequest): boolean {
  const path = url.split('?', 1)[0] ?? '';
  return prefersHtml(headers.accept) && !/^\/(graphql|health|livez|readyz|ide|assets|outbox)(\/|$)|\./.test(path);
}
