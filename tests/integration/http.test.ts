import { once } from 'node:events';
import { connect } from 'node:net';
import { expect, test } from 'vitest';
import type { ReplyError } from '../support/client.ts';
import { useServer } from '../support/server.ts';

const origins = [
  'https://app.example.com',
  'capacitor://localhost',
  'moz-extension://1b0d5c5e-8f2e-4d5c-9d3f-0c2f7a6b1e11',
];
const server = useServer({ corsOrigins: origins, keepAliveTimeout: 1 });
const endpoint = () => `${server.url}/graphql`;
const json = { 'content-type': 'application/json' };

async function expectJsonError(response: Response, status: number, code: string): Promise<void> {
  const body = (await response.json()) as { errors: ReplyError[] };
  expect(response.status, JSON.stringify(body)).toBe(status);
  expect(response.headers.get('content-type')).toMatch(/^application\/(graphql-response\+)?json/);
  expect(body.errors[0]?.extensions).toMatchObject({ code, requestId: response.headers.get('x-request-id') });
  expect(JSON.stringify(body)).not.toMatch(/\bat .*\.[jt]s|stack/);
}

test('queries may be sent by GET, mutations may not', async () => {
  const headers = { 'apollo-require-preflight': '1' };
  const query = await fetch(`${endpoint()}?query=${encodeURIComponent('{ errorCodes }')}`, { headers });
  expect(await query.text()).toContain('NOT_FOUND');
  const mutation = await fetch(`${endpoint()}?query=${encodeURIComponent('mutation { logout { success } }')}`, {
    headers,
  });
  expect(mutation.headers.get('allow')).toBe('POST');
  await expectJsonError(mutation, 405, 'BAD_REQUEST');
});

test('a simple cross-site request is refused', async () => {
  const get = await fetch(`${endpoint()}?query=${encodeURIComponent('{ errorCodes }')}`);
  await expectJsonError(get, 400, 'BAD_REQUEST');
});

test.each([
  ['a body that is not JSON', '{', json, 400],
  ['an empty body', '', json, 400],
  ['a list of operations', '[{"query":"{ errorCodes }"}]', json, 400],
  ['a body without a query', '{}', json, 400],
  ['a query that is not text', '{"query":{"kind":"Document"}}', json, 400],
  ['variables that are text', '{"query":"{ errorCodes }","variables":"{}"}', json, 400],
  ['__proto__ in the body', '{"query":"{ errorCodes }","__proto__":{"a":1}}', json, 400],
  ['text', '{"query":"{ errorCodes }"}', { 'content-type': 'text/plain' }, 415],
  ['a form', 'query=%7BerrorCodes%7D', { 'content-type': 'application/x-www-form-urlencoded' }, 415],
  ['bare GraphQL', '{ errorCodes }', { 'content-type': 'application/graphql' }, 415],
])('%s is refused as JSON', async (_name, body, headers, status) => {
  await expectJsonError(await fetch(endpoint(), { method: 'POST', body, headers }), status, 'BAD_REQUEST');
});

test('a body of more than 256 kB is refused', async () => {
  const body = JSON.stringify({ query: '{ errorCodes }', variables: { x: 'x'.repeat(256 * 1024) } });
  await expectJsonError(await fetch(endpoint(), { method: 'POST', body, headers: json }), 413, 'BAD_REQUEST');
});

test('other methods and other addresses are refused as JSON', async () => {
  for (const method of ['PUT', 'PATCH', 'DELETE']) {
    const response = await fetch(endpoint(), { method });
    expect(response.headers.get('allow')).toBe('GET, POST');
    await expectJsonError(response, 405, 'BAD_REQUEST');
  }
  await expectJsonError(await fetch(`${server.url}/nowhere`), 404, 'NOT_FOUND');
});

test('only pages of the origins in CORS_ORIGINS may read answers', async () => {
  const allowOrigin = async (origin: string, method: string) => {
    const response = await fetch(endpoint(), {
      method,
      headers: {
        ...json,
        origin,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'authorization',
      },
      ...(method === 'POST' ? { body: '{"query":"{ errorCodes }"}' } : {}),
    });
    return response.headers.get('access-control-allow-origin');
  };
  for (const method of ['OPTIONS', 'POST']) {
    for (const origin of origins) expect(await allowOrigin(origin, method)).toBe(origin);
    expect(await allowOrigin('https://evil.example.com', method)).not.toBe('https://evil.example.com');
    for (const origin of ['http://localhost:5173', 'https://localhost', 'capacitor://other', 'null', '*'])
      expect(await allowOrigin(origin, method)).not.toBe(origin);
  }
});

