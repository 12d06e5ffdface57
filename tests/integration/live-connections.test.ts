import { once } from 'node:events';
import { expect, onTestFinished, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import type { Client } from '../support/client.ts';
import { EventStream } from '../support/live.ts';
import { useServer } from '../support/server.ts';

const server = useServer();

/** A WebSocket that has sent its token. */
async function open(user: Client): Promise<WebSocket> {
  const socket = new WebSocket(`${user.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
  onTestFinished(() => socket.terminate());
  socket.on('error', () => {});
  await once(socket, 'open');
  send(socket, { type: 'connection_init', payload: { accessToken: user.token } });
  return socket;
}

async function openAcknowledged(user: Client): Promise<WebSocket> {
  const socket = await open(user);
  const [data] = await once(socket, 'message');
  expect(JSON.parse(String(data))).toEqual({ type: 'connection_ack' });
  return socket;
}

function send(socket: WebSocket, message: object): void {
  socket.send(JSON.stringify(message));
}

function endedSubscriptions(): number {
  return server.logs().split('"subscription by WebSocket"').length - 1;
}

test('a client that leaves before it is authenticated takes no place', async () => {
  const user = await server.newUser();
  for (let i = 0; i < 20; i++) (await open(user)).terminate();
  await openAcknowledged(user);
});

test('a connection that ends takes along subscriptions whose id was used again', async () => {
  const user = await server.newUser();
  const socket = await openAcknowledged(user);
  let received = 0;
  socket.on('message', () => {
    received += 1;
  });
  const payload = { query: 'subscription { changes { cursor } }' };
  for (let i = 0; i < 10; i++) {
    send(socket, { type: 'subscribe', id: '1', payload });
    send(socket, { type: 'complete', id: '1' });
  }
  send(socket, { type: 'subscribe', id: '1', payload });
  await expect.poll(() => received).toBeGreaterThan(0);
  const before = endedSubscriptions();
  socket.terminate();
  await expect.poll(() => endedSubscriptions()).toBeGreaterThan(before);
  const streams = [];
  for (let i = 0; i < 20; i++) streams.push(await EventStream.open(user));
  for (const stream of streams) expect(await stream.page()).toMatchObject({ changes: [] });
});

test('a client that does not read loses its connection when its session ends', async () => {
  const user = await server.newUser();
  const { cursor } = (await user.run('{ changes { cursor } }')).data.changes;
  const inputs = Array.from({ length: 50 }, () => ({ title: 'x', description: 'x'.repeat(20_000) }));
  for (let at = 0; at < 50; at += 10) {
    const creation =
      'mutation ($tasks: [CreateTaskInput!]!) { createTasks(input: { tasks: $tasks }) { tasks { id } } }';
    expect((await user.run(creation, { tasks: inputs.slice(at, at + 10) })).data).toBeTruthy();
  }
  const socket = await openAcknowledged(user);
  socket.pause();
  const before = endedSubscriptions();
  const query = `subscription { changes(after: "${cursor}") { changes { record { ... on Task { description } } } } }`;
  for (let id = 0; id < 25; id++) send(socket, { type: 'subscribe', id: String(id), payload: { query } });
  // Twenty have begun, of which few could be sent their page.
  await expect.poll(() => endedSubscriptions() - before).toBe(5);
  await user.run('mutation { logout { success } }');
  // Otherwise a ping without an answer ends it, after 40 seconds.
  await expect.poll(() => endedSubscriptions() - before, { timeout: 10_000 }).toBe(25);
});

test('a connection without subscriptions is closed once its session has ended', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  onTestFinished(() => void vi.useRealTimers());
  const user = await server.newUser();
  const socket = await openAcknowledged(user);
  const closed = once(socket, 'close');
  vi.advanceTimersByTime(20_000);
  await once(socket, 'ping');
  expect(socket.readyState).toBe(WebSocket.OPEN);
  await user.run('mutation { logout { success } }');
  vi.advanceTimersByTime(20_000);
  expect(String((await closed)[1])).toBe('Your session has ended. Log in again.');
});

test('a stream does not go on after a page that lacks records because of an error', async () => {
  const user = await server.newUser();
  const query = `subscription {
    changes { changes { id record { ... on TaskList { tasks(first: 1, after: "wrong") { nodes { id } } } } } cursor hasMore }
  }`;
  const stream = await EventStream.open(user, {}, { query });
  expect(await stream.page()).toMatchObject({ changes: [] });
  await user.run('mutation { createList(input: { name: "Home" }) { list { id } } }');
  expect((await stream.next())?.errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
  expect([await stream.next(), stream.isComplete]).toEqual([null, true]);
});
