import { v7 as uuidv7 } from 'uuid';
import { beforeAll, describe, expect, test } from 'vitest';
import { productName } from '../../src/product-name.ts';
import { examples } from '../../web/ide/examples.ts';
import { EventStream } from '../support/live.ts';
import { useServer } from '../support/server.ts';
import { buildSites } from '../support/sites.ts';

const chromium = { accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8' };

// Ahead of the servers, which look once, at their start.
beforeAll(buildSites);

describe('where IDE is on', () => {
  // null, as in local mode: pages of this machine may call.
  const server = useServer({ ide: true, corsOrigins: null });
  const get = (path: string, headers: Record<string, string> = {}) => fetch(`${server.url}${path}`, { headers });

  /** Addresses of the scripts and styles that the page names. */
  async function assetsOfPage(): Promise<string[]> {
    const html = await (await get('/graphql', chromium)).text();
    return [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map((match) => match[1] ?? '');
  }

  test('a browser at /graphql gets the page', async () => {
    const response = await get('/graphql', chromium);
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    expect(await response.text()).toContain(`<title>${productName}</title>`);
  });

  test.each([
    ['nothing', undefined],
    ['anything', '*/*'],
    ['JSON', 'application/json'],
    ['GraphQL', 'application/graphql-response+json'],
    ['JSON rather than HTML', 'application/json, text/html'],
  ])('a client that accepts %s gets GraphQL', async (_name, accept) => {
    const headers = { 'apollo-require-preflight': '1', ...(accept ? { accept } : {}) };
    const response = await get(`/graphql?query=${encodeURIComponent('{ errorCodes }')}`, headers);
    expect(await response.json()).toMatchObject({ data: { errorCodes: expect.arrayContaining(['NOT_FOUND']) } });
  });

  test('a POST is GraphQL whatever it accepts', async () => {
    const reply = await server.client().post('{"query":"{ errorCodes }"}', chromium);
    expect(reply.data.errorCodes).toContain('NOT_FOUND');
  });

  test('the page is asked for anew each time, and is not sent again while it is the same', async () => {
    const first = await get('/graphql', chromium);
    expect(first.headers.get('cache-control')).toBe('no-cache');
    // Without it, a cache could answer a client's GET with the page.
    expect(first.headers.get('vary')?.toLowerCase().split(/, */)).toContain('accept');
    // max-age=0 is what a browser sends; Node's fetch would say no-cache, which forbids a 304.
    const ifChanged = { 'if-none-match': first.headers.get('etag') ?? '', 'cache-control': 'max-age=0' };
    const again = await get('/graphql', { ...chromium, ...ifChanged });
    expect(again.status).toBe(304);
  });

  test('the page may load from this server and nowhere else, and runs no text as code', async () => {
    const policy = (await get('/graphql', chromium)).headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'; script-src 'self';");
    expect(policy).toContain("connect-src 'self'");
    expect(policy).not.toMatch(/unsafe-eval|https?:|upgrade-insecure-requests|\*/);
  });

  test('what the page names lies on this server, is kept for good, and comes compressed', async () => {
    const assets = await assetsOfPage();
    expect(assets.length).toBeGreaterThanOrEqual(3);
    for (const asset of assets) {
      expect(asset).toMatch(/^\/ide\/assets\/[\w.-]+-[\w-]{8}\.\w+$/);
      for (const encoding of ['br', 'gzip']) {
        const { headers } = await get(asset, { 'accept-encoding': encoding });
        expect(headers.get('cache-control'), asset).toBe('public, max-age=31536000, immutable');
        expect([asset, headers.get('content-encoding')]).toEqual([asset, encoding]);
      }
      const plain = await get(asset, { 'accept-encoding': 'identity' });
      expect([plain.status, plain.headers.get('content-encoding')]).toEqual([200, null]);
    }
  });

  test('there is nothing beside the assets', async () => {
    for (const path of [
      '/ide/assets/',
      '/ide/assets/nothing.js',
      '/ide/assets/../index.html',
      '/ide/',
      '/ide/built-from',
    ])
      expect([path, (await get(path)).status]).toEqual([path, 404]);
    expect((await get('/ide/assets/..%2findex.html')).status).toBeGreaterThanOrEqual(400);
  });

  test('Apollo Sandbox may call, and other sites may not', async () => {
    const allowOrigin = async (origin: string) =>
      (await get('/health', { origin })).headers.get('access-control-allow-origin');
    expect(await allowOrigin('https://studio.apollographql.com')).toBe('https://studio.apollographql.com');
    expect(await allowOrigin('http://localhost:5173')).toBe('http://localhost:5173');
    for (const origin of ['https://evil.example.com', 'https://studio.apollographql.com.evil.example.com'])
      expect([origin, await allowOrigin(origin)]).toEqual([origin, null]);
  });

  test('the operations that it starts with can be run one after the other', async () => {
    let client = server.client();
    const answers: unknown[] = [];
    for (const { query, variables = '{}' } of examples(uuidv7())) {
      const data = query.includes('\nsubscription')
        ? (await (await EventStream.open(client, JSON.parse(variables), { query })).next())?.data
        : (await client.run(query, JSON.parse(variables))).data;
      const [payload] = Object.values(data ?? {}) as { accessToken?: string }[];
      answers.push(payload);
      if (payload?.accessToken) client = client.withToken(payload.accessToken);
    }
    expect(answers).toMatchObject([
      { user: { email: 'ada@example.com' } },
      { user: { email: 'ada@example.com' } },
      { email: 'ada@example.com' },
      { task: { title: 'Buy milk', version: 1 } },
      { totalCount: 1, nodes: [{ title: 'Buy milk' }] },
      { task: { title: 'Buy oat milk', version: 2 } },
      { changes: [], cursor: expect.any(String) },
    ]);
  });
});

describe('where IDE is off', () => {
  const server = useServer({ ide: false, corsOrigins: [] });

  test('a browser at /graphql gets the error that it got before, as JSON', async () => {
    const response = await fetch(`${server.url}/graphql`, { headers: chromium });
    expect([response.status, response.headers.get('content-type')]).toEqual([400, 'application/json; charset=utf-8']);
    expect((await fetch(`${server.url}/ide/assets/`)).status).toBe(404);
  });

  test('Apollo Sandbox may not call unless CORS_ORIGINS names it', async () => {
    const response = await fetch(`${server.url}/health`, { headers: { origin: 'https://studio.apollographql.com' } });
    expect(response.headers.get('access-control-allow-origin')).toBe(null);
  });
});
