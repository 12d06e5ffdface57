import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import { Client } from '../support/client.ts';
import { query } from '../support/databases.ts';
import { repository, test } from '../support/program.ts';

test('the stack of a bug names source files and their lines, and not those of the build', async ({
  start,
  settings,
}) => {
  const program = start(settings);
  const user = await Client.signUp(await program.url());
  await query(settings.DATABASE_URL, 'alter table task add constraint task_no_canary check (false)');
  for (const title of ['first', 'second']) {
    const reply = await user.run(`mutation { createTask(input: { title: "${title}" }) { task { id } } }`);
    expect(reply.code).toBe('INTERNAL_SERVER_ERROR');
    await expect.poll(() => program.stdout).toContain(`"requestId":"${reply.error.extensions.requestId}","err"`);
  }
  const stacks = program.stdout
    .split('\n')
    .flatMap((line) => (line.includes('"err"') ? [JSON.parse(line).err.stack] : []));
  expect(stacks).toHaveLength(2);
  for (const stack of stacks) {
    expect(stack).not.toContain('/dist/');
    const frames = [...stack.matchAll(/ at .*?(\w+) \((src\/[\w/.-]+\.ts):(\d+):\d+\)/g)];
    expect(frames.length, stack).toBeGreaterThan(1);
    for (const [, , file = '', line] of frames) {
      const source = (await readFile(join(repository, file), 'utf8')).split('\n');
      expect(source[Number(line) - 1], `${file}:${line}`).toMatch(/[\w>]\(|\bthrow\b|\bnew\b/);
    }
  }
});
