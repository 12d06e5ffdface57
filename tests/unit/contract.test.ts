import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSchema, findBreakingChanges } from 'graphql';
import { expect, test } from 'vitest';

const text = (path: string) => readFileSync(join(import.meta.dirname, '../..', path), 'utf8');
const brokenSince = (path: string) =>
  findBreakingChanges(buildSchema(text(path)), buildSchema(text('schema.graphql'))).map(
    ({ description }) => description,
  );

test('schema.graphql holds what clients were promised, name for name and type for type', () => {
  expect(brokenSince('tests/contract.graphql')).toEqual([]);
});

test('CHANGELOG.md declares, word for word, each change that breaks clients of the last release', () => {
  const [, unreleased = ''] = text('CHANGELOG.md').split(/^## /m);
  expect(unreleased).toMatch(/^Unreleased/);
  expect(brokenSince('tests/released.graphql').filter((change) => !unreleased.includes(change))).toEqual([]);
});

test('tests/released.graphql is the schema of the last release in CHANGELOG.md', () => {
  const [, version = ''] = /^## (\d.*?) - /m.exec(text('CHANGELOG.md')) ?? [];
  expect(text('tests/released.graphql')).toMatch(new RegExp(`^# .* of the last release, ${version}`));
});
