import { type IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

/** The connection of a request that asks for WebSocket. */
interface Upgrade {
  readonly socket: Duplex;
  /** What has arrived after the request. */
  readonly head: Buffer;
}

const upgrades = new WeakMap<IncomingMessage, Upgrade>();

/** Other requests for an upgrade, such as to HTTP/2, are answered as if they did not ask for it (RFC 9110 7.8). */
export function isWebSocket({ method, url = '', headers }: IncomingMessage): boolean {
  return method === 'GET' && /^\/graphql\/?(\?|$)/.test(url) && headers.upgrade?.toLowerCase() === 'websocket';
}

/** Sends requests for WebSocket through Fastify, so that they get an id and the hooks of all requests. */
export function routeUpgrades(server: FastifyInstance): void {
  server.server.on('upgrade', (request: IncomingMessage, socket: Socket, head: Buffer) => {
    // Node before 24.9 does not ask `isWebSocket`.
    if (isWebSocket(request)) upgrades.set(request, { socket, head });
    // Node does not listen any more, and would end the process.
    socket.on('error', () => socket.destroy());
    const response = new ServerResponse(request);
    try {
      response.assignSocket(socket);
    } catch {
      // The reply to an earlier request is still due. RFC 9112 9.3.2 lets a server close such a connection; no browser sends this.
      socket.destroy();
      return;
    }
    // After a refusal, nothing would read further requests, nor notice that the client has left.
    response.shouldKeepAlive = false;
    response.once('finish', () => socket.destroySoon());
    server.routing(request, response);
  });
}

export function asksForWebSocket({ raw }: FastifyRequest): boolean {
  return upgrades.has(raw);
}

/** Takes the connection of a request out of Fastify's hands. */
export function takeConnection({ raw }: FastifyRequest, reply: FastifyReply): Upgrade {
  const upgrade = upgrades.get(raw);
  if (!upgrade) throw new Error('This request does not ask for WebSocket.');
  reply.hijack();
  reply.raw.detachSocket(upgrade.socket as Socket);
  return upgrade;
}
