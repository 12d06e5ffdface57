import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSchema, findBreakingChanges } from 'graphql';
import { expect, test } from 'vitest';

const read = (path: string) => buildSchema(readFileSync(join(import.meta.dirname, '../..', path), 'utf8'));

test('schema.graphql holds what clients were promised, name for name and type for type', () => {
  const changes = findBreakingChanges(read('tests/contract.graphql'), read('schema.graphql'));
  expect(changes.map(({ description }) => description)).toEqual([]);
});
