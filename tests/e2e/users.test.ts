import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { text } from 'node:stream/consumers';
import { describe, expect } from 'vitest';
import { Client } from '../support/client.ts';
import { query } from '../support/databases.ts';
import { expectRefusal, mainFile, test } from '../support/program.ts';

const ok = { code: 0, stderr: '' };
const login = `mutation ($email: String!, $password: String!) {
  login(input: { email: $email, password: $password }) { accessToken refreshToken user { id } } }`;
const refresh = 'mutation ($token: String!) { refreshSession(input: { refreshToken: $token }) { accessToken } }';
const events = '{ me { securityEvents { nodes { kind ipAddress userAgent } } } }';

const logIn = ({ url, email, password }: Client) => new Client(url).run(login, { email, password });
const withPassword = ({ url, token, email }: Client, password: string) => new Client(url, token, email, password);

async function lastEvent(user: Client) {
  const { accessToken } = (await logIn(user)).data.login;
  return (await user.withToken(accessToken).run(events)).data.me.securityEvents.nodes[1];
}

/** The program with something on its standard input. */
async function runWith(input: string | Buffer, folder: string, env: Record<string, string>, ...args: string[]) {
  const { PATH = '', HOME = '' } = process.env;
  const child = spawn(process.execPath, [mainFile, ...args], {
    cwd: folder,
    env: { PATH, HOME, BCRYPT_COST: '10', ...env },
  });
  child.stdin.on('error', () => {}).end(input);
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  const [stdout, stderr, code] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  return { code, signal: null, stdout, stderr, milliseconds: 0 };
}

/** Both ways to have a database, with the server running. */
const modes = ['local', 'server'] as const;

describe.each(modes)('in %s mode, while the server runs', (mode) => {
  test('disable ends all sessions at once and refuses log-ins; enable brings everything back', async ({
    start,
    run,
    settings,
  }) => {
    const env = mode === 'local' ? {} : settings;
    const [url, other] = [await start(env).url(), mode === 'server' ? await start(env).url() : null];
    const user = await Client.signUp(url, 'Ada@example.com');
    await user.createTask('Still there');
    const bystander = await Client.signUp(url);
    const { refreshToken } = (await logIn(user)).data.login;
    const clients = [user, ...(other ? [user.at(other)] : [])];
    for (const client of clients) await client.run('{ me { id } }');

    expectRefusal(await run(env, 'users', 'disable', 'ada@example.com'), 2, 'all sessions of Ada@example.com', '--yes');
    expect((await user.run('{ me { email } }')).data.me.email).toBe('Ada@example.com');

    const disabled = await run(env, 'users', 'disable', 'ada@EXAMPLE.com', '--yes');
    expect(disabled).toMatchObject({ ...ok, stdout: 'Disabled Ada@example.com. Sessions ended: 2.\n' });
    for (const client of clients) {
      const reply = await client.run('{ me { id } }');
      expect([reply.status, reply.code]).toEqual([401, 'UNAUTHENTICATED']);
      expect((await client.withToken(null).run(refresh, { token: refreshToken })).code).toBe('INVALID_CREDENTIALS');
    }
    expect((await logIn(user)).code).toBe('ACCOUNT_DISABLED');
    const again = await run(env, 'users', 'disable', 'ada@example.com', '--yes');
    expect(again).toMatchObject({ ...ok, stdout: 'Ada@example.com is already disabled. Nothing was changed.\n' });
    expect((await bystander.run('{ me { email } }')).data.me.email).toBe(bystander.email);

    const enabled = await run(env, 'users', 'enable', 'ada@example.com');
    expect(enabled).toMatchObject({ ...ok, stdout: 'Enabled Ada@example.com.\n' });
    expect((await user.run('{ me { id } }')).code).toBe('UNAUTHENTICATED');
    const { accessToken } = (await logIn(user)).data.login;
    const found = await user
      .withToken(accessToken)
      .run(`{ tasks { nodes { title } } me { securityEvents { nodes { kind } } } }`);
    expect(found.data.tasks.nodes).toEqual([{ title: 'Still there' }]);
    const kinds = ['LOGIN', 'ACCOUNT_ENABLED', 'LOGIN_REFUSED', 'ACCOUNT_DISABLED', 'LOGIN', 'SIGNUP'];
    expect(found.data.me.securityEvents.nodes.map(({ kind }: { kind: string }) => kind)).toEqual(kinds);
    const once = await run(env, 'users', 'enable', 'ada@example.com');
    expect(once).toMatchObject({ ...ok, stdout: 'Ada@example.com is not disabled. Nothing was changed.\n' });
  });
});

