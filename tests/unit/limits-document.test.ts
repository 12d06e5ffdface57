import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { limits } from '../../src/graphql/checks/limits.ts';
import { formatInteger } from '../../src/graphql/format-integer.ts';

const text = readFileSync(join(import.meta.dirname, '../../docs/security.md'), 'utf8');

/** The beginning of each row. */
const rows: Record<Exclude<keyof typeof limits, 'validationErrors'>, string> = {
  characters: 'characters of a document',
  marks: 'comments, escape sequences',
  tokens: 'tokens of a document',
  selections: 'fields and fragments that',
  comparisons: 'pairs of fields',
  operations: 'operations of a document',
  fragments: 'fragments of a document',
  variables: 'variables of a document',
  name: 'characters of a name',
  depth: 'depth of fields',
  introspectionDepth: 'depth below',
  aliases: 'aliases',
  rootFields: 'root fields',
  directives: 'directives',
  cost: 'cost',
  variablesDepth: 'nesting of variables',
  variableValues: 'values in the variables',
  operationName: 'operation name',
};

test.each(Object.entries(rows))('docs/security.md gives the limit of %s', (name, row) => {
  const [, limit] = new RegExp(`^\\| ${row}[^|]*\\| ([\\d,]+)`, 'm').exec(text) ?? [];
  expect(limit).toBe(formatInteger(limits[name as keyof typeof rows]));
});
