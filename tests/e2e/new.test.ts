import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'vitest';
import { test as base, expectRefusal, repository } from '../support/program.ts';

const run = promisify(execFile);

const blankGit = { GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' };
const ada = { name: 'Ada', email: 'ada@example.com' };
const gitOfAda = {
  ...blankGit,
  ...{ GIT_AUTHOR_NAME: ada.name, GIT_AUTHOR_EMAIL: ada.email },
  ...{ GIT_COMMITTER_NAME: ada.name, GIT_COMMITTER_EMAIL: ada.email },
};

/** `make` runs the command, as Ada unless other settings of git are given, and expects that it succeeds. */
const test = base.extend('make', ({ run }) => async (args: string[], env: Record<string, string> = gitOfAda) => {
  const ending = await run(env, 'new', ...args);
  expect(ending).toMatchObject({ code: 0, stderr: '' });
  return ending.stdout;
});

function filesIn(folder: string): string[] {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return files.filter((file) => !/^\.git(\/|$)/.test(file) && statSync(join(folder, file)).isFile()).sort();
}

async function trackedFiles(): Promise<string[]> {
  const { stdout } = await run('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: repository,
  });
  return stdout.split('\0').filter((file) => file !== '' && existsSync(join(repository, file)));
}

const textIn = (folder: string, file: string): string => readFileSync(join(folder, file), 'utf8');

/** Imports and links of a file that lead to no file. */
function deadReferences(folder: string, file: string): string[] {
  const pattern = /\.(ts|tsx|js)$/.test(file) ? /(?:from|import)[ (]+'(\.[^']+)'/g : /\]\((?!https?:)([^)#\s]+)/g;
  const targets = [...textIn(folder, file).matchAll(pattern)].map(([, target = '']) => target);
  return targets.filter((target) => !existsSync(join(folder, dirname(file), target))).map((each) => `${file}: ${each}`);
}

/** Those of a project that its files do not have in the repository, where tests name files that are not there. */
function newDeadReferences(folder: string): string[] {
  const files = filesIn(folder).filter((file) => /\.(ts|tsx|js|md)$/.test(file));
  const before = files.filter((file) => file !== 'README.md').flatMap((file) => deadReferences(repository, file));
  return files.flatMap((file) => deadReferences(folder, file)).filter((reference) => !before.includes(reference));
}

const ours = [
  /^(\.ci|\.github|bench|bin\/template|docs\/images|src\/commands\/new|tests\/(image|recipes))\//,
  /^(CONTRIBUTING\.md|docs\/performance\.(md|svg))$/,
  /^tests\/(e2e\/(new|package|readme)|unit\/(links|recipes))\.test\.ts$/,
];

test('a project has the files of the repository that are not only its own, and few of them differ', async ({
  folder,
  make,
}) => {
  await make(['my-app']);
  const project = join(folder, 'my-app');
  const expected = (await trackedFiles()).filter((file) => !ours.some((pattern) => pattern.test(file)));
  expect(filesIn(project)).toEqual(expected.sort());
  expect(expected.filter((file) => textIn(project, file) !== textIn(repository, file)).sort()).toEqual([
    'CHANGELOG.md',
    'README.md',
    'bin/builds.ts',
    'compose.yaml',
    'docs/extending.md',
    'docs/hosting/kubernetes.yaml',
    'docs/hosting/todoql.service',
    'docs/running.md',
    'knip.json',
    'package-lock.json',
    'package.json',
    'src/commands/run.ts',
    'src/product-name.ts',
    'web/ide/index.html',
    'web/index.html',
    'web/src/product-name.ts',
  ]);
  expect(newDeadReferences(project)).toEqual([]);
});

