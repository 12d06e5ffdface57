import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '../..');
const read = (path: string) => readFileSync(join(root, path), 'utf8');
const text = read('docs/asvs.md');

/** The items of chapters V6 to V9 by level, from the list that OWASP released with version 5.0.0. Level 3 is left out. */
const items: Readonly<Record<string, string>> = {
  1: `6.1.1 6.2.1 6.2.2 6.2.3 6.2.4 6.2.5 6.2.6 6.2.7 6.2.8 6.3.1 6.3.2 6.4.1 6.4.2
    7.2.1 7.2.2 7.2.3 7.2.4 7.4.1 7.4.2 8.1.1 8.2.1 8.2.2 8.3.1 9.1.1 9.1.2 9.1.3 9.2.1`,
  2: `6.1.2 6.1.3 6.2.9 6.2.10 6.2.11 6.2.12 6.3.3 6.3.4 6.4.3 6.4.4 6.5.1 6.5.2 6.5.3 6.5.4 6.5.5 6.6.1 6.6.2 6.6.3
    6.8.1 6.8.2 6.8.3 6.8.4 7.1.1 7.1.2 7.1.3 7.3.1 7.3.2 7.4.3 7.4.4 7.4.5 7.5.1 7.5.2 7.6.1 7.6.2
    8.1.2 8.2.3 8.4.1 9.2.2 9.2.3 9.2.4`,
};

const rows = [...text.matchAll(/^\| ([\d., ]+) \| (\d) \| ([^|]+) \| ([^|]+) \|$/gm)].map(
  ([, numbers = '', level = '', asks = '', verdict = '']) => ({ numbers: numbers.split(', '), level, asks, verdict }),
);

test('docs/asvs.md has each item of levels 1 and 2 once, in order, with its level', () => {
  const listed = rows.flatMap(({ numbers, level }) => numbers.map((number) => `${number} at ${level}`));
  const expected = Object.entries(items).flatMap(([level, numbers]) =>
    numbers.split(/\s+/).map((number) => `${number} at ${level}`),
  );
  expect(listed).toEqual(expected.sort(new Intl.Collator('en', { numeric: true }).compare));
});

test('each line of its tables is an item', () => {
  const lines = text.split('\n').filter((line) => line.startsWith('|') && !/^\| (item|---) /.test(line));
  expect(lines).toHaveLength(rows.length);
});

/** What of the document names tests: a file, then a title in it, then further titles or names of cases. */
function evidenceOf(verdict: string) {
  const parts = verdict.matchAll(/`(tests\/[\w/.-]+)`((?:,? “[^”]+”)+)/g);
  return [...parts].map(([, file = '', names = '']) => ({
    file,
    names: [...names.matchAll(/“([^”]+)”/g)].map(([, name = '']) => name),
  }));
}

const verdictOf = (verdict: string) => /^\*\*(holds|does not apply|does not hold)\*\*/.exec(verdict)?.[1];

test.each(rows)('the verdict on $numbers has its test or its reason', ({ verdict }) => {
  const evidence = evidenceOf(verdict);
  if (verdictOf(verdict) === 'holds') expect(evidence.length).toBeGreaterThan(0);
  else expect(verdict).toMatch(/^\*\*does not (apply|hold)\*\*.*: \S.{20}/);
  // Every file of tests that it mentions is followed by a title.
  expect(evidence.map(({ file }) => file)).toEqual([...verdict.matchAll(/`(tests\/[^`]+)`/g)].map(([, file]) => file));
});

const named = rows.flatMap(({ numbers, verdict }) =>
  evidenceOf(verdict).map(({ file, names }) => ({ numbers, file, names })),
);
// The page, and what tests it, may be left out.
const present = existsSync(join(root, 'web')) ? named : named.filter(({ file }) => !file.startsWith('tests/browser/'));

const literal = (name: string) => `(['"\`])${name.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')}\\1`;

test.each(present)('$file has the tests that are named for $numbers', ({ file, names }) => {
  const source = read(file);
  const isTitle = (name: string) => new RegExp(`\\(\\s*${literal(name)},`).test(source);
  const isCase = (name: string) => new RegExp(`\\[\\s*${literal(name)}`).test(source);
  expect(names.slice(0, 1).filter((name) => !isTitle(name))).toEqual([]);
  expect(names.slice(1).filter((name) => !isTitle(name) && !isCase(name))).toEqual([]);
});

test('its introduction counts the items and verdicts', () => {
  const count = (wanted?: string) =>
    rows
      .filter(({ verdict }) => !wanted || verdictOf(verdict) === wanted)
      .reduce((sum, row) => sum + row.numbers.length, 0);
  const counts = [count(), count('holds'), count('does not apply'), count('does not hold')];
  const [, ...said] =
    /Of (\d+) items, (\d+) hold,[^.]*; (\d+) do not apply, and\s+(\d+) do not hold\./.exec(text) ?? [];
  expect(said.map(Number)).toEqual(counts);
});
