import { expect, test } from 'vitest';
import { Client } from '../support/client.ts';
import { eventsOf, send, succeed } from '../support/mail-mutations.ts';
import type { ReceivedMail } from '../support/mail-server.ts';
import { linkIn, useMailingServer } from '../support/mailing-server.ts';
import { useServer } from '../support/server.ts';

const { server, mail } = useMailingServer();
const subject = 'Confirm your e-mail address for Tödo';

/** The token of the count-th mail; there is one, since mailsTo waits for it. */
async function tokenOf({ email }: Client, count = 1): Promise<string> {
  const received = (await mail.mailsTo(email, count, subject))[count - 1] as ReceivedMail;
  const { path, token } = linkIn(received);
  expect(path).toBe('/verify-email');
  return token;
}

const isVerified = async (user: Client) => (await user.run('{ me { emailVerified } }')).data.me.emailVerified;
const verify = (token: string) => send(server.client(), 'verifyEmail', { token });

test('sign-up mails a link that confirms the address, once, signed in or not', async () => {
  const user = await server.newUser();
  const token = await tokenOf(user);
  expect(await isVerified(user)).toBe(false);
  expect((await verify(token)).data.verifyEmail).toEqual({ success: true });
  expect(await isVerified(user)).toBe(true);
  expect(await eventsOf(user)).toContain('EMAIL_VERIFIED');
  expect((await verify(token)).code).toBe('INVALID_CREDENTIALS');
});

test('the mail can be sent again, and is not once the address is confirmed', async () => {
  const user = await server.newUser();
  const first = await tokenOf(user);
  await succeed(user, 'sendVerificationEmail');
  const second = await tokenOf(user, 2);
  expect(second).not.toBe(first);
  await succeed(server.client(), 'verifyEmail', { token: first });
  // Using one ends all of its kind.
  expect((await verify(second)).code).toBe('INVALID_CREDENTIALS');
  await succeed(user, 'sendVerificationEmail');
  const [{ waiting } = {}] = await server.sql(
    "select count(*)::int as waiting from public_jobs.job where name = 'mail-verification'",
  );
  expect(waiting).toBe(0);
  expect(await mail.mailsTo(user.email, 2, subject)).toHaveLength(2);
});

test('the sixth mail within an hour is refused, with the one of the sign-up', async () => {
  const user = await server.newUser();
  for (let times = 0; times < 4; times++) await succeed(user, 'sendVerificationEmail');
  expect((await send(user, 'sendVerificationEmail')).code).toBe('RATE_LIMITED');
});

test('a stranger who signs up with the address, which is taken, uses up none of them', async () => {
  const user = await server.newUser();
  const signup = 'mutation ($e: String!) { signup(input: { email: $e, password: "battery staple" }) { expiresIn } }';
  for (let times = 0; times < 4; times++) {
    expect((await server.client().run(signup, { e: user.email })).code).toBe('CONFLICT');
  }
  for (let times = 0; times < 4; times++) await succeed(user, 'sendVerificationEmail');
  expect((await send(user, 'sendVerificationEmail')).code).toBe('RATE_LIMITED');
});

test('with five live tokens, the oldest one ends: nobody but the owner can ask for more', async () => {
  const user = await server.newUser();
  const oldest = await tokenOf(user);
  await server.sql('delete from throttle');
  for (let count = 2; count <= 6; count++) {
    await succeed(user, 'sendVerificationEmail');
    await tokenOf(user, count);
    await server.sql('delete from throttle');
  }
  const count = `select count(*)::int as count from email_token t join "user" u on u.id = user_id
    where u.email = $1 and t.ended_at is null`;
  expect(await server.sql(count, [user.email])).toEqual([{ count: 5 }]);
  expect((await verify(oldest)).code).toBe('INVALID_CREDENTIALS');
  expect((await verify(await tokenOf(user, 6))).data.verifyEmail).toEqual({ success: true });
});

test('the link works for a day', async () => {
  const user = await server.newUser();
  const token = await tokenOf(user);
  const rows =
    'email_token set expires_at = expires_at - $2::interval from "user" u where u.id = user_id and u.email = $1';
  await server.sql(`update ${rows}`, [user.email, '24 hours']);
  expect((await verify(token)).code).toBe('INVALID_CREDENTIALS');
  await server.sql(`update ${rows}`, [user.email, '-1 hour']);
  expect((await verify(token)).data.verifyEmail).toEqual({ success: true });
});

test('a token of one kind is not accepted as one of another', async () => {
  const user = await server.newUser();
  const token = await tokenOf(user);
  const reset = await send(server.client(), 'resetPassword', { token, newPassword: 'battery staple' });
  expect(reset.code).toBe('INVALID_CREDENTIALS');
  await succeed(server.client(), 'requestPasswordReset', { email: user.email });
  const [received] = await mail.mailsTo(user.email, 1, 'Reset your Tödo password');
  const other = linkIn(received as ReceivedMail).token;
  expect((await verify(other)).code).toBe('INVALID_CREDENTIALS');
  expect(await isVerified(user)).toBe(false);

  // A reset proves that the mail arrived, and ends the tokens of all kinds.
  await succeed(server.client(), 'resetPassword', { token: other, newPassword: 'battery staple' });
  expect(await server.sql('select email_verified from "user" where email = $1', [user.email])).toEqual([
    { email_verified: true },
  ]);
  expect((await verify(token)).code).toBe('INVALID_CREDENTIALS');
});

test('a sign-up whose address got five mails in this hour works, and mails nothing', async () => {
  const signUpAndLeave = async (email?: string) => {
    const user = await Client.signUp(server.url, email);
    await user.run('mutation { deleteAccount(input: { password: "correct horse" }) { success } }');
    return user.email;
  };
  const email = await signUpAndLeave();
  for (let times = 0; times < 4; times++) await signUpAndLeave(email);
  const user = await Client.signUp(server.url, email);
  expect((await send(user, 'sendVerificationEmail')).code).toBe('RATE_LIMITED');
  await tokenOf(await server.newUser());
  expect(mail.received.filter(({ to }) => to === email).length).toBeLessThanOrEqual(5);
});

test('what strangers count for an address does not show that it has just signed up', async () => {
  const user = await server.newUser();
  for (let times = 0; times < 2; times++) await succeed(server.client(), 'requestPasswordReset', { email: user.email });
  expect((await send(server.client(), 'requestPasswordReset', { email: user.email })).code).toBe('RATE_LIMITED');
  await succeed(user, 'sendVerificationEmail');
});

test('asking needs a log-in', async () => {
  expect((await send(server.client(), 'sendVerificationEmail')).code).toBe('UNAUTHENTICATED');
});

test('accounts of before are not confirmed, and without mail nobody can confirm', async () => {
  const user = await silent.newUser();
  expect(await isVerified(user)).toBe(false);
  expect((await send(user, 'sendVerificationEmail')).code).toBe('SERVICE_UNAVAILABLE');
});
const silent = useServer();
