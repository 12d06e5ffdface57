import { once } from 'node:events';
import { stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { expect } from 'vitest';
import { Client } from '../support/client.ts';
import { expectRefusal, postgresProcess, testOnReadyFolder as test } from '../support/program.ts';

const titles = '{ tasks(first: 10) { nodes { title } } }';

test('refuses a folder that another todoql is using, and leaves that one alone', async ({ start, run }) => {
  const first = start();
  const user = await Client.signUp(await first.url());
  expectRefusal(await run(), 2, `process ${first.pid}`, 'DATA_DIR');
  await user.createTask('Undisturbed');
  expect(await first.stop()).toMatchObject({ code: 0, stderr: '' });
});

test('keeps accounts, tasks and the validity of tokens from one start to the next', async ({ start }) => {
  const first = start();
  const user = await Client.signUp(await first.url());
  await user.createTask('Outlive the server');
  expect(await first.stop()).toMatchObject({ code: 0 });

  const again = new Client(await start().url(), user.token);
  expect((await again.run('{ me { email } }')).data.me.email).toBe(user.email);
  expect((await again.run(titles)).data.tasks.nodes).toEqual([{ title: 'Outlive the server' }]);
});

test('lets no other account of the machine into its folder', async ({ folder, start }) => {
  await start().url();
  for (const path of ['.data', '.data/jwt-secret', '.data/postgres/.']) {
    const { mode } = await stat(join(folder, path));
    expect(mode & 0o077, path).toBe(0);
  }
});

test('starts again after kill -9, with a task acknowledged right before it', async ({ folder, start }) => {
  const first = start();
  const user = await Client.signUp(await first.url());
  await user.createTask('Acknowledged');
  expect(await first.stop('SIGKILL')).toMatchObject({ signal: 'SIGKILL' });

  const second = start();
  const reply = await new Client(await second.url(), user.token).run(titles);
  expect(reply.data.tasks.nodes).toEqual([{ title: 'Acknowledged' }]);
  expect(await second.stop()).toMatchObject({ code: 0 });
  expect(await postgresProcess(folder)).toBeNull();
});

test('ends when its PostgreSQL is killed, and loses nothing that was acknowledged', async ({ folder, start }) => {
  const first = start();
  const user = await Client.signUp(await first.url());
  await user.createTask('Recovered');
  process.kill((await postgresProcess(folder)) ?? 0, 'SIGKILL');
  const { code, stderr } = await first.ended();
  expect(code).toBe(1);
  expect(stderr).toMatch(/^The local PostgreSQL ended\. .*postgres\.log\.\n$/);

  const reply = await new Client(await start().url(), user.token).run(titles);
  expect(reply.data.tasks.nodes).toEqual([{ title: 'Recovered' }]);
});

test('starts after a crash although what now listens on the port of its PostgreSQL never answers', async ({
  folder,
  start,
  onTestFinished,
}) => {
  const silent = createServer();
  await once(silent.listen(0, '127.0.0.1'), 'listening');
  onTestFinished(() => void silent.close());
  const { port } = silent.address() as { port: number };
  // No process has a number as high.
  await writeFile(join(folder, '.data/postgres/postmaster.pid'), `99999999\n${folder}\n0\n${port}\n`);
  expect((await fetch(`${await start().url()}/health`)).status).toBe(200);
});
