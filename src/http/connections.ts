import type { IncomingMessage } from 'node:http';
import { createServer, Server as NetServer, type Socket } from 'node:net';
import { setTimeout as delay, setImmediate as nextTurn } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';

/**
 * Milliseconds for requests that are on their way when the server stops: clients still use connections that they believe
 * open, and may be unable to repeat a change whose reply they never saw.
 */
const grace = 1_000;
/** Connections that the system queues per address until they are accepted: Node's default backlog. */
const backlog = 511;
/** Milliseconds after which a long turn of the event loop counts too: a busy machine may have no short ones. */
const longestWaitForShortTurn = 500;
/** Milliseconds for replies after that: more than the limits for receiving and executing a request. */
const longestAnswering = 20_000;
/** Milliseconds between two checks for connections whose reply is complete. */
const pause = 50;

/** Tracks a server's connections, so that it can stop without cutting off a request. Create it before the server listens. */
export class Connections {
  readonly #server: FastifyInstance['server'];
  readonly #listeners: NetServer[];
  /** Each with its latest request. */
  readonly #open = new Map<Socket, IncomingMessage | null>();
  #accepted = 0;
  #isStopping = false;
  /** While the last connections are accepted. */
  #accepting: Promise<void> | null = null;

  constructor(server: FastifyInstance) {
    this.#server = server.server;
    this.#listeners = [server.server];
    server.server.on('connection', (socket: Socket) => {
      this.#accepted += 1;
      this.#open.set(socket, null);
      socket.once('close', () => this.#open.delete(socket));
    });
    server.server.prependListener('request', (request: IncomingMessage) => this.#open.set(request.socket, request));
    server.addHook('onRequest', (_request, _reply, done) => {
      if (this.#accepting) void this.#accepting.then(() => done());
      else done();
    });
    server.addHook('onSend', (request, reply, _payload, done) => {
      // Node drops requests pipelined after a reply with this header: only the last reply may have it.
      const isLast = this.#open.get(request.raw.socket) === request.raw;
      if (this.#isStopping && isLast) reply.header('connection', 'close');
      done();
    });
  }

  /** Listens on another address as well. If it is unavailable, the server runs without it. */
  listenAlso(port: number, host: string): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const options = { allowHalfOpen: true, noDelay: true };
    const listener = createServer(options, (socket) => this.#server.emit('connection', socket));
    this.#listeners.push(listener);
    listener.once('error', () => resolve()).listen(port, host, resolve);
    return promise;
  }

  /** Stops accepting connections, answers requests on open ones for a moment, and closes each after its reply. */
  async drain(): Promise<void> {
    this.#isStopping = true;
    this.#accepting = this.#acceptWaiting();
    await this.#accepting;
    this.#accepting = null;
    // http's own close would close idle connections at once, although requests may be on their way.
    for (const listener of this.#listeners) NetServer.prototype.close.call(listener);
    const allClosed = Promise.all([...this.#open.keys()].map(closed));
    await Promise.race([allClosed, delay(grace, null, { ref: false })]);
    const end = performance.now() + longestAnswering;
    while (this.#open.size > 0 && performance.now() < end) {
      // Timers run first: after a delay of the process, requests that have arrived may not have been read yet.
      await nextTurn();
      this.#closeIdle();
      await Promise.race([allClosed, delay(pause, null, { ref: false })]);
    }
    for (const socket of this.#open.keys()) socket.destroy();
  }

  /**
   * When a server stops listening, the system resets connections that are not accepted yet, and Node accepts one in each turn
   * of its event loop. So this waits for a turn that accepts none and is so short that hardly any can have arrived since.
   * Requests wait meanwhile: clients that are answered would connect again. Under a flood of new connections it stops after
   * as many as the backlog holds: by then, those that waited at first have been accepted.
   */
  async #acceptWaiting(): Promise<void> {
    const most = this.#accepted + backlog * this.#listeners.length;
    const deadline = performance.now() + longestWaitForShortTurn;
    await nextTurn();
    for (let isQuiet = false; !isQuiet && this.#accepted < most; ) {
      const [before, start] = [this.#accepted, performance.now()];
      await nextTurn();
      const end = performance.now();
      isQuiet = this.#accepted === before && (end - start < 0.2 || end > deadline);
    }
  }

  #closeIdle(): void {
    const sockets = [...this.#open.keys()];
    // Preconnected by browsers and load balancers; Node does not count them as idle.
    for (const socket of sockets) if (socket.bytesRead === 0) socket.destroy();
    // Node considers a connection idle although its client has not read the whole reply, and would cut it off.
    if (sockets.every(({ writableLength }) => writableLength === 0)) this.#server.closeIdleConnections();
  }
}

function closed(socket: Socket): Promise<void> {
  return new Promise((resolve) => socket.once('close', () => resolve()));
}
