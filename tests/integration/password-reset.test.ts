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
    const clearBudget = () => server.sql("delete from throttle where key like 'reset for %'");
    for (let count = 1; count <= 5; count++) {
      tokens.push(await askFor(user.email, count));
      await clearBudget();
    }
    expect(new Set(tokens).size).toBe(5);
    // As long as five live, no further one is mailed.
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

/** As if so many minutes had passed for an address. */
async function passMinutes(email: string, minutes: number): Promise<void> {
  const earlier = `- interval '${minutes} minutes'`;
  const hash = createHash('sha256').update(email).digest('base64url');
  await server.sql(`update throttle set ends_at = ends_at ${earlier} where key like $1`, [`%${hash}`]);
  const owner = '(select id from "user" where email = $1)';
  await server.sql(`update email_token set expires_at = expires_at ${earlier} where user_id = ${owner}`, [email]);
}

test('an address gets two mails in half an hour, and at most five in an hour, whether or not it has an account', async () => {
  const user = await server.newUser();
  for (const email of [user.email, `${randomUUID()}@example.com`]) {
    /** Asks until it is refused. @returns how often it was not */
    const ask = async (most: number): Promise<number> => {
      for (let times = 0; times < most; times++) {
        const reply = await send(server.client(), 'requestPasswordReset', { email });
        if (reply.partialData.requestPasswordReset) continue;
        expect(reply.code).toBe('RATE_LIMITED');
        expect(reply.error.extensions.retryAfter).toBeLessThanOrEqual(1_800);
        return times;
      }
      return most;
    };
    expect(await ask(1)).toBe(1);
    await passMinutes(email, 29);
    // The most of any hour: these, and those of the two windows that follow.
    expect(await ask(10)).toBe(1);
    await passMinutes(email, 1);
    expect(await ask(10)).toBe(2);
    await passMinutes(email, 30);
    expect(await ask(10)).toBe(2);
    await passMinutes(email, 29);
    expect(await ask(10)).toBe(0);
  }
});

test('whenever a request is refused, its owner has a link that works', async () => {
  const user = await server.newUser();
  const live = () =>
    server.sql(
      `select from email_token t join "user" u on u.id = user_id
       where u.email = $1 and kind = 'RESET_PASSWORD' and ended_at is null and expires_at > now()`,
      [user.email],
    );
  let last = '';
  let count = 0;
  for (const minutes of [0, 45, 15, 15, 30, 29, 30]) {
    await passMinutes(user.email, minutes);
    for (;;) {
      const reply = await send(server.client(), 'requestPasswordReset', { email: user.email });
      if (!reply.partialData.requestPasswordReset) break;
      count += 1;
      last = linkIn((await resetMails(user.email, count)).at(-1) as ReceivedMail).token;
      // At first only one, so that what follows starts within a window.
      if (count === 1) break;
    }
    expect(await live(), `after ${minutes} minutes`).not.toEqual([]);
  }
  expect((await reset(last)).data.resetPassword).toEqual({ success: true });
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
