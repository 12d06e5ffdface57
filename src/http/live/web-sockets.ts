import type { FastifyReply, FastifyRequest } from 'fastify';
import { CloseCode, handleProtocols } from 'graphql-ws';
import { type RawData, type ServerOptions, WebSocket, WebSocketServer } from 'ws';
import type { Config } from '../../config.ts';
import { AppError, ErrorCode } from '../../errors.ts';
import { refuse } from '../../graphql/server/refusal.ts';
import type { Logger } from '../../observability/logger.ts';
import { mayConnect } from '../origins.ts';
import { bodyLimit, clientOf } from '../server.ts';
import type { GraphqlApi } from './graphql-api.ts';
import { serviceRestart } from './socket-operation.ts';
import { authenticate, type Connection, createSocketProtocol, type SocketProtocol } from './socket-protocol.ts';
import { heartbeatInterval } from './stream-results.ts';
import { UnauthenticatedSockets } from './unauthenticated-sockets.ts';
import { takeConnection } from './upgrade.ts';

/** Bytes of replies that a client may leave unread before it sends the next message: more than a page. */
const maximumUnread = 4_000_000;

/** Milliseconds that a client may take to close its end. */
const longestClosing = 1_000;

/** The types of ws lack `closeTimeout`, of 30 seconds by default. */
const serverOptions: ServerOptions & { readonly closeTimeout: number } = {
  noServer: true,
  // Closed by `stop`.
  clientTracking: true,
  maxPayload: bodyLimit,
  perMessageDeflate: false,
  handleProtocols,
  closeTimeout: longestClosing,
};

type Settings = Pick<Config, 'corsOrigins' | 'maxSubscriptions'>;

/** The connections by WebSocket at /graphql, in the protocol of graphql-ws. */
export class WebSockets {
  readonly #server = new WebSocketServer(serverOptions);
  readonly #api: GraphqlApi;
  readonly #logger: Logger;
  readonly #protocol: SocketProtocol;
  readonly #unauthenticated: UnauthenticatedSockets;
  #isStopping = false;

  constructor(
    api: GraphqlApi,
    private readonly settings: Settings,
  ) {
    this.#api = api;
    this.#logger = api.logger;
    this.#protocol = createSocketProtocol(api);
    this.#unauthenticated = new UnauthenticatedSockets(settings.maxSubscriptions);
  }

  /** Completes the handshake of a request for WebSocket. Errors: FORBIDDEN, SERVICE_UNAVAILABLE. */
  accept(request: FastifyRequest, reply: FastifyReply): void {
    if (!mayConnect(request, this.settings)) {
      throw refuse(new AppError(ErrorCode.FORBIDDEN, 'Pages of this origin may not connect: see CORS_ORIGINS.'));
    }
    const client = clientOf(request);
    const isFull = this.#server.clients.size >= this.settings.maxSubscriptions;
    if (this.#isStopping || isFull || !this.#unauthenticated.hasRoom(client)) {
      const message = 'There are too many connections. Try again later.';
      throw refuse(new AppError(ErrorCode.SERVICE_UNAVAILABLE, message, { retryAfter: 5 }));
    }
    const { socket, head } = takeConnection(request, reply);
    this.#server.handleUpgrade(request.raw, socket, head, (webSocket) => {
      const onAuthenticated = this.#unauthenticated.add(client);
      webSocket.once('close', onAuthenticated);
      this.#serve(webSocket, {
        client,
        authorization: [],
        userId: null,
        operations: new Set(),
        isClosed: false,
        onAuthenticated,
        close: (code, reason) => webSocket.close(code, reason),
      });
    });
  }

  #serve(socket: WebSocket, connection: Connection): void {
    sendHeartbeats(socket, () => {
      // Those with a subscription end with it.
      if (connection.userId !== null && connection.operations.size === 0) void authenticate(this.#api, connection);
    });
    // Its 'close' event follows.
    socket.on('error', (error) => this.#logger.debug({ err: error }, 'a WebSocket failed'));
    const onClose = this.#protocol.opened(
      {
        protocol: socket.protocol,
        send: (data) => send(socket, data),
        close: connection.close,
        onMessage: (handle) => {
          socket.on('message', (data) => {
            if (isUnread(socket)) return socket.terminate();
            handle(messageOf(data)).catch((error: unknown) => {
              this.#logger.debug({ err: error }, 'a WebSocket sent an unexpected message');
              socket.close(CloseCode.BadRequest, 'Invalid message');
            });
          });
        },
      },
      connection,
    );
    socket.once('close', (code, reason) => void onClose(code, String(reason)));
  }

  /** Closes what is open, with a reason to reconnect. Call it once all subscriptions have ended. */
  async stop(subscriptionsEnded: Promise<void>): Promise<void> {
    this.#isStopping = true;
    await subscriptionsEnded;
    for (const socket of this.#server.clients) socket.close(serviceRestart, 'The server is restarting.');
  }
}

/** Parsed, as graphql-ws would do: it keeps what it is given as long as a subscription, which its text would add to. */
function messageOf(data: RawData): string {
  try {
    const { id, type, payload } = JSON.parse(String(data));
    // graphql-ws takes objects as well, although its type does not say so.
    return { id, type, payload } as unknown as string;
  } catch {
    return '';
  }
}

/** Resolves once the operating system has taken the message, or the connection is closed. */
function send(socket: WebSocket, data: string): Promise<void> {
  if (socket.readyState !== WebSocket.OPEN) return Promise.resolve();
  return new Promise((resolve) => socket.send(data, () => resolve()));
}

/** Whether a client sends without reading what it is sent: pongs would pile up. */
function isUnread({ bufferedAmount }: WebSocket): boolean {
  return bufferedAmount > maximumUnread;
}

/** Pings, and closes a connection whose client has not answered the previous one. @param check is called each time */
function sendHeartbeats(socket: WebSocket, check: () => void): void {
  let hasAnswered = true;
  const heartbeat = setInterval(() => {
    if (!hasAnswered) return socket.terminate();
    hasAnswered = false;
    socket.ping();
    check();
  }, heartbeatInterval);
  socket.on('pong', () => {
    hasAnswered = true;
  });
  socket.on('ping', () => {
    if (isUnread(socket)) socket.terminate();
  });
  socket.once('close', () => clearInterval(heartbeat));
}
