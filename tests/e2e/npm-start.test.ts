import { join } from 'node:path';
import { expect } from 'vitest';
import { Client } from '../support/client.ts';
import { isAlive, type Program, postgresProcess, repository, testOnReadyFolder } from '../support/program.ts';

const test = testOnReadyFolder.extend('npmStart', ({ folder, launch }) => () => {
  const dataDir = join(folder, '.data');
  // Blank, so that the developer's own .env in the repository does not count.
  const blank = { DATABASE_URL: '', JWT_SECRET: '', HOST: '', LOG_LEVEL: '' };
  return launch('npm', ['start'], { ...blank, PORT: '0', DATA_DIR: dataDir, NO_UPDATE_NOTIFIER: '1' }, repository);
});

/** Sends the signal by `send`; nothing of what npm has started may be left after it. */
async function expectCleanStop(program: Program, folder: string, send: () => void): Promise<void> {
  const url = await program.url();
  const postgres = (await postgresProcess(folder)) ?? 0;
  await Client.signUp(url);
  send();
  const ending = await program.ended();
  expect(ending).toMatchObject({ code: 0 });
  expect(ending.milliseconds).toBeLessThan(3_000);
  expect(isAlive(postgres)).toBe(false);
  expect(await postgresProcess(folder)).toBeNull();
  await expect(fetch(`${url}/health`)).rejects.toThrow();
}

test('npm start builds and serves, and SIGTERM to npm stops all of it', async ({ folder, npmStart }) => {
  const program = npmStart();
  await expectCleanStop(program, folder, () => program.signal('SIGTERM'));
});

test('npm start stops all of it at Ctrl-C', async ({ folder, npmStart }) => {
  const program = npmStart();
  await expectCleanStop(program, folder, () => program.interrupt());
});
