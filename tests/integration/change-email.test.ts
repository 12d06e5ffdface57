import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { Client } from '../support/client.ts';
import { eventsOf, logIn, send, succeed } from '../support/mail-mutations.ts';
import type { ReceivedMail } from '../support/mail-server.ts';
import { linkIn, useMailingServer } from '../support/mailing-server.ts';
import { useServer } from '../support/server.ts';

const { server, mail } = useMailingServer();
const anyAddress = () => `${randomUUID()}@example.com`;

const ask = (user: Client, newEmail: string, password = user.password) =>
  send(user, 'requestEmailChange', { newEmail, password });

/** Asks for a change. @returns the token of the count-th mail to the new address */
async function askFor(user: Client, newEmail: string, count = 1): Promise<string> {
  expect((await ask(user, newEmail)).data.requestEmailChange).toEqual({ success: true });
  const received = await mail.mailsTo(newEmail, count, 'Confirm your new e-mail address for Tödo');
  // There are so many: mailsTo waited for them.
  const { path, token } = linkIn(received[count - 1] as ReceivedMail);
  expect(path).toBe('/confirm-email');
  return token;
}

const confirm = (token: string, client = server.client()) => send(client, 'confirmEmailChange', { token });
const me = async (user: Client) => (await user.run('{ me { email emailVerified } }')).data.me;

async function textTo(address: string, subject: string): Promise<string> {
  const [received] = await mail.mailsTo(address, 1, subject);
  return received?.parsed.text ?? '';
}

test('an account gets a new address once the mail to it is confirmed, and the old one is told, twice', async () => {
  const user = Object.assign(await server.newUser(), {
    userAgent: 'Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0 http://evil.example <b>',
  });
  const newEmail = anyAddress();
  const token = await askFor(user, newEmail);
  const asked = await textTo(user.email, 'Your Tödo account is to get a new e-mail address');
  expect(asked).toContain(`to ${newEmail}: `);
  expect(asked).toMatch(
    new RegExp(`\\w 20\\d\\d at \\d\\d:\\d\\d UTC, from Firefox on Linux \\(${user.address}\\)\\.`),
  );
  expect(asked).not.toContain('evil');
  expect(await me(user)).toEqual({ email: user.email, emailVerified: false });

  expect((await confirm(token)).data.confirmEmailChange).toEqual({ success: true });
  // The sessions stay.
  expect(await me(user)).toEqual({ email: newEmail, emailVerified: true });
  expect(await textTo(user.email, 'Your Tödo account has a new e-mail address')).toContain(`is now ${newEmail}: `);
  expect(await eventsOf(user)).toEqual(expect.arrayContaining(['EMAIL_CHANGE_REQUESTED', 'EMAIL_CHANGED']));
  expect((await logIn(server.client(), user.email, user.password)).code).toBe('INVALID_CREDENTIALS');
  expect((await logIn(server.client(), newEmail, user.password)).data.login).toBeTruthy();
  expect((await confirm(token)).code).toBe('INVALID_CREDENTIALS');
  expect(server.logs()).not.toContain(newEmail);
  // The address of before is free.
  await Client.signUp(server.url, user.email);
});

test('the case of letters of an address can be changed', async () => {
  const user = await server.newUser();
  const newEmail = user.email.toUpperCase().replace('@EXAMPLE.COM', '@example.com');
  await succeed(server.client(), 'confirmEmailChange', { token: await askFor(user, newEmail) });
  expect((await me(user)).email).toBe(newEmail);
});

test('for an address that another account has, the answer is the same, and its owner gets a mail without a link', async () => {
  const [user, owner] = [await server.newUser(), await server.newUser()];
  const before = await me(owner);
  const reply = await ask(user, owner.email.replace('@example', '@EXAMPLE'));
  expect(reply.data.requestEmailChange).toEqual({ success: true });
  const text = await textTo(owner.email, 'You already have an account with Tödo');
  expect(text).not.toContain('token');
  expect(text).not.toContain(user.email);
  await textTo(user.email, 'Your Tödo account is to get a new e-mail address');
  expect(
    await server.sql("select from email_token where kind = 'CHANGE_EMAIL' and email ilike $1", [owner.email]),
  ).toEqual([]);
  expect(await me(owner)).toEqual(before);
  expect(await eventsOf(owner)).not.toContain('EMAIL_CHANGE_REQUESTED');
});

test('an address that another account has taken meanwhile is refused, and the token stays', async () => {
  const [user, newEmail] = [await server.newUser(), anyAddress()];
  const token = await askFor(user, newEmail);
  const other = await Client.signUp(server.url, newEmail);
  const refused = await confirm(token);
  expect([refused.code, refused.error.message]).toEqual(['CONFLICT', expect.stringContaining('by now')]);
  expect((await me(user)).email).toBe(user.email);
  await other.run('mutation { deleteAccount(input: { password: "correct horse" }) { success } }');
  expect((await confirm(token)).data.confirmEmailChange).toEqual({ success: true });
});

