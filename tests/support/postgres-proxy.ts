import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';

/** Splits a stream into PostgreSQL's messages: a letter and a length. What comes before the first has no letter. */
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

/** What stands between a server and its database, and may go wrong in ways that PostgreSQL itself does not. */
export class PostgresProxy {
  #isSilent = false;
  /** So many replies are still to be lost, of those behind which others are under way. */
  repliesToLose = 0;
  /** SQL that is run on a connection before the next thing that is sent on it. */
  sneaked: string | null = null;
  /** Called before a message is passed on that has this text. */
  before: { readonly text: string; readonly call: () => void } | null = null;
  /** The most statements that were ever under way on one connection. */
  mostAwaited = 0;
  /** Statements that were prepared under a name. */
  named = 0;
  /** Statements that were closed. */
  closed = 0;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  constructor() {
    // Messages are passed on one by one: without it, each would wait up to 40 ms for the last one to be confirmed.
    this.#server = createServer({ noDelay: true }, (socket) => this.#pass(socket));
  }

  /** @returns the address of the same database through the proxy */
  async to(databaseUrl: string): Promise<string> {
    const url = new URL(databaseUrl);
    this.leadTo(databaseUrl);
    await once(this.#server.listen(0, '127.0.0.1'), 'listening');
    url.host = `127.0.0.1:${(this.#server.address() as { port: number }).port}`;
    return url.toString();
  }

  /** Nothing comes through, as where packets vanish; connections stay, and new ones are taken. */
  silence(isSilent: boolean): void {
    this.#isSilent = isSilent;
    for (const socket of this.#sockets) isSilent ? socket.pause() : socket.resume();
  }

  /** Takes new connections to another server. */
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
