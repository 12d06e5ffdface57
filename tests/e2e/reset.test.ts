import { access, mkdir, readdir, readFile, realpath, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import { productName } from '../../src/product-name.ts';
import { Client } from '../support/client.ts';
import { expectRefusal, test } from '../support/program.ts';

test('reset removes the local data and no other file, and the next start begins afresh', async ({
  folder,
  start,
  run,
}) => {
  const first = start();
  const user = await Client.signUp(await first.url());
  expectRefusal(await run({}, 'reset', '--yes'), 1, `process ${first.pid}`, 'Stop it first');
  await user.createTask('Still there');
  await first.stop();

  await writeFile(join(folder, '.data/notes.txt'), 'not of todoql');
  const data = await realpath(join(folder, '.data/postgres'));
  expectRefusal(await run({}, 'reset'), 7, data, '.data/jwt-secret', 'Nothing was changed. Add --yes');
  await access(data);
  const ending = await run({}, 'reset', '--yes');
  expect(ending).toMatchObject({ code: 0, stderr: '' });
  expect(ending.stdout).toContain(`  .data/jwt-secret\n`);
  await expect(access(data)).rejects.toThrow('ENOENT');
  expect(await readdir(join(folder, '.data'))).toEqual(['notes.txt']);

  const second = new Client(await start().url(), user.token);
  expect((await second.run('{ me { id } }')).code).toBe('UNAUTHENTICATED');
});

test('reset stops the PostgreSQL that a killed server has left, and removes its data', async ({
  folder,
  start,
  run,
}) => {
  const killed = start();
  await killed.url();
  await killed.stop('SIGKILL');
  // The fourth line is the port, where something answers, if not in HTTP.
  const port = (await readFile(join(folder, '.data/postgres/postmaster.pid'), 'utf8')).split('\n')[3];
  const refused = { cause: { code: 'ECONNREFUSED' } };
  await expect(fetch(`http://127.0.0.1:${port}`)).rejects.not.toMatchObject(refused);
  expect(await run({}, 'reset', '--yes')).toMatchObject({ code: 0, stderr: '' });
  await expect(fetch(`http://127.0.0.1:${port}`)).rejects.toMatchObject(refused);
  expect(await readdir(folder)).toEqual([]);
  const again = await run({}, 'reset', '--yes');
  expect(again).toMatchObject({ code: 0, stdout: 'There is no local data in .data.\n' });
});

test('reset touches neither the database of a server nor a folder that is not of todoql', async ({
  folder,
  run,
  settings,
}) => {
  expectRefusal(await run(settings, 'reset', '--yes'), 1, 'DATABASE_URL');
  await mkdir(join(folder, '.data/postgres'), { recursive: true });
  await writeFile(join(folder, '.data/postgres/PG_VERSION'), '18');
  expectRefusal(await run({}, 'reset', '--yes'), 1, `.data/postgres is not a database of ${productName}`);
  await access(join(folder, '.data/postgres/PG_VERSION'));
});
