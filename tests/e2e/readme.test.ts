import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'vitest';
import { test } from '../support/program.ts';

const readme = readFileSync(join(import.meta.dirname, '../../README.md'), 'utf8');

/** The commands of the first screen, each with the answer that stands below it. */
const examples = [...readme.matchAll(/```sh\n(curl|token=\$\(curl)(.*?)```\n\n```json\n(.*?)\n```/gs)].map((match) => ({
  command: `${match[1]}${match[2]}`,
  answer: match[3] ?? '',
}));

/** What differs from run to run, told alike. */
function alike(answer: string): string {
  return answer
    .replaceAll(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, 'id')
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'instant')
    .replaceAll(/"eyJ[^"]*"/g, '"token"');
}

test('the commands on the first screen of the README give the answers that stand there', async ({ start }) => {
  const { host } = new URL(await start().url());
  const commands = examples.map(({ command }) => command.replaceAll('localhost:4000', host)).join('\n');
  // One shell for all, since the third command uses what the second one kept; and a pipe that /dev/stderr can be opened on.
  const { stdout } = await promisify(execFile)('bash', ['-c', `{\n${commands}\n} 2>&1 | cat`]);
  expect(examples).toHaveLength(3);
  for (const { answer } of examples) expect(alike(stdout)).toContain(alike(answer));
});
