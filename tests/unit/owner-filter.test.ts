import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const source = join(import.meta.dirname, '../../src');
const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));

function filesWith(pattern: RegExp): string[] {
  return files.filter((file) => pattern.test(readFileSync(join(source, file), 'utf8'))).sort();
}

test('no code turns the filter by owner off, or gives it another owner', () => {
  expect(filesWith(/\bfilters\s*:\s*(false|\[|\{[^}]*owner)|\bfilters[,\s]*[}]/)).toEqual([]);
  expect(filesWith(/setFilterParams/)).toEqual(['database/database.ts']);
});

test('few files have statements that serve no user', () => {
  expect(filesWith(/\.asService\b/)).toEqual([
    'app.ts',
    'auth/accounts.ts',
    'auth/credentials.ts',
    'auth/purge-accounts.ts',
    'auth/refresh-session.ts',
    'auth/security-events.ts',
    'auth/throttles.ts',
    'auth/viewers.ts',
    'database/database.ts',
    'labels/purge-labels.ts',
    'tasks/change-time-zone.ts',
    'tasks/purge-lists.ts',
    'tasks/purge-trash.ts',
    'users/purge-users.ts',
  ]);
});
