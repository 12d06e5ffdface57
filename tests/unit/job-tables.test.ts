import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { jobsSchema, jobTablesVersion } from '../../src/database/job-tables.ts';

test('the job tables are those of the installed pg-boss', () => {
  const { pgboss } = JSON.parse(readFileSync('node_modules/pg-boss/package.json', 'utf8'));
  expect(jobTablesVersion).toBe(pgboss.schema);
});

test.each(['a"b', 'john.doe', '100%', 'my$app', 'back\\slash', 'x'.repeat(60)])(
  'a schema whose name pg-boss does not take, %s, has job tables of its own all the same',
  (schema) => {
    expect(jobsSchema(schema)).toMatch(/^jobs_[\da-f]{16}$/);
    expect(jobsSchema(`${schema}x`)).not.toBe(jobsSchema(schema));
  },
);
