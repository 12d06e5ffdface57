import { describe, expect, test } from 'vitest';
import { Client } from '../support/client.ts';
import { useServer } from '../support/server.ts';

const server = useServer();

const signup = `mutation ($email: String!, $password: String!) {
  signup(input: { email: $email, password: $password }) {
    accessToken tokenType expiresIn user { id email createdAt }
  }
}`;
const login = `mutation ($email: String!, $password: String!) {
  login(input: { email: $email, password: $password }) { accessToken tokenType expiresIn user { id email createdAt } }
}`;

const uuidV7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const instant = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
let count = 0;
const newEmail = () => `person${count++}@example.com`;

describe('a new server', () => {
  const fresh = useServer();

  test('has no account until somebody signs up, not even a default one', async () => {
    expect(await fresh.sql('select email from "user"')).toEqual([]);
  });
});

describe('signup', () => {
  test('makes an account and answers with a token that works', async () => {
    const email = newEmail();
    const { data } = await server.client().run(signup, { email: `  ${email}\n`, password: 'correct horse' });
    expect(data.signup).toMatchObject({ tokenType: 'bearer', expiresIn: 604_800, user: { email } });
    expect(data.signup.user.id).toMatch(uuidV7);
    expect(data.signup.user.createdAt).toMatch(instant);
    const me = await server.client().withToken(data.signup.accessToken).run('{ me { id email createdAt } }');
    expect(me.data.me).toEqual(data.signup.user);
  });

  test('keeps the address as it was typed', async () => {
    const reply = await server.client().run(signup, { email: 'Grace.Hopper@Example.com', password: 'correct horse' });
    expect(reply.data.signup.user.email).toBe('Grace.Hopper@Example.com');
  });

  test('refuses a taken address in any ASCII case with CONFLICT and names the field', async () => {
    const email = newEmail();
    await Client.signUp(server.url, email);
    const reply = await server.client().run(signup, { email: email.toUpperCase(), password: 'correct horse' });
    expect(reply.code).toBe('CONFLICT');
    expect(reply.fields).toEqual(['input.email TAKEN']);
    expect(reply.status).toBe(200);
    expect(reply.partialData).toEqual({ signup: null });
  });

  test('takes look-alike letters for other letters', async () => {
    await Client.signUp(server.url, 'kelvin@example.com');
    await Client.signUp(server.url, '\u212aelvin@example.com');
    await Client.signUp(server.url, 'İda@example.com');
    await Client.signUp(server.url, 'ida@example.com');
  });

  test.each([
    'first.last+tag@sub.example.co.uk',
    "o'brien/!#$%&*=?^_`{|}~-@example.com",
    `${'a'.repeat(64)}@${'b'.repeat(63)}.example.photography`,
    'user@xn--bcher-kva.XN--P1AI',
    'dörte@bücher.example',
    '用户@例子.广告',
    'पता@उदाहरण.भारत',
    'نامه\u200cرسان@نامه\u200cای.example',
    'jose\u0301@paral·lel.cat',
    'Ada@EXAMPLE.com',
  ])('accepts the address "%s"', async (email) => {
    const reply = await server.client().run(signup, { email, password: 'correct horse' });
    expect(reply.data.signup.user.email).toBe(email);
  });

  test.each([
    ['ada@exªmple.org', 'ada@example.org'],
    ['ada@\u212aelvin.org', 'ada@kelvin.org'],
    ['ada@BÜCHER.example', 'ada@bücher.example'],
    ['ada@cafe\u0301.example', 'ada@caf\u00e9.example'],
  ])('takes "%s" for the address %s that its mail goes to', async (written, email) => {
    const reply = await server.client().run(signup, { email: written, password: 'correct horse' });
    expect(reply.data.signup.user.email).toBe(email);
    expect((await server.client().run(signup, { email, password: 'correct horse' })).code).toBe('CONFLICT');
    const again = await server.client().run(login, { email: written, password: 'correct horse' });
    expect(again.data.login.user.email).toBe(email);
  });

  test.each([
    ['no-at-sign', ['input.email INVALID_EMAIL']],
    ['', ['input.email INVALID_EMAIL']],
    ['two words@example.com', ['input.email INVALID_EMAIL']],
    [
      `${'a'.repeat(60)}@${'b'.repeat(60)}.${'c'.repeat(60)}.${'d'.repeat(60)}.${'e'.repeat(20)}.com`,
      ['input.email INVALID_EMAIL'],
    ],
    ...[
      ...['user@localhost', 'user@127.0.0.1', 'user@[127.0.0.1]', 'user@example.c', 'user@example.123'],
      ...['user@example.com.', 'user@example..com', 'user@-example.com', 'user@example-.com', 'user@exa_mple.com'],
      ...['.user@example.com', 'user.@example.com', 'us..er@example.com', 'us@er@example.com', '@example.com'],
      ...[
        '"john doe"@example.com',
        '"a\r\nBcc: x@y.zz"@example.com',
        'Name <user@example.com>',
        'us\u200ber@example.com',
      ],
      ...['user@ｅｘａｍｐｌｅ.com', `user@${'a'.repeat(64)}.com`, `${'a'.repeat(65)}@example.com`],
      ...[`${'é'.repeat(33)}@example.com`, `user@${'é'.repeat(60)}.${'é'.repeat(60)}.${'é'.repeat(60)}.com`],
    ].map((email): [string, string[]] => [email, ['input.email INVALID_EMAIL']]),
  ])('refuses the address "%s"', async (email, fields) => {
    const reply = await server.client().run(signup, { email, password: 'correct horse' });
    expect(reply.code).toBe('BAD_USER_INPUT');
    expect(reply.fields).toEqual(fields);
  });

  test.each([
    ['short', 'seven77', 'TOO_SHORT'],
    ['73 bytes long', 'x'.repeat(73), 'TOO_LONG'],
    ['longer than 72 bytes though not than 72 characters', 'é'.repeat(37), 'TOO_LONG'],
    ['with a NUL', 'correct\0horse', 'ILL_FORMED_TEXT'],
    ['with half of a surrogate pair', 'correct\ud83d horse', 'ILL_FORMED_TEXT'],
  ])('refuses a password that is %s, and repeats it nowhere', async (_name, password, code) => {
    const reply = await server.client().run(signup, { email: newEmail(), password });
    expect(reply.code).toBe('BAD_USER_INPUT');
    expect(reply.fields).toEqual([`input.password ${code}`]);
    expect(reply.text).not.toContain(password);
    expect(server.logs()).not.toContain(password);
  });

  test('accepts passwords of 8 and of 72 bytes, and tells apart ones that differ in the last byte', async () => {
    const email = newEmail();
    await Client.signUp(server.url, newEmail(), '8 bytes.');
    await Client.signUp(server.url, email, `${'x'.repeat(71)}a`);
    const wrong = await server.client().run(login, { email, password: `${'x'.repeat(71)}b` });
    expect(wrong.code).toBe('INVALID_CREDENTIALS');
    const longer = await server.client().run(login, { email, password: `${'x'.repeat(71)}ab` });
    expect(longer.code).toBe('INVALID_CREDENTIALS');
  });

  test('lists everything that is wrong at once', async () => {
    const reply = await server.client().run(signup, { email: 'nobody', password: 'short' });
    expect(reply.fields).toEqual(['input.email INVALID_EMAIL', 'input.password TOO_SHORT']);
  });

  test('makes one account of twenty simultaneous sign-ups with one address in mixed case', async () => {
    const letters = [...newEmail()];
    const emails = Array.from({ length: 20 }, (_, index) =>
      letters.map((letter, at) => ((index >> (at % 6)) & 1 ? letter.toUpperCase() : letter)).join(''),
    );
    const replies = await Promise.all(
      emails.map((email) => server.client().run(signup, { email, password: 'correct horse' })),
    );
    expect(replies.filter((reply) => reply.partialData.signup !== null)).toHaveLength(1);
    const refused = replies.filter((reply) => reply.partialData.signup === null);
    expect(new Set(refused.map((reply) => reply.code))).toEqual(new Set(['CONFLICT']));
    const rows = await server.sql('select from "user" where lower(email) = $1', [letters.join('')]);
    expect(rows).toHaveLength(1);
  });
});

