import type { FastifyInstance } from 'fastify';

export function isProbe(path: string): boolean {
  return /^\/(livez|readyz|health)$/.test(path);
}

/**
 * What orchestrators ask for: `/livez`, whether the process answers, and `/readyz`, whether it can serve; also as `/health`.
 * A database that is away is no reason to restart the process.
 * @param ready resolves if requests can be served, else rejects
 */
export function addProbes(server: FastifyInstance, ready: () => Promise<unknown>): void {
  server.get('/livez', async () => ({ status: 'ok' }));
  for (const path of ['/readyz', '/health']) {
    server.get(path, async (_request, reply) => {
      const isReady = await ready().then(
        () => true,
        () => false,
      );
      reply.code(isReady ? 200 : 503).send({ status: isReady ? 'ok' : 'unavailable' });
    });
  }
}
