import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { expect, onTestFinished, test } from 'vitest';
import { startServer, useServer } from '../support/server.ts';

const server = useServer();

const query = '{"query":"{ errorCodes }"}';
const post = `POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: ${query.length}\r\n\r\n${query}`;

function upgrade(headers = ''): string {
  return `GET /graphql HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n${headers}\r\n`;
}

/** A client that never closes its end. */
async function open(url: string): Promise<Socket> {
  const { hostname, port } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port), allowHalfOpen: true });
  onTestFinished(() => void socket.destroy());
  await once(socket, 'connect');
  return socket;
}

test('a request for WebSocket behind one whose reply is due ends the connection, and nothing else', async () => {
  const socket = await open(server.url);
  const ended = once(socket, 'close');
  socket.on('error', () => {}).resume();
  socket.write(post + upgrade());
  // Without this, the reset is seen only by the next write.
  socket.once('end', () => socket.end());
  await ended;
  expect((await server.client().run('{ errorCodes }')).status).toBe(200);
});

test('a connection that was refused is closed, even if its client keeps its end open', async () => {
  const app = await startServer(server.databaseUrl);
  const socket = await open(app.url);
  socket.write(upgrade('Origin: https://evil.example\r\n'));
  expect(await text(socket)).toMatch(/^HTTP\/1\.1 403 /);
  const start = performance.now();
  await app.stop();
  // Otherwise it takes the 20 seconds that a stop waits for replies.
  expect(performance.now() - start).toBeLessThan(10_000);
});