test('disable ends the tokens of mails, also for the time after', async ({ start, run, settings }) => {
  const url = await start(settings).url();
  const user = await Client.signUp(url);
  const { id } = (await user.run('{ me { id } }')).data.me;
  const hash = createHash('sha256').update('tqm_mailed').digest('base64url');
  const { DATABASE_URL } = settings;
  const rest = "'VERIFY_EMAIL', $2, $3, now() + interval '1 day')";
  await query(DATABASE_URL, `insert into email_token values ($1, gen_random_uuid(), ${rest}`, [id, hash, user.email]);
  expect(await run(settings, 'users', 'disable', id, '--yes')).toMatchObject(ok);
  expect(await run(settings, 'users', 'enable', id)).toMatchObject(ok);
  const reply = await new Client(url).run('mutation { verifyEmail(input: { token: "tqm_mailed" }) { success } }');
  expect(reply.code).toBe('INVALID_CREDENTIALS');
});

test('end-sessions logs an account out everywhere, and leaves its password', async ({ start, run, settings }) => {
  const url = await start(settings).url();
  const user = await Client.signUp(url);
  const bystander = await Client.signUp(url);
  const { id } = (await user.run('{ me { id } }')).data.me;
  expectRefusal(await run(settings, 'users', 'end-sessions', id), 2, `all sessions of ${user.email}`, '--yes');
  const ended = await run(settings, 'users', 'end-sessions', id, '--yes');
  expect(ended).toMatchObject({ ...ok, stdout: `Sessions of ${user.email} ended: 1.\n` });
  expect((await user.run('{ me { id } }')).code).toBe('UNAUTHENTICATED');
  expect((await bystander.run('{ me { email } }')).data.me.email).toBe(bystander.email);
  const none = await run(settings, 'users', 'end-sessions', id, '--yes');
  expect(none).toMatchObject({ ...ok, stdout: `${user.email} has no sessions. Nothing was changed.\n` });
  expect(await lastEvent(user)).toEqual({ kind: 'SESSIONS_ENDED_BY_OPERATOR', ipAddress: null, userAgent: null });
});

test('end-sessions --all logs every account out, and tells each owner', async ({ start, run, settings }) => {
  const url = await start(settings).url();
  const users = [await Client.signUp(url), await Client.signUp(url)];
  const { refreshToken } = (await logIn(users[0] as Client)).data.login;
  const end = (...args: string[]) => run(settings, 'users', 'end-sessions', '--all', ...args);
  expectRefusal(await end(), 2, 'all sessions of all accounts', 'Nothing was changed. Add --yes');
  expectRefusal(await end('ada@example.com', '--yes'), 2, 'does not take "ada@example.com"');
  for (const user of users) expect((await user.run('{ me { email } }')).data.me.email).toBe(user.email);
  expect(await end('--yes')).toMatchObject({ ...ok, stdout: 'Sessions ended: 3, of 2 accounts.\n' });
  expect(await end('--yes')).toMatchObject({ ...ok, stdout: 'There are no sessions. Nothing was changed.\n' });
  expect((await new Client(url).run(refresh, { token: refreshToken })).code).toBe('INVALID_CREDENTIALS');
  for (const user of users) {
    expect((await user.run('{ me { id } }')).code).toBe('UNAUTHENTICATED');
    expect(await lastEvent(user)).toEqual({ kind: 'SESSIONS_ENDED_BY_OPERATOR', ipAddress: null, userAgent: null });
  }
});

