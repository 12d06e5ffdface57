import { describe, expect, onTestFinished, test } from 'vitest';
import { WebSocket } from 'ws';
import type { Client } from '../support/client.ts';
import { EventStream, subscription } from '../support/live.ts';
import { liveClients } from '../support/live-clients.ts';
import { useServer } from '../support/server.ts';

const server = useServer();
const cursorOnly = 'subscription { changes { cursor } }';

const accepts = [
  'text/event-stream',
  'multipart/mixed;subscriptionSpec="1.0"',
  'multipart/mixed;boundary=graphql;subscriptionSpec=1.0',
];

/** The refusal of an operation, by each way to ask for a stream: it is an ordinary response. */
async function refusals(user: Client, query: string, variables: object = {}) {
  const replies = await Promise.all(
    accepts.map((accept) => user.post(JSON.stringify({ query, variables }), { accept })),
  );
  return [...new Set(replies.map(({ status, code }) => `${status} ${code}`))];
}

test('an ordinary request for a subscription is answered with how to ask for a stream', async () => {
  const user = await server.newUser();
  const reply = await user.run(cursorOnly);
  expect([reply.status, reply.code]).toEqual([400, 'BAD_REQUEST']);
  expect(reply.error.message).toContain('Accept: text/event-stream, or multipart/mixed;subscriptionSpec="1.0"');
});

test('a subscription needs a log-in', async () => {
  const anonymous = server.client();
  expect(await refusals(anonymous, cursorOnly)).toEqual(['401 UNAUTHENTICATED']);
  expect((await anonymous.run(cursorOnly)).code).toBe('BAD_REQUEST');
  expect(await refusals(anonymous.withToken('wrong'), cursorOnly)).toEqual(['401 UNAUTHENTICATED']);
});

const refused: Record<string, [code: string, query: string, variables?: object]> = {
  'what is no GraphQL': ['GRAPHQL_PARSE_FAILED', 'subscription {'],
  'an unknown field': ['GRAPHQL_VALIDATION_FAILED', 'subscription { tasks { id } }'],
  'two root fields': ['GRAPHQL_VALIDATION_FAILED', 'subscription { a: changes { cursor } b: changes { cursor } }'],
  introspection: ['GRAPHQL_VALIDATION_FAILED', 'subscription { __typename }'],
  'a field that may be skipped': [
    'GRAPHQL_VALIDATION_FAILED',
    'subscription ($no: Boolean = false) { changes @include(if: $no) { cursor } }',
  ],
  'a fragment that may be skipped': [
    'GRAPHQL_VALIDATION_FAILED',
    'subscription ($no: Boolean!) { ...F } fragment F on Subscription { ... @skip(if: $no) { changes { cursor } } ...F }',
  ],
  'a value of the wrong type': ['BAD_USER_INPUT', subscription, { after: 7 }],
  'too many aliases': [
    'QUERY_TOO_COMPLEX',
    `subscription { changes { ${Array.from({ length: 31 }, (_, n) => `a${n}: cursor`).join(' ')} } }`,
  ],
  'too deep': ['QUERY_TOO_COMPLEX', `subscription { changes ${'{ changes '.repeat(12)}{ id }${' }'.repeat(12)} }`],
  'too many characters': ['QUERY_TOO_COMPLEX', `${cursorOnly} # ${'x'.repeat(50_000)}`],
};

test.each(Object.entries(refused))('%s is refused by every transport', async (_name, [code, query, variables = {}]) => {
  const user = await server.newUser();
  expect(await refusals(user, query, variables)).toEqual([`400 ${code}`]);
  const overSocket = liveClients['graphql-ws']?.(user, { ...variables }, query);
  await expect.poll(() => overSocket?.errors).toMatchObject([{ extensions: { code } }]);
  expect(overSocket?.pages).toEqual([]);
});

test('a subscription by GET is refused', async () => {
  const user = await server.newUser();
  const response = await fetch(`${server.url}/graphql?query=${encodeURIComponent(cursorOnly)}`, {
    headers: { accept: 'text/event-stream', authorization: `Bearer ${user.token}` },
  });
  expect(response.status).toBe(405);
});

test('a page that a simple request of another site could send is refused', async () => {
  const query = encodeURIComponent('{ errorCodes }');
  const response = await fetch(`${server.url}/graphql?query=${query}`, { headers: { accept: 'text/event-stream' } });
  expect(response.status).toBe(400);
});

test('a query is answered with one event, or with an ordinary response where that is accepted too', async () => {
  const user = await server.newUser();
  const stream = await EventStream.open(user, {}, { query: '{ me { email } }' });
  expect(await stream.next()).toEqual({ data: { me: { email: user.email } } });
  expect([await stream.next(), stream.isComplete]).toEqual([null, true]);
  // As urql asks, for operations of all kinds.
  const accept = 'application/graphql-response+json, application/json, text/event-stream, multipart/mixed';
  const reply = await user.post(JSON.stringify({ query: '{ me { email } } # subscription' }), { accept });
  expect(reply.data).toEqual({ me: { email: user.email } });
  const live = await EventStream.open(user, {}, { headers: { accept } });
  expect(await live.page()).toMatchObject({ changes: [] });
});