test('pages of those origins read by whose clock ids are to be made, and when to send again', async () => {
  const headers = { ...json, origin: 'https://app.example.com' };
  const response = await fetch(endpoint(), { method: 'POST', headers, body: '{"query":"{ errorCodes }"}' });
  const exposed = response.headers.get('access-control-expose-headers')?.split(', ');
  expect(exposed).toEqual(expect.arrayContaining(['date', 'retry-after', 'x-request-id']));
  expect(Date.parse(response.headers.get('date') ?? '')).toBeGreaterThan(Date.now() - 5_000);
});

test('what Apollo refuses without a code of its own is BAD_REQUEST', async () => {
  const persisted = (extension: unknown) =>
    fetch(endpoint(), {
      method: 'POST',
      headers: json,
      body: JSON.stringify({ query: '{ errorCodes }', extensions: { persistedQuery: extension } }),
    });
  await expectJsonError(await persisted({ version: 1, sha256Hash: 'wrong' }), 400, 'BAD_REQUEST');
  await expectJsonError(await persisted({ version: 2, sha256Hash: 'x' }), 400, 'BAD_REQUEST');
});

test('a subscription is refused', async () => {
  const reply = await server.client().run('subscription { x }');
  expect([reply.status, reply.code]).toEqual([400, 'GRAPHQL_VALIDATION_FAILED']);
});

test.each(['/%E0%A4%A', '/%', '/graphql/%zz', '/assets/%ff'])(
  'an address that cannot be read is refused as JSON: %s',
  async (path) => {
    const response = await fetch(`${server.url}${path}`);
    const { errors } = (await response.json()) as { errors: { extensions: Record<string, string> }[] };
    expect([response.status, errors[0]?.extensions.code]).toEqual([400, 'BAD_REQUEST']);
    expect(errors[0]?.extensions.requestId).toMatch(/^[0-9a-f-]{36}$/);
  },
);

test.each(['/livez', '/readyz', '/health'])(
  '%s says ok while the database answers, and is not logged',
  async (path) => {
    const response = await fetch(`${server.url}${path}?from=probe`);
    expect([response.status, await response.json()]).toEqual([200, { status: 'ok' }]);
    await fetch(`${server.url}${path}/x`);
    await expect.poll(() => server.logs()).toContain(`"path":"${path}/x"`);
    expect(server.logs()).not.toContain(`"path":"${path}"`);
  },
);

test.each<[string, string, RequestInit, number]>([
  ['an answer', '/graphql', { method: 'POST', headers: json, body: '{"query":"{ errorCodes }"}' }, 200],
  ['an answer to GET', '/graphql?query={errorCodes}', { headers: { 'apollo-require-preflight': '1' } }, 200],
  [
    'a field that failed',
    '/graphql',
    { method: 'POST', headers: json, body: '{"query":"mutation { logout { success } }"}' },
    401,
  ],
  [
    'a bad token',
    '/graphql',
    { method: 'POST', headers: { ...json, authorization: 'Bearer x' }, body: '{"query":"{ me { id } }"}' },
    401,
  ],
  ['a document that does not parse', '/graphql', { method: 'POST', headers: json, body: '{"query":"{"}' }, 400],
  ['a body that is not JSON', '/graphql', { method: 'POST', headers: json, body: '{' }, 400],
  ['a simple cross-site request', '/graphql?query={errorCodes}', {}, 400],
  ['another method', '/graphql', { method: 'PUT' }, 405],
  ['another media type', '/graphql', { method: 'POST', headers: { 'content-type': 'text/plain' }, body: 'x' }, 415],
  ['HEAD', '/graphql?query={errorCodes}', { method: 'HEAD', headers: { 'apollo-require-preflight': '1' } }, 405],
  ['the health', '/health', {}, 200],
  ['a probe', '/livez', {}, 200],
  ['another address', '/nowhere', {}, 404],
  ['an address that cannot be read', '/%', {}, 400],
])('no cache may keep %s', async (_name, path, request, status) => {
  const response = await fetch(`${server.url}${path}`, request);
  expect([response.status, response.headers.get('cache-control')]).toEqual([status, 'private, no-store']);
});

test('an idle connection is kept open for KEEP_ALIVE_TIMEOUT', async () => {
  const { hostname, port } = new URL(server.url);
  const socket = connect(Number(port), hostname);
  let received = '';
  socket.on('data', (chunk) => {
    received += chunk;
  });
  const ask = 'GET /nowhere HTTP/1.1\r\nHost: localhost\r\n\r\n';
  socket.write(ask);
  await once(socket, 'data');
  socket.write(ask);
  const start = performance.now();
  await once(socket, 'end');
  expect(received.match(/HTTP\/1.1 404 Not Found\r\n/g)).toHaveLength(2);
  expect(received).toMatch(/^keep-alive: timeout=1\r$/im);
  // Node.js adds a second, so that the client, which was told the shorter time, closes first.
  expect(performance.now() - start).toBeGreaterThan(900);
  expect(performance.now() - start).toBeLessThan(10_000);
});
