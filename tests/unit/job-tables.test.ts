import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { jobTablesVersion } from '../../src/database/job-tables.ts';

test('the job tables are those of the installed pg-boss', () => {
  const { pgboss } = JSON.parse(readFileSync('node_modules/pg-boss/package.json', 'utf8'));
  expect(jobTablesVersion).toBe(pgboss.schema);
});
