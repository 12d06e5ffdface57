import { describe, expect, test } from 'vitest';
import { Client } from '../support/client.ts';
import { eventsOf, send, succeed } from '../support/mail-mutations.ts';
import type { ReceivedMail } from '../support/mail-server.ts';
import { linkIn, useMailingServer } from '../support/mailing-server.ts';

const { server, mail } = useMailingServer();
const newDevice = 'New sign-in to your Tödo account';
const firefox = (version: string) => `Mozilla/5.0 (X11; Linux x86_64; rv:${version}) Gecko/20100101 Firefox/${version}`;

/** Logs in from the network and by the program of a client. */
async function logInAs(from: Client, { email, password }: Client): Promise<{ refreshToken: string }> {
  const login = `mutation ($email: String!, $password: String!) {
    login(input: { email: $email, password: $password }) { accessToken refreshToken }
  }`;
  return (await from.run(login, { email, password })).data.login;
}

const elsewhere = (userAgent: string) => Object.assign(server.client(), { userAgent });

/** Waits for a mail that is asked for now, so that earlier ones have arrived. @returns the subjects of a user's mails */
async function subjectsOf({ email }: Client): Promise<(string | undefined)[]> {
  await succeed(server.client(), 'requestPasswordReset', { email });
  await mail.mailsTo(email, 1, 'Reset your Tödo password');
  const left = () => server.sql("select from public_jobs.job where name = 'mail-notice'");
  await expect.poll(left, { timeout: 20_000 }).toEqual([]);
  return mail.received.filter(({ to }) => to === email).map(({ parsed }) => parsed.subject);
}

test('a changed password is told to its owner', async () => {
  const user = Object.assign(await server.newUser(), { userAgent: firefox('145.0') });
  const change = `mutation ($old: String!) {
    changePassword(input: { currentPassword: $old, newPassword: "battery staple" }) { expiresIn }
  }`;
  expect((await user.run(change, { old: 'wrong horse' })).code).toBe('INVALID_CREDENTIALS');
  expect((await user.run(change, { old: user.password })).data.changePassword).toBeTruthy();
  const [notice] = await mail.mailsTo(user.email, 1, 'Your Tödo password was changed');
  expect(notice?.parsed.text).toContain(`UTC, from Firefox on Linux (${user.address}). All other devices`);
  expect(notice?.parsed.html).toContain(`from Firefox on Linux (${user.address})`);
  expect(notice?.parsed.text).not.toMatch(/https?:/);
});

test('a password that was reset is told to its owner', async () => {
  const user = await server.newUser();
  await succeed(server.client(), 'requestPasswordReset', { email: user.email });
  const [asked] = await mail.mailsTo(user.email, 1, 'Reset your Tödo password');
  const { token } = linkIn(asked as ReceivedMail);
  await succeed(server.client(), 'resetPassword', { token, newPassword: 'battery staple' });
  const [notice] = await mail.mailsTo(user.email, 1, 'Your Tödo password was reset');
  expect(notice?.parsed.text).toMatch(/UTC, from the address 10\.\d+\.\d+\.\d+\. All devices/);
});

test('a refresh token that is used in two places is told to the owner, once', async () => {
  const user = await server.newUser();
  const { refreshToken } = await logInAs(user.withToken(null), user);
  const refresh = (from: Client) =>
    from.run('mutation ($t: String!) { refreshSession(input: { refreshToken: $t }) { refreshToken } }', {
      t: refreshToken,
    });
  expect((await refresh(user.withToken(null))).data.refreshSession).toBeTruthy();
  const thief = elsewhere('thief https://evil.example');
  for (let times = 0; times < 3; times++) expect((await refresh(thief)).code).toBe('INVALID_CREDENTIALS');
  const [notice] = await mail.mailsTo(user.email, 1, 'A device was signed out of your Tödo account');
  expect(notice?.parsed.text).toContain(`from the address ${thief.address}`);
  expect(notice?.raw).not.toContain('evil');
  const told = (await subjectsOf(user)).filter((subject) => subject?.startsWith('A device'));
  expect(told).toHaveLength(1);
});

