import type { CompiledQuery } from 'kysely';
import { expect, test } from 'vitest';
import { Statements } from '../../src/database/statements.ts';

/** A query of so many characters. */
function queryOf(characters: number) {
  const sql = 'x'.repeat(characters);
  return () => ({ compile: () => ({ sql, parameters: [] }) as unknown as CompiledQuery<object> });
}

const nameOf = (statements: Statements, cacheKey: string, owner: string, characters = 1_000) =>
  statements.query(cacheKey, queryOf(characters), { owner }).name;

test('a query is prepared under a unique name, and built only once', () => {
  const statements = new Statements(true);
  const one = statements.query('one', queryOf(10), {});
  const other = statements.query('other', queryOf(10), {});
  expect(one.name).toBeTypeOf('string');
  expect(other.name).not.toBe(one.name);
  expect(statements.query('one', queryOf(20), {})).toEqual(one);
});

test('what several users ask for stays, whatever one of them varies, however often', () => {
  const statements = new Statements(true);
  const shared = Array.from({ length: 100 }, (_, index) => `shared ${index}`);
  const names = shared.map((cacheKey) => nameOf(statements, cacheKey, 'ada'));
  for (const cacheKey of shared) nameOf(statements, cacheKey, 'bob');
  for (let round = 0; round < 3; round++) {
    for (let count = 0; count < 5_000; count++) {
      for (let again = 0; again < 3; again++) nameOf(statements, `own ${count}`, 'mallory');
    }
  }
  expect(shared.map((cacheKey) => nameOf(statements, cacheKey, 'ada'))).toEqual(names);
});

test.each([
  ['by one user', ['ada', 'ada']],
  ['by several', ['ada', 'bob']],
])('what is used least recently goes first: %s', (_how, owners) => {
  const statements = new Statements(true);
  const use = (cacheKey: string) => owners.map((owner) => nameOf(statements, cacheKey, owner)).at(-1);
  const [often, once] = [use('often'), use('once')];
  for (let count = 0; count < 2_000; count++) {
    use(`${count}`);
    use('often');
  }
  expect(use('often')).toBe(often);
  expect(use('once')).not.toBe(once);
  expect(statements.isKept(`${often}`)).toBe(true);
  expect(statements.isKept(`${once}`)).toBe(false);
});

test('no more is kept than half a million characters of texts, and a very long one is not prepared', () => {
  const statements = new Statements(true);
  const names = new Set<string>();
  for (let count = 0; count < 3_000; count++) {
    for (const owner of ['ada', count % 2 === 0 ? 'bob' : 'ada']) names.add(`${nameOf(statements, `${count}`, owner)}`);
  }
  const kept = [...names].filter((name) => statements.isKept(name));
  expect(kept.length).toBeLessThanOrEqual(500);
  expect(kept.length).toBeGreaterThan(450);
  expect(statements.evicted).toBe(names.size - kept.length);
  expect(nameOf(statements, 'long', 'ada', 60_000)).toBeUndefined();
});

test('no two instances give their statements the same name', () => {
  expect(nameOf(new Statements(true), 'one', 'ada')).not.toBe(nameOf(new Statements(true), 'one', 'ada'));
});

test('nothing is prepared behind a pooler that passes no named statements on', () => {
  expect(new Statements(false).query('one', queryOf(10), {}).name).toBeUndefined();
});
