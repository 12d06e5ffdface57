import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { expect, test } from 'vitest';

const ground = ['observability', 'config.ts', 'errors.ts', 'viewer.ts', 'product-name.ts'];
const graphql = ['graphql', 'jobs', 'mail', 'database', ...ground];
const read = ['read', ...graphql];
const records = ['records', 'users', ...read];
/** The rooms of features, and the features that each may import from. */
const features: Record<string, readonly string[]> = {
  auth: [],
  labels: [],
  lists: [],
  tasks: ['lists', 'labels'],
};
const featureRooms = Object.keys(features);
const allFeatures = [...featureRooms, 'live', ...records];

/** Each room and the rooms that it may import from, besides itself: whatever is not listed points up. */
const allowed: Record<string, readonly string[]> = {
  'errors.ts': [],
  'viewer.ts': [],
  'product-name.ts': [],
  'setting-values.ts': [],
  settings: ['product-name.ts'],
  'config.ts': ['setting-values.ts', 'settings', 'product-name.ts', 'errors.ts'],
  observability: ['config.ts', 'errors.ts'],
  database: ['settings', ...ground],
  mail: ['settings', ...ground],
  jobs: ['database', ...ground],
  graphql: ['jobs', 'database', ...ground],
  read: graphql,
  users: read,
  live: read,
  records: ['users', ...read],
  ...Object.fromEntries(featureRooms.map((name) => [name, [...(features[name] ?? []), ...records]])),
  'records.ts': [...featureRooms, 'records', 'users'],
  http: ['live', ...graphql],
  'schema.ts': ['records.ts', 'live', ...allFeatures],
  'all-jobs.ts': allFeatures,
  'worker.ts': ['all-jobs.ts', 'settings', ...allFeatures],
  'app.ts': ['worker.ts', 'schema.ts', 'http', 'live', 'settings', ...allFeatures],
  commands: ['app.ts', 'worker.ts', 'schema.ts', 'http', 'settings', 'setting-values.ts', ...allFeatures],
  'main.ts': ['commands'],
};

// The one list of records names all features to what is below them.
const exceptions = new Set(['database/orm.ts → records.ts']);

const source = join(import.meta.dirname, '../../src');
const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
const room = (file: string): string => file.split('/')[0] ?? '';
const textOf = (file: string): string => readFileSync(join(source, file), 'utf8');

function importsOf(file: string): string[] {
  const specifiers = [...textOf(file).matchAll(/(?:from|import\()\s*'(\.[^']+)'/g)].map((match) => match[1] ?? '');
  return specifiers.map((specifier) => normalize(join(dirname(file), specifier)));
}

test('every file lies in a known room', () => {
  const unknown = new Set(files.map(room).filter((name) => !(name in allowed)));
  expect([...unknown], 'A folder of src/ needs a line in this file: a feature in `features`').toEqual([]);
});

test('imports point down only', () => {
  const upward = files.flatMap((file) =>
    importsOf(file)
      .map(room)
      .filter((target) => target !== room(file) && !allowed[room(file)]?.includes(target))
      .map((target) => `${file} → ${target}`),
  );
  expect(upward.filter((arrow) => !exceptions.has(arrow))).toEqual([]);
});

test('only config.ts reads the environment', () => {
  const readers = files.filter((file) => textOf(file).includes('process.env'));
  expect(readers).toEqual(['config.ts']);
});

test('graphql/ knows no SQL', () => {
  const writers = files.filter((file) => room(file) === 'graphql' && /from 'kysely|\bsql`/.test(textOf(file)));
  expect(writers).toEqual([]);
});

test('no folder has more than 16 files side by side', () => {
  const folders = Map.groupBy(files, (file) => dirname(file));
  folders.delete('database/migrations');
  expect([...folders].filter(([, { length }]) => length > 16).map(([folder]) => folder)).toEqual([]);
});
