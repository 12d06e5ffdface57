import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { expect, test } from 'vitest';

/** Each room and the rooms that it may import from, besides itself. What is not listed here is an arrow that points up. */
const graphqlAndBelow = ['graphql', 'jobs', 'database', 'observability', 'errors', 'config', 'viewer'];
const allowed: Record<string, readonly string[]> = {
  errors: [],
  viewer: [],
  'setting-values': [],
  settings: [],
  config: ['setting-values', 'settings', 'errors'],
  observability: ['config', 'errors'],
  database: ['observability', 'config', 'errors', 'viewer'],
  jobs: ['database', 'observability', 'config', 'errors'],
  graphql: ['jobs', 'database', 'observability', 'config', 'errors', 'viewer'],
  users: graphqlAndBelow,
  auth: ['users', ...graphqlAndBelow],
  lists: ['users', ...graphqlAndBelow],
  labels: ['users', ...graphqlAndBelow],
  tasks: ['lists', 'labels', 'users', ...graphqlAndBelow],
  http: graphqlAndBelow,
  records: ['auth', 'users', 'lists', 'labels', 'tasks'],
  schema: ['auth', 'users', 'lists', 'labels', 'tasks', ...graphqlAndBelow],
  app: ['schema', 'http', 'auth', 'users', 'lists', 'labels', 'tasks', ...graphqlAndBelow],
  commands: ['app', 'schema', 'http', 'auth', 'users', 'lists', 'labels', 'tasks', ...graphqlAndBelow],
  main: ['commands'],
};

// The one list of records names all features to what is below them.
const exceptions = new Set(['database/orm.ts → records']);

const source = join(import.meta.dirname, '../../src');
const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
const room = (file: string): string => (file.split('/')[0] ?? '').replace(/\.ts$/, '');

function importsOf(file: string): string[] {
  const text = readFileSync(join(source, file), 'utf8');
  const specifiers = [...text.matchAll(/(?:from|import\()\s*'(\.[^']+)'/g)].map((match) => match[1] ?? '');
  return specifiers.map((specifier) => normalize(join(dirname(file), specifier)));
}

test('every file lies in a known room', () => {
  expect(files.map(room).filter((name) => !(name in allowed))).toEqual([]);
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
  const readers = files.filter((file) => readFileSync(join(source, file), 'utf8').includes('process.env'));
  expect(readers).toEqual(['config.ts']);
});