test('set-password takes a password from standard input, logs the account out, and forgets failed log-ins', async ({
  folder,
  start,
  settings,
}) => {
  const user = await Client.signUp(await start(settings).url());
  const set = (input: string, ...args: string[]) =>
    runWith(input, folder, settings, 'users', 'set-password', user.email, ...args);
  expectRefusal(await set('battery staple\n'), 2, `the password of ${user.email}`, 'Nothing was changed. Add --yes');
  // One client, so that these count against it.
  const stranger = new Client(user.url);
  const attempt = (password: string) => stranger.run(login, { email: user.email, password });
  for (let count = 0; count < 10; count++) await attempt('wrong horse');
  expect((await attempt(user.password)).code).toBe('RATE_LIMITED');

  const done = await set('battery staple ☃\r\n', '--yes');
  expect(done).toMatchObject({ ...ok, stdout: `Set the password of ${user.email}. Sessions ended: 1.\n` });
  expect((await user.run('{ me { id } }')).code).toBe('UNAUTHENTICATED');
  expect((await attempt('battery staple ☃')).data.login.user.id).toBeTruthy();
  expect((await attempt(user.password)).code).toBe('INVALID_CREDENTIALS');
  const changed = withPassword(user, 'battery staple ☃');
  const { accessToken } = (await logIn(changed)).data.login;
  const { nodes } = (await user.withToken(accessToken).run(events)).data.me.securityEvents;
  expect(nodes).toContainEqual({ kind: 'PASSWORD_SET_BY_OPERATOR', ipAddress: null, userAgent: null });
});

test('set-password refuses what sign-up would refuse, and never takes a password as an argument', async ({
  folder,
  start,
  run,
  settings,
}) => {
  const user = await Client.signUp(await start(settings).url(), 'somebody@example.com');
  const refused: [input: string | Buffer, ...mentioned: string[]][] = [
    ['', 'There is no password', 'pipe it in'],
    ['\n', 'There is no password'],
    ['short\n', 'too short'],
    [`${'x'.repeat(73)}\n`, 'too long'],
    ['password1\n', 'too common'],
    ['Somebody@example.com', 'e-mail address'],
    ['two lines\nof text\n', 'one line'],
    ['battery\0staple\n', 'one line'],
    [Buffer.from('f0288cbc20737461706c65', 'hex'), 'UTF-8'],
  ];
  for (const [input, ...mentioned] of refused) {
    const ending = await runWith(input, folder, settings, 'users', 'set-password', user.email, '--yes');
    expectRefusal(ending, 2, 'Nothing was changed', ...mentioned);
  }
  const argument = await run(settings, 'users', 'set-password', user.email, 'battery staple', '--yes');
  expectRefusal(argument, 2, 'does not take');
  expect((await user.run(events)).data.me.securityEvents.nodes).toHaveLength(1);
  expect((await logIn(user)).data.login.accessToken).toBeTruthy();
});