test('an address gets ten notices an hour, of all kinds and accounts: what happens beyond succeeds and is recorded', async () => {
  const change = `mutation ($same: String!) {
    changePassword(input: { currentPassword: $same, newPassword: $same }) { accessToken }
  }`;
  const changePassword = async (user: Client, times: number): Promise<Client> => {
    if (times === 0) return user;
    const { accessToken } = (await user.run(change, { same: user.password })).data.changePassword;
    return changePassword(user.withToken(accessToken), times - 1);
  };
  const changed = 'Your Tödo password was changed';
  const first = await changePassword(await server.newUser(), 5);
  // The notices of an account are deleted with it.
  await mail.mailsTo(first.email, 5, changed);
  await succeed(first, 'deleteAccount', { password: first.password });
  const second = await Client.signUp(server.url, first.email);
  await succeed(second, 'requestEmailChange', { newEmail: `new-${first.email}`, password: second.password });
  const user = await changePassword(second, 6);
  expect(await logInAs(elsewhere('unknown'), user)).toBeTruthy();
  expect((await eventsOf(user)).sort()).toEqual([
    'EMAIL_CHANGE_REQUESTED',
    'LOGIN',
    ...Array(6).fill('PASSWORD_CHANGED'),
    'SIGNUP',
  ]);
  const notices = (await subjectsOf(user)).filter((subject) => subject === newDevice || subject?.startsWith('Your'));
  const asked = 'Your Tödo account is to get a new e-mail address';
  expect(notices.sort()).toEqual([asked, ...Array(9).fill(changed)]);
});

describe('a log-in', () => {
  test('from an unknown network by an unknown program is told to the owner, and not a second time', async () => {
    const user = await server.newUser();
    const other = elsewhere(firefox('145.0'));
    await logInAs(other, user);
    const [notice] = await mail.mailsTo(user.email, 1, newDevice);
    expect(notice?.parsed.text).toContain(`from Firefox on Linux (${other.address})`);
    await logInAs(other, user);
    // Known by its program, though of a later version, or by its network.
    await logInAs(elsewhere(firefox('146.0.1')), user);
    await logInAs(Object.assign(elsewhere('curl/8'), { address: other.address }), user);
    expect((await subjectsOf(user)).filter((subject) => subject === newDevice)).toHaveLength(1);
    await logInAs(elsewhere('Mozilla/5.0 (Windows NT 10.0) Chrome/140.0.0.0 Safari/537.36'), user);
    const [, second] = await mail.mailsTo(user.email, 2, newDevice);
    expect(second?.parsed.text).toContain('from Chrome on Windows');
  });

  test('is not told if the network or the program is known, or the password is wrong', async () => {
    const user = await server.newUser();
    // By the program of the sign-up, then from the network of that log-in.
    await logInAs(user.withToken(null), user);
    await logInAs(Object.assign(elsewhere('curl/8'), { address: user.address }), user);
    const wrong = elsewhere('unknown');
    const login = 'mutation ($e: String!) { login(input: { email: $e, password: "wrong horse" }) { expiresIn } }';
    expect((await wrong.run(login, { e: user.email })).code).toBe('INVALID_CREDENTIALS');
    expect(await subjectsOf(user)).not.toContain(newDevice);
  });

  test('from what was known 90 days ago is told', async () => {
    const user = await server.newUser();
    await server.sql(
      `update security_event set at = now() - interval '91 days' from "user" u where u.id = user_id and u.email = $1`,
      [user.email],
    );
    await logInAs(user.withToken(null), user);
    expect(await mail.mailsTo(user.email, 1, newDevice)).toHaveLength(1);
  });
});

test('a deleted account leaves no notice behind', async () => {
  const user = await server.newUser();
  const password = user.password;
  const both = `mutation ($password: String!) {
    changePassword(input: { currentPassword: $password, newPassword: "battery staple" }) { accessToken }
  }`;
  const { accessToken } = (await user.run(both, { password })).data.changePassword;
  const remove = await send(user.withToken(accessToken), 'deleteAccount', { password: 'battery staple' });
  expect(remove.data.deleteAccount).toEqual({ success: true });
  const jobs = 'select from public_jobs.job where data::text like $1';
  expect(await server.sql(jobs, [`%${user.email}%`])).toEqual([]);
});
