import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const docs = join(import.meta.dirname, '../../docs');
const page = await readFile(join(docs, 'clients.md'), 'utf8');
/** File and text of each code block that names one. */
const blocks = new Map(
  [...page.matchAll(/^```\w+ file=(\S+)\n(.*?)^```$/gms)].map(([, file = '', text = '']) => [file, text]),
);

test('docs/clients.md shows every file of docs/clients', async () => {
  const entries = await readdir(join(docs, 'clients'), { withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map(({ name }) => `clients/${name}`);
  expect([...blocks.keys()].sort()).toEqual(files.sort());
});

test.for([...blocks])('docs/clients.md shows %s as the tests run it', async ([file, text]) => {
  expect(text).toBe(await readFile(join(docs, file), 'utf8'));
});
