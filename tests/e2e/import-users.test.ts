import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import bcrypt from 'bcrypt';
import { expect } from 'vitest';
import { Client } from '../support/client.ts';
import { query } from '../support/databases.ts';
import { expectRefusal, test } from '../support/program.ts';

const hash = bcrypt.hashSync('correct horse', 4);
const login = `mutation ($email: String!) { login(input: { email: $email, password: "correct horse" }) { user { email } } }`;

/** As PHP writes it. */
const phpHash = hash.replace('$2b$', '$2y$');

test('import-users takes a CSV file, and says of each line that it refuses why', async ({
  folder,
  start,
  run,
  settings,
}) => {
  const lines = [
    'id,email,password_hash,name',
    `1,Ada@example.com,${hash},"Lovelace, Ada"`,
    `2,  grace@example.com ,${phpHash},"two`,
    'lines"',
    '',
    `3,ada@EXAMPLE.com,${hash},again`,
    `4,not an address,${hash},`,
    '5,md5@example.com,5f4dcc3b5aa765d61d8327deb882cf99,',
    `6,short@example.com,${hash}`,
    `7,,${hash},nobody`,
    `8,${'x'.repeat(65)}@example.com,${hash},too long`,
    `9,nul\0@example.com,${hash},`,
    `10,there@example.com,${hash},since before`,
    `11,last@example.com,${hash},`,
  ];
  await writeFile(join(folder, 'users.csv'), lines.join('\r\n'));
  const url = await start(settings).url();
  await Client.signUp(url, 'There@example.com');
  const ending = await run(settings, 'import-users', 'users.csv');
  expect(ending).toMatchObject({ code: 1, stdout: 'Accounts imported: 3. Lines refused: 8.\n' });
  const taken = 'This e-mail address is taken, by an account or by an earlier line.';
  const noAddress = 'This is not an e-mail address. It should look like name@example.com.';
  expect(ending.stderr.trimEnd().split('\n')).toEqual([
    `Line 6: ada@EXAMPLE.com: ${taken}`,
    `Line 7: not an address: ${noAddress}`,
    'Line 8: md5@example.com: The password hash is not bcrypt ($2a$, $2b$ or $2y$).',
    'Line 9: This line has 3 fields, the first line 4.',
    'Line 10: There is no e-mail address.',
    `Line 11: ${'x'.repeat(65)}@example.com: ${noAddress}`,
    'Line 12: nul?@example.com: The e-mail address holds broken characters.',
    `Line 13: there@example.com: ${taken}`,
  ]);
  for (const email of ['Ada@example.com', 'grace@example.com', 'last@example.com']) {
    expect((await new Client(url).run(login, { email })).data.login.user.email).toBe(email);
  }
});

test('import-users takes JSON lines, and answers 0 where nothing was refused', async ({ folder, run, settings }) => {
  const good = Array.from({ length: 12_000 }, (_, index) => JSON.stringify({ email: `u${index}@example.com`, hash }));
  await writeFile(join(folder, 'good.jsonl'), `\uFEFF${good.join('\n')}\n\n`);
  const all = await run(settings, 'import-users', 'good.jsonl');
  expect(all).toMatchObject({ code: 0, stderr: '', stdout: 'Accounts imported: 12,000. Lines refused: 0.\n' });

  const bad = [
    '{"email":"a@example.com"}',
    `["a@example.com","${hash}"]`,
    `{"email":7,"hash":"${hash}"}`,
    '{',
    good[5],
  ];
  await writeFile(join(folder, 'bad.jsonl'), bad.join('\n'));
  const none = await run(settings, 'import-users', 'bad.jsonl');
  expect(none).toMatchObject({ code: 1, stdout: 'Accounts imported: 0. Lines refused: 5.\n' });
  expect(none.stderr).not.toContain(hash);
  const [count] = await query(settings.DATABASE_URL, 'select count(*)::int as users from "user"');
  expect(count).toEqual({ users: 12_000 });
});

test('import-users refuses a file that it cannot make sense of, and imports nothing of it', async ({
  folder,
  run,
  settings,
}) => {
  const files: [name: string, text: string, ...mentioned: string[]][] = [
    ['nothing.csv', '\n', 'nothing in nothing.csv'],
    ['columns.csv', 'mail,pass\na@example.com,x\n', 'name the columns', 'password_hash'],
    ['array.json', `[{"email":"a@example.com"}]`, 'one object per line'],
    [
      'quotes.csv',
      `email,hash\na@example.com,${hash}\nb@example.com,"${hash}"x\n`,
      'from line 3',
      'Nothing was imported',
    ],
  ];
  for (const [name, text, ...mentioned] of files) {
    await writeFile(join(folder, name), text);
    expectRefusal(await run(settings, 'import-users', name), 1, ...mentioned);
  }
  expectRefusal(await run(settings, 'import-users', 'missing.csv'), 1, 'missing.csv cannot be read (ENOENT)');
  expect(await query(settings.DATABASE_URL, 'select from "user"')).toEqual([]);
});
