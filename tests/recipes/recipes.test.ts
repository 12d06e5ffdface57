import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { applyStep, recipesIn } from './recipe.ts';

const repository = join(import.meta.dirname, '../..');
const recipes = recipesIn(await readFile(join(repository, 'docs/extending.md'), 'utf8'));

/** How many files of src/ each recipe edits at most, and what folder or file it may add. */
const promises: Record<string, { readonly edited: number; readonly added?: string }> = {
  'A nullable scalar on Task': { edited: 2 },
  'A filter of tasks': { edited: 2 },
  'An order of tasks': { edited: 2 },
  'An entity': { edited: 2, added: 'src/goals/' },
  'Comments below tasks, with pages and trash': { edited: 2, added: 'src/comments/' },
  'A job': { edited: 2, added: 'src/goals/' },
  'A way to authenticate': { edited: 1, added: 'src/auth/tokens/company-tokens.ts' },
};

/** Milliseconds: it builds, generates and starts a database. */
const timeout = 900_000;

/** What is said before anything is generated. */
const stale = /run: npm run schema\n.*run: npx mikro-orm migration:create\n/s;

let folder: string;

/** Runs a command as at a terminal in the copy of the repository. */
async function run(command: string): Promise<string> {
  const bin = join(folder, 'node_modules/.bin');
  const { HOME, TMPDIR } = process.env;
  const env = { HOME, TMPDIR, PATH: `${bin}:${process.env.PATH}`, TEST_DATABASE_URL: inject('adminUrl') };
  const options = { cwd: folder, env, maxBuffer: 10_000_000 };
  const ran = await promisify(execFile)('bash', ['-e', '-c', command], options).catch((error) => {
    throw new Error(`${command}\n${error.stdout}\n${error.stderr}`);
  });
  return ran.stdout;
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'todoql-recipes-'));
  const listed = 'git ls-files --cached --others --exclude-standard -z';
  const { stdout } = await promisify(execFile)('bash', ['-c', listed], { cwd: repository, maxBuffer: 10_000_000 });
  const files = stdout.split('\0').filter((file) => file !== '');
  for (const file of files) await cp(join(repository, file), join(folder, file));
  // What the page is built from stays the same, so that only the server is built again.
  await cp(join(repository, 'dist'), join(folder, 'dist'), { recursive: true });
  await symlink(join(repository, 'node_modules'), join(folder, 'node_modules'));
});

afterAll(() => rm(folder, { recursive: true }));

test('each recipe is a promise, and each promise a recipe', () => {
  expect(recipes.map(({ title }) => title)).toEqual(Object.keys(promises));
});

// One after the other: a filter needs the field that it is about.
test.each(recipes)('$title', { timeout }, async ({ title, steps }) => {
  const files = steps.filter((step) => step.kind !== 'sh');
  const sources = files.filter(({ file }) => !file.startsWith('tests/'));
  const { edited = 0, added = '' } = promises[title] ?? {};
  expect(sources.filter(({ kind }) => kind === 'diff').length).toBeLessThanOrEqual(edited);
  expect(sources.filter(({ kind, file }) => kind === 'ts' && !(added && file.startsWith(added)))).toEqual([]);
  expect(steps.at(-1)?.code).toContain('npx vitest run tests/integration/');
  for (const step of files) await applyStep(folder, step);
  if (title === recipes[0]?.title) await expect(run('npm run --silent fresh')).rejects.toThrow(stale);
  for (const step of steps) if (step.kind === 'sh') await run(step.code);
});

test('what the recipes have made passes the checks', { timeout }, async () => {
  const changed = recipes.flatMap(({ steps }) => steps.flatMap((step) => (step.kind === 'sh' ? [] : [step.file])));
  await run(`npx biome check ${[...new Set(changed)].join(' ')}`);
  await run('npm run --silent fresh && npx tsc -p tsconfig.json');
  await run('npx vitest run tests/unit/{contract,imports,migrations,readable,schema}.test.ts');
});
