import type { CompiledQuery } from 'kysely';
import { expect, test } from 'vitest';
import { Statements } from '../../src/database/statements.ts';

/** A query of so many characters. */
function queryOf(characters: number) {
  const sql = 'x'.repeat(characters);
  return () => ({ compile: () => ({ sql, parameters: [] }) as unknown as CompiledQuery<object> });
}

test('a query is prepared under a name of its own, and not built again', () => {
  const statements = new Statements(true);
  const one = statements.query('one', queryOf(10), {});
  const other = statements.query('other', queryOf(10), {});
  expect(one.name).toBeTypeOf('string');
  expect(other.name).not.toBe(one.name);
  expect(statements.query('one', queryOf(20), {})).toEqual(one);
});

test('no more is prepared than a million characters of texts, so that the memory of connections does not grow', () => {
  const statements = new Statements(true);
  const large = Array.from({ length: 12 }, (_, index) => statements.query(`${index}`, queryOf(99_000), {}));
  expect(large.map(({ name }) => name !== undefined)).toEqual([...Array(10).fill(true), false, false]);
  expect(statements.query('small', queryOf(500), {}).name).toBeTypeOf('string');
  expect(statements.query('0', queryOf(1), {})).toEqual(large[0]);
});

test('nothing is prepared behind a pooler that passes no named statements on', () => {
  expect(new Statements(false).query('one', queryOf(10), {}).name).toBeUndefined();
});