test('a project has the name of its folder, is private, and keeps the licence of what it copies', async ({
  folder,
  make,
}) => {
  await make([join('products', 'my-app')]);
  const project = join(folder, 'products/my-app');
  const own = { name: 'my-app', version: '0.1.0' };
  const manifest = JSON.parse(textIn(project, 'package.json'));
  expect(manifest).toMatchObject({ ...own, private: true, bin: { 'my-app': 'dist/main.js' } });
  expect(manifest).not.toHaveProperty('license');
  expect(JSON.stringify(manifest.scripts)).not.toMatch(/bench|test:(image|recipes)/);
  const lock = JSON.parse(textIn(project, 'package-lock.json'));
  expect([lock, lock.packages['']]).toMatchObject([own, { ...own, bin: manifest.bin }]);
  expect(textIn(project, 'README.md')).toMatch(/^# my-app\n/);
  for (const file of ['src/product-name.ts', 'web/src/product-name.ts'])
    expect(textIn(project, file)).toContain(`export const productName = 'my-app';`);
  for (const file of ['web/index.html', 'web/ide/index.html'])
    expect(textIn(project, file)).toContain('<title>my-app</title>');
  expect(textIn(project, 'LICENSE')).toBe(textIn(repository, 'LICENSE'));
  expect(textIn(project, 'src/commands/run.ts')).not.toMatch(/\bnew FOLDER|'new'/);
});

test('--no-web leaves out the page, and everything that needs it', async ({ folder, make }) => {
  await make(['my-app', '--no-web']);
  const project = join(folder, 'my-app');
  const files = filesIn(project);
  expect(files.filter((file) => /^web\/|^(docs|tests)\/.*(web[.-]|browser|first-page)/.test(file))).toEqual([]);
  expect(files.filter((file) => file.startsWith('tests/integration/')).length).toBeGreaterThan(70);
  expect(newDeadReferences(project)).toEqual([]);
  const { scripts, workspaces, devDependencies } = JSON.parse(textIn(project, 'package.json'));
  expect(Object.entries(scripts).filter((script) => /\bweb\b|test:browser/.test(script.join()))).toEqual([]);
  expect([workspaces, devDependencies['playwright-core']]).toEqual([undefined, undefined]);
  const { packages } = JSON.parse(textIn(project, 'package-lock.json'));
  expect(packages[''].devDependencies).toEqual(devDependencies);
  for (const path of ['web', 'node_modules/page', 'node_modules/react', 'node_modules/graphiql'])
    expect(packages).not.toHaveProperty([path]);
  for (const name of Object.keys(devDependencies)) expect(packages).toHaveProperty([`node_modules/${name}`]);
  expect(JSON.parse(textIn(project, 'knip.json')).workspaces).toHaveProperty(['.']);
});

test('all of it is the first commit, by the user that git knows', async ({ folder, make }) => {
  expect(await make(['my-app'])).toContain('It is a git repository with one commit.\n\n  cd my-app\n');
  const git = async (...args: string[]) => (await run('git', args, { cwd: join(folder, 'my-app') })).stdout;
  expect(await git('log', '--format=%an %ae')).toBe(`${ada.name} ${ada.email}\n`);
  expect(await git('status', '--porcelain')).toBe('');
});

test('where git cannot commit, or there is none, the project is made, and says so', async ({ folder, make }) => {
  const unknown = {
    ...blankGit,
    GIT_CONFIG_COUNT: '1',
    GIT_CONFIG_KEY_0: 'user.useConfigOnly',
    GIT_CONFIG_VALUE_0: 'true',
  };
  expect(await make(['unknown-user'], unknown)).toMatch(
    /git did not commit it \(fatal: .*git commit -m "Start the project"/,
  );
  expect(await make(['no-git'], { PATH: folder })).toContain(
    'git did not make a repository of it (it is not installed).',
  );
  for (const name of ['unknown-user', 'no-git']) expect(existsSync(join(folder, name, 'package.json'))).toBe(true);
  expect(existsSync(join(folder, 'no-git/.git'))).toBe(false);
  expect(await make(['unknown-user/inner'])).toContain('part of the git repository');
  expect(existsSync(join(folder, 'unknown-user/inner/.git'))).toBe(false);
});

test.for([
  [['used'], 'used is not empty. Choose another folder.'],
  [['My App'], '"My App" cannot name a package. Choose a folder'],
  [['.git'], '".git" cannot name a package.'],
  [['node_modules'], '"node_modules" cannot name a package.'],
  [['used/file'], 'used/file cannot be written (ENOTDIR). Choose another folder.'],
  [['/proc/here/my-app'], 'my-app cannot be written (E'],
  [['used/file/my-app'], 'my-app cannot be written (ENOTDIR). Choose another folder.'],
  [['my-app', '--no-wbe'], 'does not take "--no-wbe"'],
  [[], 'needs a FOLDER'],
] as const)('new %s is refused', async ([args, problem], { folder, run }) => {
  await mkdir(join(folder, 'used'));
  await writeFile(join(folder, 'used/file'), '');
  expectRefusal(await run(gitOfAda, 'new', ...args), 2, problem);
  expect((await readdir(folder, { recursive: true })).sort()).toEqual(['used', 'used/file']);
});

/** Paths are at most 4,095 bytes: this folder can be made, and files deep in it cannot. */
function deepIn(folder: string): string {
  const length = 4_040 - folder.length;
  return `${`${'a'.repeat(200)}/`.repeat(length / 201)}${'a'.repeat(length % 201)}/my-app`;
}

test.for(['new', 'empty'])('a %s folder that cannot be filled is left as it was', async (kind, { folder, run }) => {
  const deep = deepIn(folder);
  if (kind === 'empty') await mkdir(join(folder, deep), { recursive: true });
  const before = await readdir(folder, { recursive: true });
  expectRefusal(await run(gitOfAda, 'new', deep), 1, 'cannot be written (ENAMETOOLONG). Choose another folder.');
  expect(await readdir(folder, { recursive: true })).toEqual(before);
});
