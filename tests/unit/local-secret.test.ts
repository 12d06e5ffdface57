import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { localSecret } from '../../src/settings/local-secret.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'todoql-secret-'));
});
afterEach(() => rm(folder, { recursive: true }));

test('the local secret is made once and kept, for its owner alone', async () => {
  const secret = await localSecret(join(folder, 'new'));
  expect(Buffer.from(secret, 'base64')).toHaveLength(48);
  expect(await localSecret(join(folder, 'new'))).toBe(secret);
  expect((await stat(join(folder, 'new', 'jwt-secret'))).mode & 0o777).toBe(0o600);
});

test('simultaneous first starts get the same secret and leave nothing else behind', async () => {
  const secrets = await Promise.all(Array.from({ length: 20 }, () => localSecret(folder)));
  expect(new Set(secrets).size).toBe(1);
  expect(await readdir(folder)).toEqual(['jwt-secret']);
});

test.each(['', 'c2hvcnQ='])('a damaged secret (%j) is replaced rather than used', async (damaged) => {
  await writeFile(join(folder, 'jwt-secret'), damaged);
  const secret = await localSecret(folder);
  expect(Buffer.from(secret, 'base64')).toHaveLength(48);
  expect(await readFile(join(folder, 'jwt-secret'), 'utf8')).toBe(secret);
});
