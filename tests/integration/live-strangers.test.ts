import { once } from 'node:events';
import { expect, onTestFinished, test } from 'vitest';
import { WebSocket } from 'ws';
import { type TestServer, useServer } from '../support/server.ts';

const server = useServer();
// Ten of these may be without a user.
const small = useServer({ maxSubscriptions: 40 });

/** Opens a WebSocket without sending a token. @returns null if it is refused */
async function open({ url }: TestServer, address: string): Promise<WebSocket | null> {
  const headers = { 'x-forwarded-for': address };
  const socket = new WebSocket(`${url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws', { headers });
  onTestFinished(() => socket.terminate());
  socket.on('error', () => {});
  const refused = once(socket, 'unexpected-response').then(([, { statusCode, headers: replied }]) => {
    expect([statusCode, replied['retry-after']]).toEqual([503, '5']);
    return null;
  });
  return Promise.race([once(socket, 'open').then(() => socket), refused]);
}

/** How many of these open at the same time. */
async function count(to: TestServer, addresses: readonly string[]): Promise<number> {
  const opened = await Promise.all(addresses.map((address) => open(to, address)));
  return opened.filter((socket) => socket !== null).length;
}

async function logIn(socket: WebSocket | null, accessToken: string | null): Promise<WebSocket> {
  if (!socket) throw new Error('The connection was refused.');
  const replied = once(socket, 'message');
  socket.send(JSON.stringify({ type: 'connection_init', payload: { accessToken } }));
  expect(JSON.parse(String((await replied)[0]))).toEqual({ type: 'connection_ack' });
  return socket;
}

const sameNetwork = Array.from({ length: 25 }, (_, n) => `2001:db8::${n + 1}`);
const networks = Array.from({ length: 15 }, (_, n) => `192.0.2.${n + 1}`);

test('of one network at most 20 WebSockets are open that have no user yet', async () => {
  const { token } = await server.newUser();
  // What is authenticated does not count.
  for (const address of sameNetwork.slice(0, 5)) await logIn(await open(server, address), token);
  expect(await count(server, sameNetwork)).toBe(20);
  const another = await open(server, '2001:db8:0:1::1');
  await logIn(another, token);
  // They are closed when no token comes.
  await expect.poll(() => open(server, '2001:db8::1')).not.toBeNull();
});

test('WebSockets that have no user yet take at most a quarter of MAX_SUBSCRIPTIONS', async () => {
  const user = await small.newUser();
  for (const address of networks.slice(0, 12)) {
    const socket = await logIn(await open(small, address), user.token);
    const closed = once(socket, 'close');
    socket.close();
    await closed;
  }
  expect(await count(small, networks)).toBe(10);
  await expect.poll(async () => (await open(small, '192.0.2.100')) !== null).toBe(true);
});
