import { createHash, randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { Client } from '../support/client.ts';
import { eventsOf, logIn, send, succeed } from '../support/mail-mutations.ts';
import type { ReceivedMail } from '../support/mail-server.ts';
import { linkIn, useMailingServer } from '../support/mailing-server.ts';
import { useServer } from '../support/server.ts';

const { server, mail } = useMailingServer();
const newPassword = 'battery staple';

/** Asks for a reset from anywhere. @returns the token of the mail, which is the count-th */
async function askFor(email: string, count = 1): Promise<string> {
  await succeed(server.client(), 'requestPasswordReset', { email });
  // There are so many: resetMails waited for them.
  return linkIn((await resetMails(email, count))[count - 1] as ReceivedMail).token;
}

async function resetMails(email: string, count: number) {
  return mail.mailsTo(email, count, 'Reset your Tödo password');
}

const reset = (token: string, password = newPassword) =>
  send(server.client(), 'resetPassword', { token, newPassword: password });

test('from a forgotten password to a new one: it logs in, the old one and all sessions are over', async () => {
  const user = await server.newUser();
  const asked = user.email.toUpperCase().replace('@EXAMPLE.COM', '@example.com');
  await succeed(server.client(), 'requestPasswordReset', { email: ` ${asked}` });
  // There is one: resetMails waited for it.
  const received = (await resetMails(user.email, 1))[0] as ReceivedMail;
  const { path, token } = linkIn(received);
  expect(path).toBe('/reset-password');
  expect(received.parsed.from?.text).toBe('"Tödo" <todo@mail.example.com>');
  expect((await reset(token)).data.resetPassword).toEqual({ success: true });

  expect((await user.run('{ me { id } }')).code).toBe('UNAUTHENTICATED');
  expect((await logIn(server.client(), user.email, user.password)).code).toBe('INVALID_CREDENTIALS');
  const { accessToken } = (await logIn(server.client(), user.email, newPassword)).data.login;
  expect(await eventsOf(user.withToken(accessToken))).toContain('PASSWORD_RESET');
  expect(server.logs()).toContain('"securityEvent":"PASSWORD_RESET"');

  const again = await reset(token, 'another battery');
  expect([again.code, again.error.message]).toEqual([
    'INVALID_CREDENTIALS',
    expect.stringContaining('no longer valid'),
  ]);
  expect((await logIn(server.client(), user.email, newPassword)).data.login).toBeTruthy();
});

test('someone who is locked out by wrong guesses can log in after a reset', async () => {
  const user = await server.newUser();
  for (let tries = 0; tries < 10; tries++) await logIn(user, user.email, 'wrong horse');
  expect((await logIn(user, user.email, newPassword)).code).toBe('RATE_LIMITED');
  await succeed(server.client(), 'resetPassword', { token: await askFor(user.email), newPassword });
  expect((await logIn(user.withToken(null), user.email, newPassword)).data.login).toBeTruthy();
});

describe('a token', () => {
  const rowsOf = (email: string) =>
    server.sql('select t.* from email_token t join "user" u on u.id = t.user_id where u.email = $1 and kind = $2', [
      email,
      'RESET_PASSWORD',
    ]);

  test('is stored as a hash, and in no log', async () => {
    const user = await server.newUser();
    const token = await askFor(user.email);
    const [row] = await rowsOf(user.email);
    expect(row).toMatchObject({ kind: 'RESET_PASSWORD', email: user.email });
    for (const text of [JSON.stringify(row), server.logs()]) expect(text).not.toContain(token.slice(4));
    expect(server.logs()).not.toContain(user.email);
  });

  test('works once, also for five who use it at the same time', async () => {
    const user = await server.newUser();
    const token = await askFor(user.email);
    const replies = await Promise.all([0, 1, 2, 3, 4].map((each) => reset(token, `${newPassword} ${each}`)));
    const ends = replies.map((reply) => (reply.partialData.resetPassword ? 'success' : reply.code)).sort();
    expect(ends).toEqual([...Array(4).fill('INVALID_CREDENTIALS'), 'success']);
  });

  test('is worthless after half an hour, and to those who make one up', async () => {
    const user = await server.newUser();
    const token = await askFor(user.email);
    const [row] = await rowsOf(user.email);
    const left = Number(row?.expires_at) - Date.now();
    expect(left / 60_000).toBeGreaterThan(25);
    expect(left / 60_000).toBeLessThan(31);
    await server.sql("update email_token set expires_at = now() - interval '1 second' where id = $1", [row?.id]);
    for (const each of [
      token,
      `tqm_${'A'.repeat(43)}`,
      '',
      'x'.repeat(10_000),
      row?.hash as string,
      user.token ?? '',
    ]) {
      expect((await reset(each)).code, each).toBe('INVALID_CREDENTIALS');
    }
    expect((await logIn(server.client(), user.email, user.password)).data.login).toBeTruthy();
  });

  test('survives a password that is refused', async () => {
    const user = await server.newUser();
    const token = await askFor(user.email);
    expect((await reset(token, 'short')).fields).toEqual(['input.newPassword TOO_SHORT']);
    expect((await reset(token, 'password1')).fields).toEqual(['input.newPassword TOO_COMMON']);
    expect((await reset(token, user.email)).fields).toEqual(['input.newPassword SAME_AS_EMAIL']);
    expect((await reset(token)).data.resetPassword).toEqual({ success: true });
  });

  test('survives requests of strangers: five live at once, and using one ends all', async () => {
    const user = await server.newUser();
    const tokens: string[] = [];
    for (let count = 1; count <= 5; count++) tokens.push(await askFor(user.email, count));
    expect(new Set(tokens).size).toBe(5);
    // Later there may be more, but as long as five live, no further one is mailed.
    await server.sql("delete from throttle where key like 'reset for %'");
    await succeed(server.client(), 'requestPasswordReset', { email: user.email });
    const other = await server.newUser();
    await askFor(other.email);
    expect(await resetMails(user.email, 5)).toHaveLength(5);
    expect((await reset(tokens[0] ?? '')).data.resetPassword).toEqual({ success: true });
    for (const token of tokens) expect((await reset(token)).code).toBe('INVALID_CREDENTIALS');
  });

  test.each<[string, (user: Client) => Promise<unknown>]>([
    [
      'the password was changed',
      async (user) => {
        const change = `mutation ($old: String!) {
          changePassword(input: { currentPassword: $old, newPassword: "${newPassword}" }) { expiresIn }
        }`;
        return (await user.run(change, { old: user.password })).data;
      },
    ],
    [
      'the account was deleted',
      async (user) => {
        const remove = 'mutation ($password: String!) { deleteAccount(input: { password: $password }) { success } }';
        return (await user.run(remove, { password: user.password })).data;
      },
    ],
    [
      'the account was disabled',
      (user) => server.sql('update "user" set disabled_at = now() where email = $1', [user.email]),
    ],
  ])('is worthless once %s', async (_name, change) => {
    const user = await server.newUser();
    const token = await askFor(user.email);
    await change(user);
    expect((await reset(token, 'another battery')).code).toBe('INVALID_CREDENTIALS');
  });
});

test('a sixth request for an address within half an hour is refused, whether or not it has an account', async () => {
  const user = await server.newUser();
  for (const email of [user.email, `${randomUUID()}@example.com`]) {
    const ask = () => send(server.client(), 'requestPasswordReset', { email });
    for (let times = 0; times < 5; times++) expect((await ask()).data.requestPasswordReset.success).toBe(true);
    const refused = await ask();
    expect(refused.code).toBe('RATE_LIMITED');
    expect(refused.error.extensions.retryAfter).toBeGreaterThan(1_700);
    expect(refused.error.extensions.retryAfter).toBeLessThanOrEqual(1_800);
  }
});

test('once the links that strangers asked for have ended, the owner can ask for a new one', async () => {
  const user = await server.newUser();
  const tokens: string[] = [];
  for (let count = 1; count <= 5; count++) tokens.push(await askFor(user.email, count));
  expect((await send(server.client(), 'requestPasswordReset', { email: user.email })).code).toBe('RATE_LIMITED');
  const hash = createHash('sha256').update(user.email).digest('base64url');
  const earlier = "- interval '30 minutes'";
  await server.sql(`update throttle set ends_at = ends_at ${earlier} where key like $1`, [`%${hash}`]);
  const owner = '(select id from "user" where email = $1)';
  await server.sql(`update email_token set expires_at = expires_at ${earlier} where user_id = ${owner}`, [user.email]);
  expect((await reset(tokens[4] ?? '')).code).toBe('INVALID_CREDENTIALS');
  expect((await reset(await askFor(user.email, 6))).data.resetPassword).toEqual({ success: true });
});

test('a network gets sixty mails an hour, and another one does not suffer', async () => {
  const { address } = server.client();
  const from = (network: string) =>
    send(Object.assign(server.client(), { address: network }), 'requestPasswordReset', {
      email: `${randomUUID()}@example.com`,
    });
  const replies = await Promise.all(Array.from({ length: 61 }, () => from(address)));
  const codes = replies.flatMap((reply) => (reply.partialData.requestPasswordReset ? [] : [reply.code]));
  expect(codes).toEqual(['RATE_LIMITED']);
  expect((await from(server.client().address)).data.requestPasswordReset.success).toBe(true);
});

test.each(['ada', 'ada@example.com\r\nBcc: eve@example.com', 'ada@example.com, eve@example.com', '"a b"@example.com'])(
  'no mail is asked for with %j',
  async (email) => {
    const reply = await send(server.client(), 'requestPasswordReset', { email });
    expect([reply.code, reply.fields]).toEqual(['BAD_USER_INPUT', ['input.email INVALID_EMAIL']]);
  },
);

describe('where mail is off', () => {
  const silent = useServer();

  test('a reset cannot be asked for, and the start says so', async () => {
    const reply = await send(silent.client(), 'requestPasswordReset', { email: 'ada@example.com' });
    expect(reply.code).toBe('SERVICE_UNAVAILABLE');
    expect(silent.logs()).toContain('mail is off');
  });

  test('mailEnabled says it to anyone', async () => {
    for (const [{ url }, mailEnabled] of [
      [silent, false],
      [server, true],
    ] as const) {
      expect((await new Client(url).run('{ mailEnabled }')).data).toEqual({ mailEnabled });
    }
  });
});
