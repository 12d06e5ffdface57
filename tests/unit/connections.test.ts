import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { fastify } from 'fastify';
import { test as base, expect } from 'vitest';
import { Connections } from '../../src/http/connections.ts';

// Server and clients share one event loop here, so that a test decides what happens in each of its turns.
const test = base
  // biome-ignore lint/correctness/noEmptyPattern: vitest reads what a fixture needs from this pattern
  .extend('server', async ({}, { onCleanup }) => {
    const server = fastify();
    const connections = new Connections(server);
    server.get('/', async () => 'Hello');
    server.get('/large', async () => large);
    const work = Promise.withResolvers<string>();
    server.get('/slow', () => work.promise);
    const url = await server.listen({ port: 0, host: '127.0.0.1' });
    onCleanup(() => server.close());
    return { http: server.server, work, connections, port: Number(new URL(url).port) };
  })
  .extend(
    'open',
    ({ server }) =>
      (): Socket =>
        connect(server.port, '127.0.0.1').on('error', () => {}),
  );

/** More than the system keeps of what is sent and not read. */
const large = Buffer.alloc(32 * 1024 * 1024);

const get = 'GET / HTTP/1.1\r\nHost: localhost\r\n\r\n';

/** All that the server sends until it closes the connection. */
async function received(socket: Socket): Promise<string> {
  return text(socket).catch((error: NodeJS.ErrnoException) => `${error.code}`);
}

/** Opens a connection every few turns until nobody accepts it. */
async function refused(open: () => Socket): Promise<void> {
  for (let isRefused = false; !isRefused; ) {
    for (let turn = 0; turn < 5; turn += 1) await nextTurn();
    isRefused = await once(open(), 'connect').then(
      () => false,
      () => true,
    );
  }
}

test('accepts what waits to be accepted, and answers it', async ({ server, open }) => {
  const sockets = Array.from({ length: 100 }, open);
  const answers = sockets.map(received);
  for (const socket of sockets) socket.write(get);
  await nextTurn();
  await server.connections.drain();
  for (const answer of await Promise.all(answers)) expect(answer).toMatch(/^HTTP\/1.1 200 OK\r\n/);
});

test('accepts no more than can have waited, where there is no end of new connections', async ({ server, open }) => {
  const isRefused = watch(refused(open));
  let accepted = 0;
  server.http.on('connection', () => {
    accepted += 1;
  });
  const draining = server.connections.drain();
  for (let opened = 0; !isRefused(); ) {
    expect(accepted).toBeLessThan(5_000);
    // Some always wait, and never so many that the system drops one, which would come again a second later.
    for (; opened < accepted + 100; opened += 1) open();
    await nextTurn();
  }
  await draining;
});

test('stops accepting on a machine so busy that no turn of the loop is short', async ({ server, open }) => {
  const isRefused = watch(refused(open));
  const draining = server.connections.drain();
  for (let turns = 0; !isRefused(); turns += 1) {
    expect(turns).toBeLessThan(2_000);
    block(1);
    await nextTurn();
  }
  await draining;
});

test('answers what arrived while the process was held up longer than idle connections are kept', async ({
  server,
  open,
}) => {
  const sockets = Array.from({ length: 10 }, open);
  const answers = sockets.map(received);
  const draining = server.connections.drain();
  await refused(open);
  for (const socket of sockets) socket.write(get);
  block(1_500);
  await draining;
  for (const answer of await Promise.all(answers)) expect(answer).toMatch(/^HTTP\/1.1 200 OK\r\n/);
});

test('sends an answer to its end that its client reads after idle connections are closed', async ({ server, open }) => {
  const [slow, idle] = [open().pause(), open()];
  const [[, response]] = await Promise.all([
    once(server.http, 'request') as Promise<[IncomingMessage, ServerResponse]>,
    slow.write(get.replace('/', '/large')),
    once(idle, 'connect'),
  ]);
  while (!response.writableEnded) await nextTurn();
  const draining = server.connections.drain();
  await once(idle, 'close');
  expect(response.writableFinished).toBe(false);
  const start = performance.now();
  expect((await received(slow)).length).toBeGreaterThan(large.length);
  await draining;
  // Less than it waits for answers: the client was not told that the connection closes.
  expect(performance.now() - start).toBeLessThan(15_000);
});

test('waits for a request that is worked on when idle connections are closed', async ({ server, open }) => {
  const [busy, idle] = [open(), open()];
  const answer = received(busy);
  await Promise.all([once(server.http, 'request'), busy.write(get.replace('/', '/slow')), once(idle, 'connect')]);
  const draining = server.connections.drain();
  await once(idle, 'close');
  server.work.resolve('done');
  expect(await answer).toMatch(/^HTTP\/1.1 200 OK\r\n.*connection: close\r\n.*\r\n\r\ndone$/s);
  await draining;
});

test('keeps idle connections for a second, since a request may be on its way', async ({ server, open }) => {
  const [used, unused] = [open(), open()];
  used.write(get);
  await Promise.all([once(used, 'data'), once(unused, 'connect')]);
  const start = performance.now();
  const draining = server.connections.drain();
  await Promise.all([once(used, 'close'), once(unused, 'close')]);
  // Timers count in whole milliseconds.
  expect(performance.now() - start).toBeGreaterThan(999);
  await draining;
});

/** @returns whether it has resolved by now */
function watch(promise: Promise<unknown>): () => boolean {
  let isOver = false;
  void promise.then(() => {
    isOver = true;
  });
  return () => isOver;
}

/** Holds the event loop up. */
function block(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}
