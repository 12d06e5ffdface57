import type { FastifyRequest } from 'fastify';
import type { Config } from '../config.ts';

type Origins = Pick<Config, 'corsOrigins'>;

/** Origins in local mode: pages on this machine, and Apollo Sandbox, which the IDE links to. */
const localOrigins = [/^https?:\/\/(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/, 'https://studio.apollographql.com'];

/** The origins whose pages may call the API, besides the server's own. */
export function allowedOrigins({ corsOrigins }: Origins): (string | RegExp)[] {
  return corsOrigins === null ? localOrigins : [...corsOrigins];
}

/** Whether a request may open a WebSocket, which browsers let pages of all origins do. Other clients send no origin. */
export function mayConnect({ headers, host }: FastifyRequest, config: Origins): boolean {
  const { origin } = headers;
  if (origin === undefined || URL.parse(origin)?.host === host) return true;
  return allowedOrigins(config).some((allowed) =>
    allowed instanceof RegExp ? allowed.test(origin) : allowed === origin,
  );
}
