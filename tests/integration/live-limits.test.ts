import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import { EventStream } from '../support/live.ts';
import { liveClients } from '../support/live-clients.ts';
import { LogSink, startServer, useServer } from '../support/server.ts';

const server = useServer();

const openMany = (user: Parameters<typeof EventStream.open>[0], count: number) =>
  Promise.all(Array.from({ length: count }, () => EventStream.open(user)));

test('a user has at most 20 subscriptions at once, by all transports together', async () => {
  const user = await server.newUser();
  const [first] = await openMany(user, 19);
  const seen = liveClients['graphql-ws']?.(user, {});
  await expect.poll(() => seen?.pages).toHaveLength(1);
  const refused = await EventStream.open(user);
  expect([refused.response.status, refused.response.headers.get('retry-after')]).toEqual([429, '5']);
  const refusedSocket = liveClients['graphql-ws']?.(user, {});
  await expect
    .poll(() => refusedSocket?.errors)
    .toMatchObject([{ extensions: { code: 'RATE_LIMITED', retryAfter: 5 } }]);
  expect((await EventStream.open(await server.newUser())).response.status).toBe(200);
  first?.close();
  await expect.poll(async () => (await EventStream.open(user)).response.status).toBe(200);
});

describe('MAX_SUBSCRIPTIONS', () => {
  const small = useServer({ maxSubscriptions: 3 });

  test('limits the subscriptions of all users', async () => {
    const users = await Promise.all([1, 2, 3, 4].map(() => small.newUser()));
    const streams = await Promise.all(users.slice(1).map((user) => EventStream.open(user)));
    expect(streams.map(({ response }) => response.status)).toEqual([200, 200, 200]);
    const [user] = users;
    if (!user) throw new Error('There is no user.');
    const refused = await EventStream.open(user);
    expect([refused.response.status, refused.response.headers.get('retry-after')]).toEqual([503, '5']);
    expect((await user.run('{ me { id } }')).status).toBe(200);
    streams[0]?.close();
    await expect.poll(async () => (await EventStream.open(user)).response.status).toBe(200);
  });
});

test('what is refused takes no place', async () => {
  const user = await server.newUser();
  for (let n = 0; n < 25; n++) await EventStream.open(user, {}, { query: 'subscription { nothing }' });
  expect((await EventStream.open(user)).response.status).toBe(200);
});

test('every 20 seconds each transport sends a sign of life', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  onTestFinished(() => void vi.useRealTimers());
  const user = await server.newUser();
  const stream = await EventStream.open(user);
  await stream.page();
  const accept = 'multipart/mixed;subscriptionSpec="1.0"';
  const multipart = await EventStream.open(user, {}, { headers: { accept } });
  const socket = new WebSocket(`${server.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
  onTestFinished(() => socket.terminate());
  await new Promise((resolve) => socket.once('open', resolve));
  const pinged = new Promise((resolve) => socket.once('ping', resolve));
  await multipart.text('cursor');
  vi.advanceTimersByTime(20_000);
  expect(await stream.block()).toBe(':');
  await multipart.text('\r\ncontent-type: application/json; charset=utf-8\r\n\r\n{}\r\n--graphql');
  await pinged;
  // Its client answers no more.
  socket.removeAllListeners('ping');
  const closed = new Promise((resolve) => socket.once('close', resolve));
  socket.pause();
  vi.advanceTimersByTime(20_000);
  vi.advanceTimersByTime(20_000);
  socket.resume();
  await closed;
});

test('a stop ends every subscription with a reason to come back, quickly', async () => {
  const sink = new LogSink();
  const app = await startServer(server.databaseUrl, {}, sink);
  const user = (await server.newUser()).at(app.url);
  const streams = await openMany(user, 10);
  for (const stream of streams) await stream.page();
  const seen = liveClients['Apollo Client over HttpLink']?.(user, {});
  const socket = new WebSocket(`${app.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
  const messages: string[] = [];
  const closed = new Promise((resolve) => socket.on('close', (code, reason) => resolve(`${code} ${reason}`)));
  socket.on('message', (data) => messages.push(JSON.parse(String(data)).type));
  socket.on('open', () =>
    socket.send(JSON.stringify({ type: 'connection_init', payload: { accessToken: user.token } })),
  );
  await expect.poll(() => messages).toEqual(['connection_ack']);
  socket.send(
    JSON.stringify({ type: 'subscribe', id: '1', payload: { query: 'subscription { changes { cursor } }' } }),
  );
  await expect.poll(() => messages).toEqual(['connection_ack', 'next']);
  await expect.poll(() => seen?.pages).toHaveLength(1);

  const start = performance.now();
  const stopped = app.stop();
  for (const stream of streams) {
    expect((await stream.next())?.errors).toMatchObject([
      { extensions: { code: 'SERVICE_UNAVAILABLE', retryAfter: 1 } },
    ]);
    expect([await stream.next(), stream.isComplete]).toEqual([null, true]);
  }
  await expect.poll(() => seen?.errors).toMatchObject([{ extensions: { code: 'SERVICE_UNAVAILABLE' } }]);
  expect(await closed).toBe('1012 The server is restarting.');
  expect(messages).toEqual(['connection_ack', 'next']);
  await stopped;
  expect(performance.now() - start).toBeLessThan(10_000);
  expect(sink.text).not.toContain('"level":"error"');
});

test('clients that come and go take no place, however early they leave', async () => {
  const user = await server.newUser();
  const socket = new WebSocket(`${server.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
  onTestFinished(() => socket.terminate());
  const send = (message: object) => socket.send(JSON.stringify(message));
  const acknowledged = new Promise((resolve) => socket.once('message', resolve));
  socket.on('open', () => send({ type: 'connection_init', payload: { accessToken: user.token } }));
  await acknowledged;
  const payload = { query: 'subscription { changes { cursor } }' };
  for (let n = 0; n < 200; n++) {
    send({ type: 'subscribe', id: `${n}`, payload });
    if (n % 4 === 0) await new Promise((resolve) => setTimeout(resolve, n % 16));
    send({ type: 'complete', id: `${n}` });
  }
  const left = Array.from({ length: 60 }, async (_, n) => {
    const controller = new AbortController();
    setTimeout(() => controller.abort(), n % 20);
    const headers = { 'content-type': 'application/json', accept: 'text/event-stream' };
    const authorization = `Bearer ${user.token}`;
    const request = { method: 'POST', body: JSON.stringify(payload), headers: { ...headers, authorization } };
    return fetch(`${server.url}/graphql`, { ...request, signal: controller.signal }).catch(() => {});
  });
  await Promise.all(left);
  const another = async () => {
    const streams = await openMany(user, 20);
    for (const stream of streams) stream.close();
    return streams.map(({ response }) => response.status).every((status) => status === 200);
  };
  await expect.poll(another, { interval: 500 }).toBe(true);
});
