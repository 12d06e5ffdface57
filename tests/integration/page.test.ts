import { beforeAll, describe, expect, test } from 'vitest';
import { useServer } from '../support/server.ts';
import { buildSites } from '../support/sites.ts';

const chromium = { accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8' };

// Ahead of the servers, which look once, at their start.
beforeAll(buildSites);

describe('where WEB is on', () => {
  const server = useServer({ web: true });
  const get = (path: string, headers: Record<string, string> = {}, method = 'GET') =>
    fetch(`${server.url}${path}`, { headers, method });

  /** Addresses that the page names. */
  async function filesOfPage(): Promise<string[]> {
    const html = await (await get('/', chromium)).text();
    return [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map((match) => match[1] ?? '');
  }

  async function expectNothingThere(response: Response): Promise<void> {
    expect([response.url, response.status]).toEqual([response.url, 404]);
    const body = (await response.json()) as { errors: { extensions: unknown }[] };
    expect(body.errors[0]?.extensions).toMatchObject({ code: 'NOT_FOUND' });
  }

  test.each([
    ['a browser', chromium],
    ['anybody', {}],
  ])('%s gets the page at /', async (_name, headers) => {
    const response = await get('/', headers);
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    expect(await response.text()).toContain('<div id="page">');
  });

  test.each(['/lists/01a1fd89-61d9-7610-bcdf-7f212950f24f', '/sign-in', '/today/', '/search?q=v1.5', '/healthy'])(
    'a browser that loads %s gets the page, which shows that view',
    async (path) => {
      const response = await get(path, chromium);
      expect([response.status, await response.text()]).toEqual([200, await (await get('/')).text()]);
      // Without it, a cache could answer a program with the page.
      expect(response.headers.get('vary')).toMatch(/\baccept\b(?!-)/);
      const head = await get(path, chromium, 'HEAD');
      expect([head.status, await head.text()]).toEqual([200, '']);
    },
  );

  test('a program still gets JSON at any address but /', async () => {
    for (const accept of ['*/*', 'application/json', 'application/json, text/html'])
      await expectNothingThere(await get('/today', { accept }));
    for (const method of ['POST', 'PUT', 'DELETE']) await expectNothingThere(await get('/today', chromium, method));
  });

  test('a browser gets no page at an address of the API or of a file', async () => {
    for (const path of ['/graphql/x', '/health/x', '/ide/', '/ide/assets/x', '/assets', '/nothing.txt', '/.env'])
      await expectNothingThere(await get(path, chromium));
    expect(await (await get('/health', chromium)).json()).toEqual({ status: 'ok' });
    expect((await get('/graphql', chromium)).status).toBe(400);
    const reply = await server.client().post('{"query":"{ errorCodes }"}', chromium);
    expect(reply.data.errorCodes).toContain('NOT_FOUND');
  });

  test('the page is asked for anew each time, and is not sent again while it is the same', async () => {
    for (const path of ['/', '/today', '/theme.js']) {
      const first = await get(path, chromium);
      expect([path, first.headers.get('cache-control')]).toEqual([path, 'no-cache']);
      // max-age=0 is what a browser sends; Node's fetch would say no-cache, which forbids a 304.
      const ifChanged = { 'if-none-match': first.headers.get('etag') ?? '', 'cache-control': 'max-age=0' };
      expect([path, (await get(path, { ...chromium, ...ifChanged })).status]).toEqual([path, 304]);
    }
  });

  test('the page may load from this server and nowhere else, and runs no text as code', async () => {
    for (const path of ['/', '/today', ...(await filesOfPage())]) {
      const { headers } = await get(path, chromium);
      const policy = headers.get('content-security-policy') ?? '';
      expect(policy, path).toContain("default-src 'none'; script-src 'self'; style-src 'self';");
      expect(policy, path).toContain("frame-ancestors 'none'");
      expect(policy, path).not.toMatch(/unsafe-|https?:|upgrade-insecure-requests|\*/);
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('referrer-policy')).toBe('no-referrer');
      expect(headers.get('cross-origin-opener-policy')).toBe('same-origin');
    }
  });

  test('what the page names lies on this server, and comes compressed', async () => {
    const files = await filesOfPage();
    expect(files.length).toBeGreaterThanOrEqual(3);
    for (const file of files) {
      expect(file).toMatch(/^\/(assets\/[\w.-]+-[\w-]{8}|[\w-]+)\.\w+$/);
      const isHashed = file.startsWith('/assets/');
      for (const encoding of ['br', 'gzip']) {
        const { headers } = await get(file, { 'accept-encoding': encoding });
        expect([file, headers.get('content-encoding')]).toEqual([file, encoding]);
        expect(headers.get('cache-control'), file).toBe(isHashed ? 'public, max-age=31536000, immutable' : 'no-cache');
      }
      const plain = await get(file, { 'accept-encoding': 'identity' });
      expect([plain.status, plain.headers.get('content-encoding')]).toEqual([200, null]);
    }
  });

  test('there is nothing beside them', async () => {
    const paths = ['/assets/', '/assets/nothing.js', '/built-from', '/index.html.br', '/theme.js.gz'];
    for (const path of paths) await expectNothingThere(await get(path));
    for (const path of ['/assets/..%2findex.html', '/..%2fide/index.html', '/%2e%2e/main.js'])
      expect((await get(path)).status, path).toBeGreaterThanOrEqual(400);
  });
});

describe('where WEB is off', () => {
  const server = useServer({ web: false });

  test('a browser gets the JSON that it got before', async () => {
    for (const path of ['/', '/today', '/theme.js', '/assets/'])
      expect([path, (await fetch(`${server.url}${path}`, { headers: chromium })).status]).toEqual([path, 404]);
  });
});
