import { expect } from 'vitest';
import { productName } from '../../src/product-name.ts';
import { Client, Reply } from '../support/client.ts';
import { expectRefusal, isAlive, postgresProcess, test } from '../support/program.ts';

test('starts in an empty folder and prints a curl command that works', async ({ start }) => {
  const program = start();
  const url = await program.url();
  expect(program.stdout).toContain(`${productName} is ready at ${url}/graphql`);
  const command = /curl (\S+) -H '([^':]+): ([^']+)' -d '([^']+)'$/m.exec(program.stdout);
  const [, address = '', header = '', value = '', body = ''] = command ?? [];
  const response = await fetch(address, { method: 'POST', headers: { [header]: value }, body });
  const reply = new Reply(body, response.status, response.headers, await response.text());
  const me = await new Client(url, reply.data.signup.accessToken).run('{ me { email } }');
  expect(me.data.me.email).toBe('ada@example.com');
  expect(program.stderr).toBe('');
});

test('lets one of two simultaneous first starts win, and the other say so', async ({ start }) => {
  const programs = [start(), start()];
  const loser = await Promise.any(programs.map(async (program) => ({ program, ending: await program.ended() })));
  const winner = programs.find((program) => program !== loser.program);
  expectRefusal(loser.ending, 2, `process ${winner?.pid}`, 'DATA_DIR');
  await Client.signUp((await winner?.url()) ?? '');
});

test('stops its PostgreSQL when a signal comes while it is still starting', async ({ folder, start }) => {
  const program = start();
  await expect.poll(() => postgresProcess(folder), { interval: 5 }).not.toBeNull();
  const postgres = (await postgresProcess(folder)) ?? 0;
  expect(await program.stop()).toMatchObject({ code: 0, stderr: '' });
  expect(isAlive(postgres)).toBe(false);
});
