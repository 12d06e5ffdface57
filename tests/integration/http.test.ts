import { expect, test } from 'vitest';
import type { ReplyError } from '../support/client.ts';
import { useServer } from '../support/server.ts';

const server = useServer({ corsOrigins: ['https://app.example.com'] });
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
    expect(await allowOrigin('https://app.example.com', method)).toBe('https://app.example.com');
    expect(await allowOrigin('https://evil.example.com', method)).not.toBe('https://evil.example.com');
    expect(await allowOrigin('http://localhost:5173', method)).not.toBe('http://localhost:5173');
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

test('/health says ok while the database answers', async () => {
  const response = await fetch(`${server.url}/health`);
  expect([response.status, await response.json()]).toEqual([200, { status: 'ok' }]);
});
