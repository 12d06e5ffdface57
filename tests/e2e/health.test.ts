import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, type RequestListener } from 'node:http';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { productName } from '../../src/product-name.ts';
import { PostgresProxy } from '../support/postgres-proxy.ts';
import { expectRefusal, repository, test } from '../support/program.ts';

/** Another program than todoql, on a free port. */
async function listen(answer: RequestListener) {
  const server = createServer(answer).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const close = (): void => {
    server.close();
    server.closeAllConnections();
  };
  return { PORT: String((server.address() as { port: number }).port), close };
}

const hasIpv6 = Object.values(networkInterfaces()).some((all) => all?.some(({ address }) => address === '::1'));

test.for(['127.0.0.1', '0.0.0.0', 'localhost', ...(hasIpv6 ? ['::'] : [])])(
  'health succeeds while the server on HOST=%s is ready, and fails once it is gone',
  async (HOST, { start, run, settings }) => {
    const program = start({ ...settings, HOST, LOG_LEVEL: 'info' });
    await expect.poll(() => program.stdout).toContain('"listening"');
    const [, PORT = ''] = /"url":"http:\/\/[^"]*:(\d+)"/.exec(program.stdout) ?? [];
    const ending = await run({ ...settings, HOST, PORT }, 'health');
    expect(ending).toMatchObject({ code: 0, stderr: '' });
    expect(ending.stdout).toMatch(/^The server at http:\/\/\S+ is ready\.\n$/);
    await program.stop();
    expectRefusal(await run({ ...settings, HOST, PORT }, 'health'), 1, 'No server answers at http://', 'ECONNREFUSED');
  },
);

test('health fails while the database is silent', async ({ start, run, settings, onTestFinished }) => {
  const proxy = new PostgresProxy();
  onTestFinished(() => proxy.close());
  const env = { ...settings, DATABASE_URL: await proxy.to(settings.DATABASE_URL) };
  const { port: PORT } = new URL(await start(env).url());
  proxy.silence(true);
  expectRefusal(await run({ ...env, PORT }, 'health'), 1, 'not ready: its database does not answer');
  proxy.silence(false);
});

test('health gives a silent server five seconds', async ({ run, onTestFinished }) => {
  const { PORT, close } = await listen(() => {});
  onTestFinished(close);
  const ending = await run({ PORT }, 'health');
  expectRefusal(ending, 1, 'Nothing answered', 'within 5 seconds');
  expect(ending.milliseconds).toBeGreaterThan(4_900);
});

test('health fails where something else listens', async ({ run, onTestFinished }) => {
  const { PORT, close } = await listen((_request, response) => void response.writeHead(404).end());
  onTestFinished(close);
  expectRefusal(await run({ PORT }, 'health'), 1, `http://127.0.0.1:${PORT} is not ${productName}`, '404');
});

test('health does not guess a port', async ({ run }) => {
  expectRefusal(await run({ PORT: '0' }, 'health'), 1, 'PORT=0');
});

test('health loads little, because containers run it every few seconds', async () => {
  const loaded = new Map<string, string>();
  const load = async (file: string): Promise<void> => {
    if (loaded.has(file)) return;
    const code = await readFile(join(repository, 'dist', file), 'utf8');
    loaded.set(file, code);
    for (const [, chunk = ''] of code.matchAll(/^import (?:.* from )?"\.\/(.+)";$/gm)) await load(`server/${chunk}`);
  };
  for (const file of ['main.js', 'server/run.js', 'server/health.js']) await load(file);
  const code = [...loaded.values()].join('');
  // Of what it imports, whichever file the build puts it in.
  expect(code).toContain('name = "StartError"');
  expect(code.length).toBeLessThan(60_000);
});
