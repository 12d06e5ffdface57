import { execFile } from 'node:child_process';
import { chmod, cp, mkdir, readFile, rm, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'vitest';
import { Client } from '../support/client.ts';
import { test as base, type Program, repository } from '../support/program.ts';

const run = promisify(execFile);
const megabytes = 1_000_000;

interface Packed {
  readonly filename: string;
  readonly size: number;
  readonly files: readonly { readonly path: string }[];
}

/**
 * What `npm pack` makes, unpacked and installed in an empty folder with the packages that it names; `todoql` runs it as npx
 * does: by its first line, with the programs of these packages on the path.
 */
const test = base
  .extend('packed', async ({ folder }) => {
    const options = ['--json', '--ignore-scripts', '--pack-destination', folder];
    const { stdout } = await run('npm', ['pack', ...options], { cwd: repository });
    const [packed] = JSON.parse(stdout) as [Packed];
    const installed = join(folder, 'node_modules/todoql');
    await mkdir(installed, { recursive: true });
    await run('tar', ['-xzf', join(folder, packed.filename), '--strip-components=1', '-C', installed]);
    // As npm does with what package.json names as a program.
    await chmod(join(installed, 'dist/main.js'), 0o755);
    const { dependencies } = JSON.parse(await readFile(join(installed, 'package.json'), 'utf8'));
    for (const name of Object.keys(dependencies))
      await symlink(join(repository, 'node_modules', name), join(folder, 'node_modules', name));
    return packed;
  })
  .extend('todoql', ({ folder, packed, launch }) => (...args: string[]): Program => {
    expect(packed.filename).toContain('todoql');
    const node = join(folder, 'node_modules/node/bin');
    const env = { PATH: `${node}:${process.env.PATH}`, PORT: '0', BCRYPT_COST: '10' };
    return launch(join(folder, 'node_modules/todoql/dist/main.js'), args, env);
  });

test('the package has the program, its page and the schema, and is small', async ({ packed }) => {
  const folders = new Set(packed.files.map(({ path }) => dirname(path)));
  expect([...folders].sort()).toEqual([
    '.',
    'dist',
    'dist/ide',
    'dist/ide/assets',
    'dist/server',
    'dist/template',
    'dist/web',
    'dist/web/assets',
  ]);
  expect(packed.files.map(({ path }) => path).filter((path) => !path.startsWith('dist/'))).toEqual([
    'LICENSE',
    'README.md',
    'package.json',
    'schema.graphql',
  ]);
  expect(packed.files.filter(({ path }) => path.endsWith('.map'))).toEqual([]);
  expect(packed.size).toBeLessThan(5 * megabytes);
});

test('it serves the API, the page and the IDE, and keeps its data in the working directory', async ({ todoql }) => {
  const first = todoql();
  const url = await first.url();
  const user = await Client.signUp(url);
  for (const path of ['/', '/graphql']) {
    const page = await fetch(`${url}${path}`, { headers: { accept: 'text/html' } });
    expect([page.status, await page.text()]).toEqual([200, expect.stringContaining('<script type="module"')]);
  }
  const schema = await fetch(`${url}/schema.graphql`, { headers: { authorization: `Bearer ${user.token}` } });
  expect(await schema.text()).toContain('\ntype Query {');
  expect(await first.stop()).toMatchObject({ code: 0, stderr: '' });

  const again = todoql();
  const { data } = await new Client(await again.url(), user.token).run('{ me { email } }');
  expect(data.me.email).toBe(user.email);
});

test('its commands work, and name themselves as npx runs them', async ({ todoql, folder }) => {
  const help = await todoql('--help').ended();
  expect(help).toMatchObject({ code: 0, stderr: '' });
  expect(help.stdout).toContain('Usage: npx todoql COMMAND');
  const { version } = JSON.parse(await readFile(join(repository, 'package.json'), 'utf8'));
  expect(await todoql('--version').ended()).toMatchObject({ code: 0, stdout: `${version}\n` });
  const check = await todoql('migrate', '--check').ended();
  expect(check.code).toBe(1);
  expect(check.stderr).toContain('Run: npx todoql migrate');
  expect(await todoql('migrate').ended()).toMatchObject({ code: 0, stderr: '' });
  const seed = await todoql('seed').ended();
  expect(seed).toMatchObject({ code: 0 });
  expect(seed.stdout).toContain('Start the server (npx todoql)');
  expect(seed.stdout).toContain('in a browser');
  expect(await todoql('schema').ended()).toMatchObject({ code: 0, stderr: '' });
  expect(await readFile(join(folder, 'schema.graphql'), 'utf8')).toBe(
    await readFile(join(repository, 'schema.graphql'), 'utf8'),
  );
});

test('copied to where npm installs nothing, as in an image, it names its commands as node runs them', async ({
  todoql,
  folder,
  launch,
}) => {
  expect(await todoql('--version').ended()).toMatchObject({ code: 0 });
  await cp(join(folder, 'node_modules/todoql'), join(folder, 'app'), { recursive: true });
  const node = join(folder, 'node_modules/node/bin/node');
  const help = await launch(node, [join(folder, 'app/dist/main.js'), 'help'], {}).ended();
  expect(help).toMatchObject({ code: 0, stdout: expect.stringContaining('Usage: node dist/main.js COMMAND') });
});

test('where there is no IDE, seed does not name it', async ({ todoql, folder, packed }) => {
  expect(packed.files.map(({ path }) => path)).toContain('dist/ide/index.html');
  await rm(join(folder, 'node_modules/todoql/dist/ide'), { recursive: true });
  const seed = await todoql('seed').ended();
  expect(seed).toMatchObject({ code: 0, stdout: expect.stringContaining('then log in:') });
  expect(seed.stdout).not.toContain('in a browser');
});

test('it makes projects, with the files that npm leaves out of packages', async ({ todoql, folder }) => {
  const made = await todoql('new', 'my-app').ended();
  expect(made).toMatchObject({ code: 0, stderr: '' });
  expect(await readFile(join(folder, 'my-app/.gitignore'), 'utf8')).toContain('node_modules/');
  const lock = JSON.parse(await readFile(join(folder, 'my-app/package-lock.json'), 'utf8'));
  expect(lock.name).toBe('my-app');
});