test('create makes an account where SIGNUP is off, by the rules of sign-up', async ({ folder, start, settings }) => {
  const program = start({ ...settings, SIGNUP: 'off' });
  const url = await program.url();
  const create = (input: string, ...args: string[]) => runWith(input, folder, settings, 'users', 'create', ...args);
  const signup = 'mutation { signup(input: { email: "ada@example.com", password: "correct horse" }) { tokenType } }';
  expect((await new Client(url).run(signup)).code).toBe('SIGNUP_DISABLED');
  const made = await create('correct horse\n', ' Ada@example.com ');
  expect(made).toMatchObject({ ...ok, stdout: 'Created Ada@example.com.\n' });
  const user = new Client(url, null, 'ada@example.com', 'correct horse');
  expect(await lastEvent(user)).toEqual({ kind: 'SIGNUP', ipAddress: null, userAgent: null });
  const refused: [email: string, input: string, ...mentioned: string[]][] = [
    ['ADA@example.com', 'correct horse\n', 'already an account ADA@example.com'],
    ['ada', 'correct horse\n', 'not an e-mail address'],
    ['grace@example.com', 'grace@example.com\n', 'e-mail address', 'Nothing was changed'],
  ];
  for (const [email, input, ...mentioned] of refused) expectRefusal(await create(input, email), 2, ...mentioned);
  expect(await query(settings.DATABASE_URL, 'select email from "user"')).toEqual([{ email: 'Ada@example.com' }]);
});

test('find lists accounts by part of their address, with state, sessions and tasks', async ({
  start,
  run,
  settings,
}) => {
  const url = await start(settings).url();
  const [ada, grace] = [await Client.signUp(url, 'Ada@example.com'), await Client.signUp(url, 'grace_%@example.com')];
  await ada.createTask();
  await logIn(ada);
  await run(settings, 'users', 'disable', grace.email, '--yes');
  const { DATABASE_URL } = settings;
  await query(DATABASE_URL, 'update "user" set created_at = $1, disabled_at = $1 where email = $2', [
    '2026-01-02',
    grace.email,
  ]);
  await query(DATABASE_URL, 'update "user" set created_at = $1 where email = $2', ['2026-01-03', ada.email]);
  const find = async (...args: string[]) => {
    const { code, stdout, stderr } = await run(settings, 'users', 'find', ...args);
    expect([code, stderr]).toEqual([0, '']);
    return stdout
      .replaceAll(/[0-9a-f-]{36}/g, 'ID')
      .replaceAll(/ {2,}/g, ' | ')
      .trimEnd()
      .split('\n');
  };
  const head = 'id | created | state | sessions | tasks | e-mail address';
  const lines = {
    ada: 'ID | 2026-01-03 | active | 2 | 1 | Ada@example.com',
    grace: 'ID | 2026-01-02 | disabled 2026-01-02 | 0 | 0 | grace_%@example.com',
  };
  expect(await find()).toEqual([head, lines.ada, lines.grace]);
  expect(await find('ADA@')).toEqual([head, lines.ada]);
  expect(await find('_%')).toEqual([head, lines.grace]);
  expectRefusal(await run(settings, 'users', 'find', '__'), 1, 'No e-mail address contains "__".');
  await query(
    DATABASE_URL,
    `insert into "user" (id, email, password_hash, created_at, purged_at)
     select gen_random_uuid(), 'bulk' || n || '@example.com', '', now(), case n when 1 then now() end
     from generate_series(1, 103) n`,
  );
  const many = await run(settings, 'users', 'find', 'bulk');
  expect(many.stdout.trimEnd().split('\n')).toHaveLength(101);
  expect(many.stderr).toBe('100 of 102 accounts. Give more of the address to see the others.\n');
});

test('users names what is wrong with its arguments', async ({ run, settings }) => {
  const refused: [line: string, ...mentioned: string[]][] = [
    ['users', 'needs a subcommand', 'set-password'],
    ['users delete ada@example.com', 'has no subcommand "delete"'],
    ['users disable', 'needs a USER'],
    ['users create', 'needs an EMAIL'],
    ['users find one two', 'does not take "two"'],
    ['users enable ada@example.com --force', 'does not take "--force"'],
    ['users disable nobody@example.com --yes', 'There is no account "nobody@example.com"'],
    ['users disable 0193a1fd-c777-7075-857b-240b258208ff --yes', 'There is no account'],
  ];
  for (const [line, ...mentioned] of refused) expectRefusal(await run(settings, ...line.split(' ')), 2, ...mentioned);
});
