import { expect, test } from 'vitest';
import type { Orm } from '../../src/database/orm.ts';
import { memberRole } from '../../src/database/row-security.ts';

function roleFor(dbName: string, schema: string): string {
  // All that it reads.
  const orm = { config: new Map(Object.entries({ dbName, schema })) };
  return memberRole(orm as unknown as Orm);
}

test('the role of users is named after database and schema', () => {
  expect(roleFor('todoql_2', 'public')).toBe('todoql_2_public_member');
});

test('no two databases have the same role of users', () => {
  const long = 'x'.repeat(62);
  const places = [
    ['a_b', 'c'],
    ['a', 'b_c'],
    [`${long}y`, 'public'],
    [`${long}z`, 'public'],
  ] as const;
  expect(new Set(places.map(([database, schema]) => roleFor(database, schema)))).toHaveProperty('size', places.length);
});

test('PostgreSQL takes the name of the role, whatever that of the database', () => {
  expect(roleFor('pg_tasks', 'public')).not.toMatch(/^pg_/);
  expect(roleFor('x'.repeat(63), 'public').length).toBeLessThanOrEqual(63);
});
