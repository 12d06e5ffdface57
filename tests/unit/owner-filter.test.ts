import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const source = join(import.meta.dirname, '../../src');
const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));

/** Without comments, the names of files, and the filters that a query may turn off. */
function bare(code: string): string {
  return code.replace(/^\s*(\/?\*|\/\/).*$|'\.\.?\/[^']+'|\bfilters: \{ (notPurged|live|recent): false \}/gm, '');
}

function filesWith(pattern: RegExp): string[] {
  return files.filter((file) => pattern.test(bare(readFileSync(join(source, file), 'utf8')))).sort();
}

const otherFilters = /\bfilters\b|\baddFilter\b/;
const otherOwner = /\bsetFilterParams\b/;
/** What of MikroORM asks no filter: its query builder, connections, SQL, and what stores rows without having found them. */
const unfiltered =
  /\.(qb|createQueryBuilder|getKysely|getConnection|getDriver|insert(Many)?|upsert(Many)?|nativeUpdate|merge)\b|\b(em|entities|fork\(\))\s*\.execute\b/;

test('no code turns the filter by owner off, gives it another owner, or goes around it', () => {
  expect(filesWith(otherFilters)).toEqual([]);
  expect(filesWith(otherOwner)).toEqual(['database/database.ts']);
  expect(filesWith(unfiltered)).toEqual([
    'database/concurrent-indexes.ts',
    'database/job-tables.ts',
    'database/migrate.ts',
    'database/require-tables.ts',
    'database/row-security.ts',
    'database/service-database.ts',
    'database/transaction-alone.ts',
    'jobs/jobs.ts',
  ]);
});

test.each([
  'em.find(Label, { id }, { filters: false })',
  'em.find(Label, { id }, { filters: { owner: false } })',
  'em.find(Label, { id }, { filters: { notPurged: false, owner: false } })',
  'em.find(Label, { id }, { lockMode, filters: {\n  owner: { id },\n} })',
  "em.find(Label, { id }, { filters: ['x'] })",
  'em.find(Label, { id }, { filters })',
  'em.find(Label, { id }, { filters: none })',
  "em.find(Label, { id }, { ['filters']: false })",
  "em.addFilter({ name: 'owner', cond: {}, entity: [Label] })",
  "em.setFilterParams('owner', { id })",
  'em.getConnection().execute(text)',
  'em.getDriver().find(Label, { id })',
  'em.getKysely().selectFrom',
  'em.execute(text)',
  'db.entities.execute(text)',
  'orm.em.fork().execute(text)',
  "em.qb(Label, 'label')",
  'em\n    .createQueryBuilder<Label>(Label)',
  'em.insert(Label, row)',
  'em.upsertMany(Label, rows)',
  'em.nativeUpdate(Label, { id }, { user })',
  'em.merge(Label, row)',
])('would find %s', (code) => {
  expect([otherFilters, otherOwner, unfiltered].some((pattern) => pattern.test(bare(code)))).toBe(true);
});

test('few files have statements that serve no user', () => {
  expect(filesWith(/\b([sS]erviceDatabase|userChanges|in(User)?Batches)\b/)).toEqual([
    'app.ts',
    'auth/account-settings.ts',
    'auth/accounts.ts',
    'auth/auth-services.ts',
    'auth/email/account-mail.ts',
    'auth/email/change-email.ts',
    'auth/email/email-tokens.ts',
    'auth/email/reset-password.ts',
    'auth/email/verify-email.ts',
    'auth/events/security-events.ts',
    'auth/passwords/credentials.ts',
    'auth/purge-expired.ts',
    'auth/sessions/refresh-session.ts',
    'auth/sessions/session.resolver.ts',
    'auth/sessions/viewers.ts',
    'auth/throttling/throttles.ts',
    'database/database.ts',
    'database/service-database.ts',
    'database/user-changes/user-changes.ts',
    'graphql/server/context.ts',
    'jobs/batches.ts',
    'jobs/boss.ts',
    'jobs/enqueue-owed.ts',
    'jobs/job.ts',
    'jobs/jobs.ts',
    'labels/purge-labels.ts',
    'live/change-hints.ts',
    'live/live-sessions.ts',
    'live/subscribers.ts',
    'records/purge-users.ts',
    'tasks/due/change-time-zone.ts',
    'tasks/trash/purge-emptied-trash.ts',
    'tasks/trash/purge-lists.ts',
    'tasks/trash/purge-trash.ts',
    'worker.ts',
  ]);
});
