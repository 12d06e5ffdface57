import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '../..');
const documents = readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.md'))
  .map((file) => `docs/${file}`);

const linksIn = (file: string) =>
  [...readFileSync(join(root, file), 'utf8').matchAll(/\]\(([^)#\s]+)/g)].map(([, link = '']) => link);

test.each(['README.md', 'CONTRIBUTING.md', 'bench/README.md', ...documents])('%s links to files that exist', (file) => {
  const local = linksIn(file).filter((link) => !/^[a-z]+:/.test(link));
  expect(local.filter((link) => !existsSync(join(root, dirname(file), link)))).toEqual([]);
});

test.each(documents)('%s names files of the source that exist', (file) => {
  const text = readFileSync(join(root, file), 'utf8');
  const names = [...text.matchAll(/`((?:src|web\/src|tests|bin)\/[\w/.-]+\.tsx?)`/g)].map(([, name = '']) => name);
  // A recipe may change a file that one before it makes.
  const isThere = (name: string) => existsSync(join(root, name)) || text.includes(`New file **${name}**`);
  expect(names.filter((name) => !isThere(name))).toEqual([]);
});

test('the tour links to ten files of code, with at most 1,200 lines in all', () => {
  const code = new Set(linksIn('docs/tour.md').filter((link) => link.endsWith('.ts')));
  const lines = [...code].map((link) => readFileSync(join(root, 'docs', link), 'utf8').split('\n').length - 1);
  expect(code.size).toBe(10);
  expect(lines.reduce((sum, length) => sum + length, 0)).toBeLessThanOrEqual(1_200);
});
