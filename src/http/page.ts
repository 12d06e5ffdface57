import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Logger } from '../observability/logger.ts';
import { addSite, builtSites, prefersHtml, sendRevalidated, varyByAccept } from './site.ts';

const folder = join(builtSites, 'web');

// Nothing from elsewhere, and nothing made from text: no injected script or style runs, nothing can be sent away.
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

/** Shows the page at /, and at the addresses that it gives its views. @returns whether it is there */
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

/** What lies in web/public. The build compresses each file; what it leaves beside them uncompressed is not for others. */
function publicFiles(): string[] {
  const names = readdirSync(folder);
  return names.filter((name) => name !== 'index.html' && names.includes(`${name}.br`));
}

/** Whether a browser may show a view there, as after a reload: its address is not the API's, and not a file's. */
function isView({ url, headers }: FastifyRequest): boolean {
  const path = url.split('?', 1)[0] ?? '';
  return prefersHtml(headers.accept) && !/^\/(graphql|health|ide|assets)(\/|$)|\./.test(path);
}
