import { accessSync, constants, readdirSync } from 'node:fs';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply } from 'fastify';
import type { Logger } from '../observability/logger.ts';

/** What `web/build.ts` writes into a folder of dist/: index.html, and the assets that it names. */
export interface Site {
  readonly name: string;
  readonly folder: string;
  /** Where the assets are, with a slash at either end. */
  readonly assetsPath: string;
  readonly contentSecurityPolicy: string;
}

/** The same from src/ and from dist/. */
export const builtSites = join(import.meta.dirname, '../../dist');

/**
 * Serves the assets: for good, since a changed one has another name, and compressed by the build.
 * @param addRoutes adds what else there is; `sendFresh` works there
 * @returns false, and a line in the log, where the site was not built or cannot be read
 */
export function addSite(
  server: FastifyInstance,
  logger: Logger,
  { name, folder, assetsPath, contentSecurityPolicy }: Site,
  addRoutes: (scope: FastifyInstance) => void,
): boolean {
  try {
    accessSync(join(folder, 'index.html'), constants.R_OK);
    for (const each of [folder, join(folder, 'assets')]) readdirSync(each);
  } catch (error) {
    const { code, path } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') logger.warn(`the ${name} is not there: npm run build makes it`);
    else logger.warn(`the ${name} cannot be read (${code}): ${path}`);
    return false;
  }
  // A scope of its own: what is sent in it has this site's policy.
  server.register(async (scope) => {
    scope.register(fastifyStatic, {
      root: join(folder, 'assets'),
      prefix: assetsPath,
      index: false,
      preCompressed: true,
      immutable: true,
      maxAge: '1y',
      setHeaders: (reply) => reply.header('content-security-policy', contentSecurityPolicy),
    });
    addRoutes(scope);
  });
  return true;
}

/** Sends a file whose name stays while its content changes: caches ask for it anew, and its ETag saves the bytes. */
export function sendFresh(reply: FastifyReply, folder: string, file: string): FastifyReply {
  reply.header('cache-control', 'no-cache');
  return reply.sendFile(file, folder, { cacheControl: false });
}

/** The address answers browsers and programs differently: a cache must not hand one's answer to the other. */
export function varyByAccept(reply: FastifyReply): void {
  const vary = reply.getHeader('vary');
  reply.header('vary', vary ? `${vary}, accept` : 'accept');
}

/** Whether html is named before what the API answers with, as browsers do for a page and for nothing else. */
export function prefersHtml(accept = ''): boolean {
  const types = accept.split(',').map((type) => type.split(';', 1)[0]?.trim().toLowerCase() ?? '');
  const json = types.findIndex((type) => type.endsWith('json'));
  const html = types.indexOf('text/html');
  return html >= 0 && (json < 0 || html < json);
}
