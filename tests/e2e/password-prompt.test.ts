import { execFileSync, spawn } from 'node:child_process';
import { describe, expect } from 'vitest';
import { Client } from '../support/client.ts';
import { mainFile, test } from '../support/program.ts';

/** A terminal that types an answer when its question appears, and has what it showed at the end. */
async function onTerminal(folder: string, env: Record<string, string>, command: string, answers: [string, string][]) {
  const { PATH = '', HOME = '' } = process.env;
  const line = `'${process.execPath}' '${mainFile}' ${command}`;
  const options = { cwd: folder, env: { PATH, HOME, BCRYPT_COST: '10', ...env } };
  const terminal = spawn('script', ['-qec', line, '/dev/null'], options);
  let shown = '';
  let seen = 0;
  terminal.stdout.on('data', (chunk: Buffer) => {
    shown += chunk;
    const [question, answer] = answers[0] ?? [];
    if (question === undefined || !shown.slice(seen).includes(question)) return;
    seen = shown.length;
    answers.shift();
    terminal.stdin.write(answer);
  });
  const code = await new Promise<number | null>((resolve) => terminal.on('close', resolve));
  return { code, shown: shown.replaceAll('\r', ''), unasked: answers };
}

function hasTerminals(): boolean {
  try {
    return execFileSync('script', ['--version'], { encoding: 'utf8', stdio: 'pipe' }).includes('util-linux');
  } catch {
    return false;
  }
}

const login = `mutation ($email: String!, $password: String!) {
  login(input: { email: $email, password: $password }) { tokenType } }`;

// Skipped without util-linux's `script`, which makes the terminal: other programs of this name take other arguments.
describe.skipIf(!hasTerminals())('on a terminal', () => {
  const [agree, first, again] = ['Type yes to go on: ', 'New password: ', 'The same again: '];

  test('the password is asked for twice, and not shown', async ({ folder, start, settings }) => {
    const user = await Client.signUp(await start(settings).url());
    const command = `users set-password ${user.email}`;
    const typed: [string, string][] = [
      [agree, 'yes\r'],
      [first, 'battery stable\x7f\x7f\x7fple\r'],
      [again, 'battery staple\r'],
    ];
    const { code, shown, unasked } = await onTerminal(folder, settings, command, typed);
    expect([code, unasked]).toEqual([0, []]);
    expect(shown).not.toMatch(/batt|stap/);
    expect(shown).toMatch(/New password: \nThe same again: \nSet the password of .* Sessions ended: 1\.\n$/);
    expect((await user.run(login, { email: user.email, password: 'battery staple' })).code).toBe('UNAUTHENTICATED');
    const fresh = new Client(user.url);
    expect((await fresh.run(login, { email: user.email, password: 'battery staple' })).data.login.tokenType).toBe(
      'bearer',
    );
  });

  test.for<[what: string, answers: [string, string][], says: string]>([
    ['another answer than yes', [[agree, 'y\r']], 'Nothing was changed.'],
    ['Ctrl-C instead of yes', [[agree, '\x03']], 'Nothing was changed.'],
    ['Ctrl-D instead of yes', [[agree, '\x04']], 'Nothing was changed.'],
    [
      'two passwords that differ',
      [
        [agree, 'yes\r'],
        [first, 'battery staple\r'],
        [again, 'battery stable\r'],
      ],
      'They differ.',
    ],
    [
      'Ctrl-C',
      [
        [agree, 'yes\r'],
        [first, 'battery\x03'],
      ],
      'Nothing was changed.',
    ],
    [
      'Ctrl-D',
      [
        [agree, 'yes\r'],
        [first, '\x04'],
      ],
      'Nothing was changed.',
    ],
  ])('%s changes nothing', async ([, answers, says], { folder, start, settings }) => {
    const user = await Client.signUp(await start(settings).url());
    const { code, shown, unasked } = await onTerminal(folder, settings, `users set-password ${user.email}`, answers);
    expect([code, unasked]).toEqual([1, []]);
    expect(shown).toContain(says);
    expect(shown).not.toMatch(/battery|^\s+at /m);
    expect((await user.run('{ me { email } }')).data.me.email).toBe(user.email);
  });
});
