import { existsSync } from 'node:fs';
import { symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import { Client } from '../support/client.ts';
import { query } from '../support/databases.ts';
import { expectRefusal, newSecret, test } from '../support/program.ts';

const anyDatabase = 'postgresql://ada:hunter2-hunter2@127.0.0.1/todos';

test.for([
  ['none', {}],
  ['a blank one', { JWT_SECRET: '   ' }],
  ['one of 31 bytes', { JWT_SECRET: 'kT7wq0vZ3xN8rB5mJ2cL9sD4fG6hP1a' }],
  ['a placeholder', { JWT_SECRET: 'change-me-change-me-change-me-change-me' }],
] as const)(
  'refuses to serve a database with a JWT_SECRET that is missing or weak: %s',
  async ([, secret], { run }) => {
    const ending = await run({ DATABASE_URL: anyDatabase, ...secret });
    expectRefusal(ending, 2, 'JWT_SECRET');
    for (const value of Object.values(secret)) if (value.trim()) expect(ending.stderr).not.toContain(value);
  },
);

test('reports every setting that does not fit at once, by name, and repeats no secret', async ({ run }) => {
  const wrong = {
    ACCESS_TOKEN_TTL: '7 days',
    BCRYPT_COST: '99',
    CORS_ORIGINS: '*x',
    DATABASE_POOL_SIZE: '-1',
    DATABASE_URL: 'mysql://ada:hunter2-hunter2@127.0.0.1/todos',
    HOST: 'http://localhost',
    JWT_SECRET: 'hunter2-hunter2',
    JWT_SECRET_PREVIOUS: 'hunter2-hunter2',
    LOG_LEVEL: 'loud',
    PORT: 'abc',
  };
  const ending = await run(wrong);
  expectRefusal(ending, 1 + Object.keys(wrong).length);
  const named = [...ending.stderr.matchAll(/^ +([A-Z_]+) /gm)].map(([, name]) => name);
  expect(named.sort()).toEqual(Object.keys(wrong));
  expect(ending.stderr).not.toContain('hunter2');
});

test('reads .env in the working directory, and lets the real environment win', async ({ folder, start, settings }) => {
  const { HOST, ...inFile } = settings;
  const lines = Object.entries({ ...inFile, ACCESS_TOKEN_TTL: '1h', HOST: 'not an address' });
  await writeFile(join(folder, '.env'), lines.map(([name, value]) => `${name}=${value}`).join('\n'));
  const signup = 'mutation { signup(input: { email: "ada@example.com", password: "correct horse" }) { expiresIn } }';
  const reply = await new Client(await start({ HOST }).url()).run(signup);
  expect(reply.data.signup.expiresIn).toBe(3_600);
});

test('reads a .env with a byte order mark, and says what was probably meant otherwise', async ({
  folder,
  start,
  settings,
}) => {
  const { JWT_SECRET, ...inFile } = settings;
  const lines = Object.entries({ ...inFile, JWT_SECRET: `${JWT_SECRET}#rest`, ACESS_TOKEN_TTL: '1h' });
  await writeFile(join(folder, '.env'), `\ufeff${lines.map(([name, value]) => `${name}=${value}`).join('\n')}`);
  const program = start({ LOG_LEVLE: 'silent' });
  await program.url();
  expect(program.stderr.trim().split('\n')).toEqual([
    expect.stringContaining('.env, line 3: JWT_SECRET ends before the #.'),
    '.env, line 4: ACESS_TOKEN_TTL is not a setting; did you mean ACCESS_TOKEN_TTL?',
    'LOG_LEVLE is not a setting; did you mean LOG_LEVEL?',
  ]);
  // Not in local mode, beside the database that was meant.
  expect(existsSync(join(folder, '.data'))).toBe(false);
});

test('reads secrets from the files that it is told', async ({ folder, start, settings }) => {
  const { HOST, ...secrets } = settings;
  const paths: Record<string, string> = {};
  for (const [name, value] of Object.entries(secrets)) {
    paths[`${name}_FILE`] = join(folder, name);
    await writeFile(join(folder, name), `${value}\n`);
  }
  const program = start({ HOST, ...paths });
  await Client.signUp(await program.url());
  expect(await query(settings.DATABASE_URL, 'select from "user"')).toHaveLength(1);
  expect(program.stderr).toBe('');
});

test.for([
  [
    { DATABASE_URL_FILE: '/no/such/file' },
    'DATABASE_URL_FILE names a file that cannot be read (ENOENT): /no/such/file',
  ],
  [{ DATABASE_URL_FILE: 'empty' }, 'DATABASE_URL_FILE names an empty file: empty'],
  [{ JWT_SECRET_FILE: 'secret', JWT_SECRET: newSecret() }, 'JWT_SECRET and JWT_SECRET_FILE are both set. Unset one'],
  [{ DATABASE_URL: anyDatabase, JWT_SECRET_FILE: 'secret' }, 'JWT_SECRET must'],
] as const)('says why a secret in a file cannot be used: %#', async ([env, words], { folder, run }) => {
  await writeFile(join(folder, 'empty'), ' \n');
  await writeFile(join(folder, 'secret'), 'hunter2-hunter2');
  const ending = await run(env);
  expectRefusal(ending, 2, words);
  expect(ending.stderr).not.toContain('hunter2');
});

test('refuses a .env in UTF-16', async ({ folder, run }) => {
  await writeFile(join(folder, '.env'), '\ufeffDATABASE_URL=postgresql://ada@127.0.0.1/todos', 'utf16le');
  expectRefusal(await run(), 1, '.env is not in UTF-8');
});

test('says why a .env that is there cannot be looked at', async ({ folder, run }) => {
  await symlink('.env', join(folder, '.env'));
  expectRefusal(await run(), 1, '.env cannot be read (ELOOP)');
});

// As it was built: what a bundler takes for a call without effect is gone there.
test.for([
  ['postgresql://ada:hunter2%E9@127.0.0.1/todos', 'UTF-8'],
  ['postgresql://ada:hunter2@/todos', 'names no host'],
  ['postgresql://ada:hunter2@127.0.0.1:65536/todos', 'port from 1 to 65535'],
  ['postgresql://ada:hunter2@127.0.0.1/todos?sslmode=allow', 'sslmode'],
  ['postgresql://ada:hunter2@127.0.0.1/todos?sslrootcert=/no/such/file', 'an unreadable file as sslrootcert'],
  ['postgresql://ada:hunter2@127.0.0.1/todos?sslrootcert=.env', 'an unusable file as sslrootcert'],
  ['postgresql://ada:hunter2@127.0.0.1/todos?sslrootcert=system', 'sslrootcert=system'],
  ['postgresql://ada:hunter2@127.0.0.1/todos?sslcert=.env&sslkey=.env', 'an unusable file as sslcert or sslkey'],
] as const)('says what is wrong with DATABASE_URL=%s', async ([url, words], { folder, run }) => {
  await writeFile(join(folder, '.env'), '# -----BEGIN CERTIFICATE-----');
  const ending = await run({ DATABASE_URL: url, JWT_SECRET: newSecret() });
  expectRefusal(ending, 2, 'DATABASE_URL', words);
  expect(ending.stderr).not.toContain('hunter2');
});
