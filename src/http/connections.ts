import type { IncomingMessage } from 'node:http';
import { createServer, Server as NetServer, type Socket } from 'node:net';
import { setTimeout as delay, setImmediate as nextTurn } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';

/**
 * Milliseconds for what is on its way to an open connection when the server stops: a client sends on a connection that it
 * believes open, and may not repeat a change whose answer it never saw.
 */
const grace = 1_000;
/** Connections that the system keeps for an address until they are accepted: what Node asks for when it listens. */
const backlog = 511;
/** Milliseconds after which a longer turn of the event loop will do as well: a busy machine may have no short ones. */
const longestWaitForShortTurn = 500;
/** Milliseconds that answers may take after that: more than a request has to arrive and to be worked on. */
const longestAnswering = 20_000;
/** Milliseconds between two looks for connections whose answer is complete meanwhile. */
const pause = 50;

/** The connections of a server, so that it can stop without cutting off a request. To be made before it listens. */
export class Connections {
  readonly #server: FastifyInstance['server'];
  readonly #listeners: NetServer[];
  /** Each with the request that came last on it. */
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
      // Node drops what is pipelined behind an answer that says so: only the last one may.
      const isLast = this.#open.get(request.raw.socket) === request.raw;
      if (this.#isStopping && isLast) reply.header('connection', 'close');
      done();
    });
  }

  /** Takes connections to another address, too. Where it cannot be had, the server does without. */
  listenAlso(port: number, host: string): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const options = { allowHalfOpen: true, noDelay: true };
    const listener = createServer(options, (socket) => this.#server.emit('connection', socket));
    this.#listeners.push(listener);
    listener.once('error', () => resolve()).listen(port, host, resolve);
    return promise;
  }

  /** Accepts no more connections, answers what arrives on the open ones for a moment, and closes each after its answer. */
  async drain(): Promise<void> {
    this.#isStopping = true;
    this.#accepting = this.#acceptWaiting();
    await this.#accepting;
    this.#accepting = null;
    // http's own close would cut idle connections at once, under requests that are on their way.
    for (const listener of this.#listeners) NetServer.prototype.close.call(listener);
    const allClosed = Promise.all([...this.#open.keys()].map(closed));
    await Promise.race([allClosed, delay(grace, null, { ref: false })]);
    const end = performance.now() + longestAnswering;
    while (this.#open.size > 0 && performance.now() < end) {
      // Timers go first: where the machine held the process up, requests that are there have not been read yet.
      await nextTurn();
      this.#closeIdle();
      await Promise.race([allClosed, delay(pause, null, { ref: false })]);
    }
    for (const socket of this.#open.keys()) socket.destroy();
  }

  /**
   * When a server stops listening, the system resets connections that it has not accepted yet; and Node accepts one in each
   * turn of its event loop. So this waits for a turn that accepts none, and that is so short that hardly any can have come
   * since. Requests wait meanwhile: a client that is answered would connect again. Under a flood of new connections there is
   * no end to it: those that waited at first have been accepted once there were as many as can wait.
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
    // Opened ahead of need by browsers and load balancers; Node does not count them as idle.
    for (const socket of sockets) if (socket.bytesRead === 0) socket.destroy();
    // Node takes a connection for idle whose client has not read all of the answer, and would cut that off.
    if (sockets.every(({ writableLength }) => writableLength === 0)) this.#server.closeIdleConnections();
  }
}

function closed(socket: Socket): Promise<void> {
  return new Promise((resolve) => socket.once('close', () => resolve()));
}
