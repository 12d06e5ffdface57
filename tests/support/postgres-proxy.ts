import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';

/** Splits a stream into PostgreSQL's messages, which begin with a letter and a length; the first message has no letter. */
function messages(handle: (type: string, bytes: Buffer) => void, hasStartup: boolean): (chunk: Buffer) => void {
  let buffer = Buffer.alloc(0);
  let isStartup = hasStartup;
  return (chunk) => {
    buffer = Buffer.concat([buffer, chunk]);
    for (;;) {
      const letter = isStartup ? 0 : 1;
      if (buffer.length < letter + 4) return;
      const length = letter + buffer.readInt32BE(letter);
      if (buffer.length < length) return;
      handle(isStartup ? '' : buffer.toString('latin1', 0, 1), buffer.subarray(0, length));
      isStartup = false;
      buffer = buffer.subarray(length);
    }
  };
}

/** A proxy between a server and its database, which can fail in ways that PostgreSQL itself does not. */
export class PostgresProxy {
  #isSilent = false;
  /** The number of replies still to be dropped, if others follow them. */
  repliesToLose = 0;
  /** SQL to run on a connection before its next message. */
  sneaked: string | null = null;
  /** Called before a message with this text is forwarded. */
  before: { readonly text: string; readonly call: () => void } | null = null;
  /** The maximum number of statements in flight on one connection. */
  mostAwaited = 0;
  /** The number of named prepared statements. */
  named = 0;
  /** The number of closed statements. */
  closed = 0;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  constructor() {
    // Otherwise each forwarded message would wait up to 40 ms for the acknowledgement of the previous one.
    this.#server = createServer({ noDelay: true }, (socket) => this.#pass(socket));
  }

  /** @returns the URL of the same database through the proxy */
  async to(databaseUrl: string): Promise<string> {
    const url = new URL(databaseUrl);
    this.leadTo(databaseUrl);
    await once(this.#server.listen(0, '127.0.0.1'), 'listening');
    url.host = `127.0.0.1:${(this.#server.address() as { port: number }).port}`;
    return url.toString();
  }

  /** Drops all data, as if packets were lost; connections stay open, and new ones are accepted. */
  silence(isSilent: boolean): void {
    this.#isSilent = isSilent;
    for (const socket of this.#sockets) isSilent ? socket.pause() : socket.resume();
  }

  /** Forwards new connections to another server. */
  leadTo(databaseUrl: string): void {
    const { hostname, port } = new URL(databaseUrl);
    this.#target = { host: hostname, port: Number(port) };
  }

  /** Closes all connections. */
  cut(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  close(): void {
    this.cut();
    this.#server.close();
  }

  #target = { host: '', port: 0 };

  #pass(client: Socket): void {
    const database = connect({ ...this.#target, noDelay: true });
    for (const [socket, other] of [
      [client, database],
      [database, client],
    ] as const) {
      this.#sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => {
        this.#sockets.delete(socket);
        other.destroy();
      });
    }
    const replies = { awaited: 0, isHidden: false };
    let isBetween = false;
    const sent = messages((type, bytes) => {
      if (isBetween && replies.awaited === 0 && this.sneaked !== null) {
        database.write(query(this.sneaked));
        this.sneaked = null;
        replies.isHidden = true;
        replies.awaited = 1;
      }
      if (this.before && bytes.includes(this.before.text)) this.before.call();
      isBetween = type === 'S' || type === 'Q';
      if (isBetween) replies.awaited += 1;
      if (type === 'P' && bytes[5] !== 0) this.named += 1;
      if (type === 'C' && bytes[5] === 'S'.charCodeAt(0)) this.closed += 1;
      this.mostAwaited = Math.max(this.mostAwaited, replies.awaited);
      database.write(bytes);
    }, true);
    let isFirst = false;
    const received = messages((type, bytes) => {
      if (isFirst && this.repliesToLose > 0 && replies.awaited > 1) {
        this.repliesToLose -= 1;
        replies.isHidden = true;
      }
      if (!replies.isHidden) client.write(bytes);
      isFirst = type === 'Z';
      if (!isFirst) return;
      replies.isHidden = false;
      replies.awaited = Math.max(0, replies.awaited - 1);
    }, false);
    client.on('data', sent);
    database.on('data', received);
    if (this.#isSilent) this.silence(true);
  }
}

/** A message that runs SQL by the simple protocol. */
function query(text: string): Buffer {
  const body = Buffer.from(`${text}\0`);
  const head = Buffer.alloc(5);
  head.write('Q', 'latin1');
  head.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
}