test.each(['query', 'mutation'])('a %s over WebSocket is refused, and not executed', async (kind) => {
  const user = await server.newUser();
  const query =
    kind === 'query' ? '{ tasks { nodes { id } } }' : 'mutation { createTask(input: { title: "x" }) { task { id } } }';
  const seen = liveClients['graphql-ws']?.(user, {}, query);
  await expect
    .poll(() => seen?.errors)
    .toMatchObject([
      {
        message: 'WebSocket is for subscriptions. Send queries and mutations by POST.',
        extensions: { code: 'BAD_REQUEST' },
      },
    ]);
  expect((await user.run('{ tasks { totalCount } }')).data.tasks.totalCount).toBe(0);
});

/** How a connection by WebSocket ends. @param init the payload of its first message; undefined: none is sent */
function connect(url: string, init: object | undefined, options: object = {}, protocol = 'graphql-transport-ws') {
  const { promise, resolve } = Promise.withResolvers<string>();
  const socket = new WebSocket(url.replace('http', 'ws'), protocol, options);
  onTestFinished(() => socket.terminate());
  socket.on('open', () => init && socket.send(JSON.stringify({ type: 'connection_init', payload: init })));
  socket.on('message', (data) => resolve(JSON.parse(String(data)).type));
  socket.on('unexpected-response', (_request, response) => resolve(`HTTP ${response.statusCode}`));
  socket.on('close', (code, reason) => resolve(`${code} ${reason}`));
  socket.on('error', () => {});
  return promise;
}

describe('a WebSocket', () => {
  const at = () => `${server.url}/graphql`;

  test('is opened with a token, as accessToken or as authorization', async () => {
    const { token } = await server.newUser();
    expect(await connect(at(), { accessToken: token })).toBe('connection_ack');
    expect(await connect(at(), { authorization: `Bearer ${token}` })).toBe('connection_ack');
    expect(await connect(at(), { Authorization: `bearer ${token}` })).toBe('connection_ack');
  });

  test('is closed without a valid token', async () => {
    const { token } = await server.newUser();
    expect(await connect(at(), {})).toBe('4403 Log in: connectionParams need accessToken.');
    expect(await connect(at(), { accessToken: 'wrong' })).toBe('4403 Your session has ended. Log in again.');
    expect(await connect(at(), { accessToken: { token } })).toBe('4403 Log in: connectionParams need accessToken.');
    expect(await connect(at(), { authorization: token })).toBe('4403 Your session has ended. Log in again.');
  });

  test('is closed if the first message does not come', async () => {
    expect(await connect(at(), undefined)).toBe('4408 Connection initialisation timeout');
  });

  test('is closed after a message that is too long, or of another protocol', async () => {
    expect(await connect(at(), { accessToken: 'x'.repeat(300_000) })).toBe('1009 ');
    expect(await connect(at(), {}, {}, 'graphql-ws')).toMatch(/^1006|^4406/);
  });

  test('is opened for pages of CORS_ORIGINS and of the server itself, and for clients that are no page', async () => {
    const { token } = await server.newUser();
    const open = (origin: string, url = at()) => connect(url, { accessToken: token }, { origin });
    expect(await open(server.url)).toBe('connection_ack');
    expect(await open('https://evil.example')).toBe('HTTP 403');
    expect(await open('null')).toBe('HTTP 403');
    expect(await open(`${server.url}0`)).toBe('HTTP 403');
    expect(await open('https://app.example.com', `${allowing.url}/graphql`)).toMatch(/^4403/);
    expect(await open('https://app.example.com.evil.example', `${allowing.url}/graphql`)).toBe('HTTP 403');
  });

  const allowing = useServer({ corsOrigins: ['https://app.example.com'] });

  test('is one of at most 20 of its user', async () => {
    const [user, other] = [await server.newUser(), await server.newUser()];
    const opened = await Promise.all(Array.from({ length: 20 }, () => connect(at(), { accessToken: user.token })));
    expect(new Set(opened)).toEqual(new Set(['connection_ack']));
    expect(await connect(at(), { accessToken: user.token })).toBe('1013 At most 20 connections at once.');
    expect(await connect(at(), { accessToken: other.token })).toBe('connection_ack');
  });

  test('is opened at /graphql only', async () => {
    expect(await connect(server.url, {})).toMatch(/^HTTP 404/);
    expect(await connect(`${server.url}/livez`, {})).toMatch(/^HTTP 200/);
  });
});

test('a request for another upgrade is answered as if it did not ask for it', async () => {
  const { request } = await import('node:http');
  const status = await new Promise((resolve, reject) => {
    const headers = { connection: 'upgrade', upgrade: 'h2c', 'content-type': 'application/json' };
    const sent = request(`${server.url}/graphql`, { method: 'POST', headers }, ({ statusCode }) => resolve(statusCode));
    sent.on('error', reject).end('{"query":"{ errorCodes }"}');
  });
  expect(status).toBe(200);
});