describe('a change is refused', () => {
  test('with a wrong password, and then mails nothing', async () => {
    const [user, newEmail] = [await server.newUser(), anyAddress()];
    expect((await ask(user, newEmail, 'wrong horse')).code).toBe('INVALID_CREDENTIALS');
    await askFor(await server.newUser(), anyAddress());
    expect(mail.received.filter(({ to }) => to === newEmail)).toEqual([]);
    expect(await eventsOf(user)).not.toContain('EMAIL_CHANGE_REQUESTED');
  });

  test('signed out, to the same address, and to none', async () => {
    const user = await server.newUser();
    expect((await ask(user.withToken(null), anyAddress())).code).toBe('UNAUTHENTICATED');
    expect((await ask(user, user.email)).fields).toEqual(['input.newEmail SAME_AS_CURRENT']);
    expect((await ask(user, 'ada@example.com\nBcc: eve@example.com')).fields).toEqual(['input.newEmail INVALID_EMAIL']);
  });

  test('for the sixth time in an hour: to one address by anybody, and by one account', async () => {
    const newEmail = anyAddress();
    const [first, second, user] = [await server.newUser(), await server.newUser(), await server.newUser()];
    for (let times = 0; times < 3; times++) expect((await ask(first, newEmail)).data).toBeTruthy();
    for (let times = 0; times < 2; times++) expect((await ask(second, newEmail)).data).toBeTruthy();
    expect((await ask(user, newEmail)).code).toBe('RATE_LIMITED');
    for (let times = 0; times < 5; times++) expect((await ask(user, anyAddress())).data).toBeTruthy();
    expect((await ask(user, anyAddress())).code).toBe('RATE_LIMITED');
  });

  test('without a loss for the owner of the address, who can still reset the password', async () => {
    const [stranger, owner] = [await server.newUser(), await server.newUser()];
    for (let times = 0; times < 5; times++) expect((await ask(stranger, owner.email)).data).toBeTruthy();
    expect((await ask(stranger, owner.email)).code).toBe('RATE_LIMITED');
    await succeed(server.client(), 'requestPasswordReset', { email: owner.email });
    expect(await mail.mailsTo(owner.email, 1, 'Reset your Tödo password')).toHaveLength(1);
  });
});

describe('a token', () => {
  test("changes the account that asked, whoever sends it, and nobody else's", async () => {
    const [user, stranger, newEmail] = [await server.newUser(), await server.newUser(), anyAddress()];
    const token = await askFor(user, newEmail);
    for (const name of ['verifyEmail', 'resetPassword']) {
      const more = name === 'resetPassword' ? { newPassword: 'battery staple' } : {};
      expect((await send(server.client(), name, { token, ...more })).code).toBe('INVALID_CREDENTIALS');
    }
    expect((await confirm(token, stranger)).data.confirmEmailChange).toEqual({ success: true });
    expect((await me(user)).email).toBe(newEmail);
    expect((await me(stranger)).email).toBe(stranger.email);
  });

  test('ends all others of the account', async () => {
    const user = await server.newUser();
    const [first, second] = [await askFor(user, anyAddress()), await askFor(user, anyAddress())];
    await succeed(server.client(), 'requestPasswordReset', { email: user.email });
    const [reset] = await mail.mailsTo(user.email, 1, 'Reset your Tödo password');
    expect((await confirm(second)).data.confirmEmailChange).toEqual({ success: true });
    expect((await confirm(first)).code).toBe('INVALID_CREDENTIALS');
    // It was mailed to the old address, which may be a stranger's by now.
    const { token } = linkIn(reset as ReceivedMail);
    const refused = await send(server.client(), 'resetPassword', { token, newPassword: 'battery staple' });
    expect(refused.code).toBe('INVALID_CREDENTIALS');
  });

  test('ends with a change of the password', async () => {
    const user = await server.newUser();
    const token = await askFor(user, anyAddress());
    const change = `mutation ($old: String!) {
      changePassword(input: { currentPassword: $old, newPassword: "battery staple" }) { expiresIn }
    }`;
    expect((await user.run(change, { old: user.password })).data.changePassword).toBeTruthy();
    expect((await confirm(token)).code).toBe('INVALID_CREDENTIALS');
  });
});

describe('where mail is off', () => {
  const silent = useServer();

  test('a change cannot be asked for', async () => {
    expect((await ask(await silent.newUser(), anyAddress())).code).toBe('SERVICE_UNAVAILABLE');
  });
});
