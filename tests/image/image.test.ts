import { lstat, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { freePort } from '../databases/postgres.ts';
import { Client } from '../support/client.ts';
import { test as base, expectRefusal } from '../support/program.ts';
import { buildImage } from './build.ts';
import { addBase, type Command, canIsolate, firstProcess, healthCommand, runCommand } from './container.ts';

const unisolated = 'the image on a read-only file system, as another user and as process 1: it takes Linux and root';
console.log(canIsolate ? 'The image runs isolated.' : `Not tried here: ${unisolated}.`);

const megabytes = 1_000_000;

/** `image` is built once. `launched` starts a command, and ends it after the test. */
const test = base
  // biome-ignore lint/correctness/noEmptyPattern: vitest reads what a fixture needs from this pattern
  .extend('image', { scope: 'file' }, async ({}, { onCleanup }) => {
    const folder = await mkdtemp(join(tmpdir(), 'todoql-image-'));
    onCleanup(() => rm(folder, { recursive: true }));
    const image = await buildImage(folder);
    const files = await readdir(image.root, { recursive: true });
    await addBase(image);
    return { ...image, files };
  })
  .extend(
    'launched',
    ({ launch }) =>
      ({ file, args, env, cwd }: Command) =>
        launch(file, args, env, cwd),
  );

test('the image has the program, its page, and bcrypt, within 60 MB', async ({ image }) => {
  const at = (depth: number) => image.files.filter((path) => path.split('/').length === depth).sort();
  expect(at(1)).toEqual(['app']);
  expect(at(2)).toEqual(['app/LICENSE', 'app/dist', 'app/node_modules', 'app/package.json']);
  expect(at(3)).toEqual([
    ...['ide', 'main.js', 'main.js.map', 'server', 'web'].map((name) => `app/dist/${name}`),
    ...['bcrypt', 'node-gyp-build'].map((name) => `app/node_modules/${name}`),
  ]);
  const sizes = await Promise.all(image.files.map(async (path) => (await lstat(join(image.root, path))).size));
  const size = sizes.reduce((sum, bytes) => sum + bytes, 0);
  console.log(`The image has ${(size / megabytes).toFixed(1)} MB beside Node.js.`);
  expect(size).toBeLessThan(60 * megabytes);
});

test('it serves the API and the page, is healthy, and ends at SIGTERM', async ({ image, launched, settings }) => {
  const env = { ...settings, PORT: String(await freePort()) };
  const container = launched(runCommand(image, env));
  const url = await container.url();
  await Client.signUp(url);
  const page = await fetch(url, { headers: { accept: 'text/html' } });
  expect([page.status, await page.text()]).toEqual([200, expect.stringContaining('<script type="module"')]);

  const pid = await firstProcess(container.pid);
  expect(await launched(healthCommand(image, env, pid)).ended()).toMatchObject({ code: 0, stderr: '' });
  process.kill(pid, 'SIGTERM');
  expect(await container.ended()).toMatchObject({ code: 0, signal: null, stderr: '' });
});

test('arguments name another command', async ({ image, launched, emptyDatabase }) => {
  const run = (...args: string[]) => launched(runCommand(image, emptyDatabase, args)).ended();
  expectRefusal(await run('migrate', '--check'), 100, 'has not been applied');
  expect(await run('migrate')).toMatchObject({ code: 0, stderr: '' });
  expect(await run('migrate', '--check')).toMatchObject({ code: 0, stderr: '' });
});

test('without DATABASE_URL, it says in one line to set it', async ({ image, launched }) => {
  expectRefusal(await launched(runCommand(image, {})).ended(), 1, 'not installed', 'set DATABASE_URL');
});

// Skipped where the image cannot be isolated: then it runs as the user of the tests, as the line printed above says.
test.skipIf(!canIsolate)(
  'these tests run it as a user without rights, who can write to /tmp only',
  async ({ image, launched }) => {
    const program = `
    const tryTo = (file) => { try { fs.writeFileSync(file, ''); return 'written'; } catch ({ code }) { return code; } };
    console.log(process.pid, process.getuid(), process.getgroups(), tryTo('dist/x'), tryTo('/etc/x'), tryTo('/tmp/x'));`;
    const ending = await launched(runCommand(image, {}, ['-e', program], ['node'])).ended();
    expect(ending).toMatchObject({ code: 0, stdout: '1 1000 [ 1000 ] EROFS EROFS written\n', stderr: '' });
  },
);
