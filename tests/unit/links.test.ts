import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '../..');
const documents = readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.md'))
  .map((file) => `docs/${file}`);

test.each(['README.md', 'CONTRIBUTING.md', 'bench/README.md', ...documents])('%s links to files that exist', (file) => {
  const links = [...readFileSync(join(root, file), 'utf8').matchAll(/\]\(([^)#\s]+)/g)].map(([, link = '']) => link);
  const local = links.filter((link) => !/^[a-z]+:/.test(link));
  expect(local.filter((link) => !existsSync(join(root, dirname(file), link)))).toEqual([]);
});