describe('login', () => {
  test('answers with a token that works, whatever the case of the address', async () => {
    const { email } = await server.newUser();
    const reply = await server.client().run(login, { email: ` ${email.toUpperCase()} `, password: 'correct horse' });
    expect(reply.data.login).toMatchObject({ tokenType: 'bearer', expiresIn: 604_800, user: { email } });
    const me = await server.client().withToken(reply.data.login.accessToken).run('{ me { id email createdAt } }');
    expect(me.data.me).toEqual(reply.data.login.user);
  });

  test('tells neither an unknown address nor a wrong password from the other', async () => {
    const { email } = await server.newUser();
    const withoutId = (text: string) => text.replaceAll(/"requestId":"[^"]+"/g, '');
    const wrong = await server.client().run(login, { email, password: 'wrong horse' });
    const unknown = await server.client().run(login, { email: newEmail(), password: 'correct horse' });
    expect(wrong.code).toBe('INVALID_CREDENTIALS');
    expect(withoutId(unknown.text)).toBe(withoutId(wrong.text));
  });

  test.each(['', 'x', 'x'.repeat(10_000)])(
    'answers INVALID_CREDENTIALS to any password that is not the one',
    async (password) => {
      const { email } = await server.newUser();
      expect((await server.client().run(login, { email, password })).code).toBe('INVALID_CREDENTIALS');
    },
  );

  // Made by passlib 1.7.4: passlib.hash.bcrypt.using(ident=…, rounds=5).hash("correct horse")
  test.each([
    '$2a$05$PuhDot3MFQtxVZyP/UtRZuMwjv/OH.uTcTRfRjRNImfqBdnqq7H/O',
    '$2b$05$xUzVgtBFEGMOgPwU.V1OieAR5x3VK4w3ottFIxLEVKBLDlCyDfMau',
  ])('accepts the hash %s, which passlib made', async (hash) => {
    const email = newEmail();
    await server.sql(
      'insert into "user" (id, email, password_hash, created_at) values (gen_random_uuid(), $1, $2, now())',
      [email, hash],
    );
    const reply = await server.client().run(login, { email, password: 'correct horse' });
    expect(reply.data.login.user.email).toBe(email);
  });

  test('drops the sessions of the account that have expired', async () => {
    const user = await server.newUser();
    await server.sql(
      `update session set expires_at = now() - interval '1 s' from "user" u where u.id = user_id and u.email = $1`,
      [user.email],
    );
    await server.client().run(login, { email: user.email, password: user.password });
    const rows = await server.sql('select from session join "user" u on u.id = user_id where u.email = $1', [
      user.email,
    ]);
    expect(rows).toHaveLength(1);
  });
});

describe('logout', () => {
  test('ends the session of its token from the next request on, and no other', async () => {
    const user = await server.newUser();
    const second = await server.client().run(login, { email: user.email, password: user.password });
    expect((await user.run('mutation { logout { success } }')).data).toEqual({ logout: { success: true } });
    const after = await user.run('{ me { id } }');
    expect(after.status).toBe(401);
    expect(after.headers.get('www-authenticate')).toBe('Bearer error="invalid_token"');
    const other = await user.withToken(second.data.login.accessToken).run('{ me { email } }');
    expect(other.data.me.email).toBe(user.email);
  });

  test('needs a session', async () => {
    const reply = await server.client().run('mutation { logout { success } }');
    expect(reply.status).toBe(401);
  });
});
