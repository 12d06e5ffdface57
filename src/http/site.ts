import { accessSync, constants, existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply } from 'fastify';
import type { Logger } from '../observability/logger.ts';

/** What `bin/site.ts` writes into a folder of dist/: index.html, and the assets that it names. */
export interface Site {
  readonly name: string;
  readonly folder: string;
  /** Where the assets are, with a slash at either end. */
  readonly assetsPath: string;
  readonly contentSecurityPolicy: string;
}

/** The same from src/ and from dist/. */
export const builtSites = join(import.meta.dirname, '../../dist');

/** A project may leave them out. */
const sources = join(import.meta.dirname, '../../web');

/**
 * Serves the assets, compressed by the build. They are cached for ever, since a changed asset has a new name.
 * @param addRoutes adds further routes, which may call `sendFresh`
 * @returns false if the project has no sites, or, with a line in the log, if this one was not built or cannot be read
 */
export function addSite(
  server: FastifyInstance,
  logger: Logger,
  { name, folder, assetsPath, contentSecurityPolicy }: Site,
  addRoutes: (scope: FastifyInstance) => void,
): boolean {
  if (!existsSync(folder) && !existsSync(sources)) return false;
  try {
    accessSync(join(folder, 'index.html'), constants.R_OK);
    for (const each of [folder, join(folder, 'assets')]) readdirSync(each);
  } catch (error) {
    const { code, path } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') logger.warn(`the ${name} has not been built: run npm run build`);
    else logger.warn(`the ${name} cannot be read (${code}): ${path}`);
    return false;
  }
  // A separate scope: its replies have this site's policy.
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

/** Sends a file whose content may change under the same name: caches revalidate it by its ETag. */
export function sendRevalidated(reply: FastifyReply, folder: string, file: string): FastifyReply {
  reply.header('cache-control', 'no-cache');
  return reply.sendFile(file, folder, { cacheControl: false });
}

/** Browsers and API clients get different replies at the same URL: caches must keep them apart. */
export function varyByAccept(reply: FastifyReply): void {
  const vary = reply.getHeader('vary');
  reply.header('vary', vary ? `${vary}, accept` : 'accept');
}

/** Whether the Accept header prefers HTML to JSON, as browsers do only when they load a page. */
export function prefersHtml(accept = ''): boolean {
  const types = accept.split(',').map((type) => type.split(';', 1)[0]?.trim().toLowerCase() ?? '');
  const json = types.findIndex((type) => type.endsWith('json'));
  const html = types.indexOf('text/html');
  return html >= 0 && (json < 0 || html < json);
}
