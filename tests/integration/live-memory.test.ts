import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { type ClientRequest, type IncomingMessage, request } from 'node:http';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, onTestFinished, test } from 'vitest';
import { WebSocket } from 'ws';
import type { Client } from '../support/client.ts';
import { EventStream } from '../support/live.ts';
import { useServer } from '../support/server.ts';

const server = useServer();
const subscriptions = 20;

/** Bytes of a request, and of its first page. */
const size = 200_000;

/** Subscribes, and forgets what it is sent once the first page has come. */
type Subscribe = (user: Client, payload: string) => Promise<void>;

const overEvents: Subscribe = async ({ url, token }, payload) => {
  const headers = { 'content-type': 'application/json', accept: 'text/event-stream', authorization: `Bearer ${token}` };
  const sent: ClientRequest = request(`${url}/graphql`, { method: 'POST', headers, agent: false });
  onTestFinished(() => void sent.destroy());
  sent.on('error', () => {}).end(payload);
  const [response]: IncomingMessage[] = await once(sent, 'response');
  let tail = '';
  const { promise, resolve } = Promise.withResolvers<void>();
  response?.on('error', () => {}).setEncoding('latin1');
  response?.on('data', (text: string) => {
    tail = (tail + text).slice(-30);
    if (tail.includes('"hasMore":false')) resolve();
  });
  return promise;
};

const overSocket: Subscribe = async ({ url, token }, payload) => {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
  onTestFinished(() => socket.terminate());
  await once(socket, 'open');
  socket.send(JSON.stringify({ type: 'connection_init', payload: { accessToken: token } }));
  await once(socket, 'message');
  socket.send(`{"type":"subscribe","id":"1","payload":${payload}}`);
  await once(socket, 'message');
};

async function heapUsed(): Promise<number> {
  setFlagsFromString('--expose-gc');
  const collect: () => void = runInNewContext('gc');
  // What the last turn of the event loop has left over.
  await new Promise((resolve) => setTimeout(resolve, 200));
  collect();
  return process.memoryUsage().heapUsed;
}

test.each([
  ['server-sent events', overEvents],
  ['WebSocket', overSocket],
])('a subscription by %s that waits for changes keeps neither its request nor its last page', async (_name, open) => {
  const user = await server.newUser();
  const { cursor } = (await user.run('{ changes { cursor } }')).data.changes;
  const creation = 'mutation ($tasks: [CreateTaskInput!]!) { createTasks(input: { tasks: $tasks }) { tasks { id } } }';
  const tasks = Array.from({ length: 10 }, () => ({ title: 'x', description: 'x'.repeat(size / 10) }));
  expect((await user.run(creation, { tasks })).data).toBeTruthy();
  const query = `subscription ($after: String) {
    changes(after: $after) { changes { record { ... on Task { description } } } cursor hasMore } }`;
  const payload = JSON.stringify({ query, variables: { after: cursor }, extensions: { unused: 'x'.repeat(size) } });
  // What the first ones leave in caches.
  for (let n = 0; n < 3; n++) await open(user, payload);
  const before = await heapUsed();
  for (let n = 3; n < subscriptions; n++) await open(user, payload);
  const each = ((await heapUsed()) - before) / (subscriptions - 3);
  expect(each).toBeLessThan(size / 2);
});

test('a subscription by the hash of its document goes on when the server has forgotten that', async () => {
  const user = await server.newUser();
  const persisted = (query: string) => {
    const sha256Hash = createHash('sha256').update(query).digest('hex');
    return { query, extensions: { persistedQuery: { version: 1, sha256Hash } } };
  };
  const body = persisted('subscription { changes { changes { id } cursor hasMore } }');
  await (await EventStream.open(user, {}, { body })).page();
  const { extensions } = body;
  const stream = await EventStream.open(user, {}, { body: { extensions } });
  expect(await stream.page()).toMatchObject({ changes: [] });
  for (let n = 0; n < 40; n++) {
    const other = persisted(`{ errorCodes } # ${n} ${'x'.repeat(49_000)}`);
    expect((await user.post(JSON.stringify(other))).data).toBeTruthy();
  }
  const forgotten = await user.post(JSON.stringify({ extensions }));
  expect(forgotten.error.message).toBe('PersistedQueryNotFound');
  await user.run('mutation { createList(input: { name: "Home" }) { list { id } } }');
  expect((await stream.page()).changes).toHaveLength(1);
});
