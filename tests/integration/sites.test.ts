import { cp, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fastify } from 'fastify';
import { beforeAll, expect, onTestFinished, test } from 'vitest';
import { addSite, builtSites } from '../../src/http/site.ts';
import { createLogger } from '../../src/observability/logger.ts';
import { LogSink } from '../support/server.ts';
import { buildSites } from '../support/sites.ts';

beforeAll(buildSites);

/** What a server says that is to serve a copy of the page after something was done to it. */
async function logOf(spoil: (folder: string) => Promise<void>): Promise<{ isServed: boolean; logged: string }> {
  const parent = await mkdtemp(join(tmpdir(), 'todoql-site-'));
  onTestFinished(() => rm(parent, { recursive: true }));
  const folder = join(parent, 'web');
  await cp(join(builtSites, 'web'), folder, { recursive: true });
  await spoil(folder);
  const sink = new LogSink();
  const site = { name: 'page', folder, assetsPath: '/assets/', contentSecurityPolicy: '' };
  const isServed = addSite(fastify(), createLogger('warn', sink), site, () => {});
  return { isServed, logged: sink.text };
}

/** Not even root reads what is a link to itself. */
async function makeUnreadable(path: string): Promise<void> {
  await rm(path, { recursive: true });
  await symlink(path, path);
}

test('a page that is there is served, without a word', async () => {
  expect(await logOf(async () => {})).toEqual({ isServed: true, logged: '' });
});

test.each(['', 'index.html', 'assets'])('a page without /%s is one that was not built', async (file) => {
  const { isServed, logged } = await logOf((folder) => rm(join(folder, file), { recursive: true }));
  expect(isServed).toBe(false);
  expect(logged).toContain('the page has not been built: run npm run build');
});

test.each(['', 'index.html', 'assets'])('a page whose /%s cannot be read is not told to be built', async (file) => {
  const { isServed, logged } = await logOf((folder) => makeUnreadable(join(folder, file)));
  expect(isServed).toBe(false);
  expect(logged).toMatch(/the page cannot be read \(ELOOP\): .*web/);
  expect(logged).not.toContain('npm run build');
});
