import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { expect, onTestFinished, test } from 'vitest';
import { EmailTokenKind } from '../../src/auth/email/email-token.entity.ts';
import { EmailTokens, endTokens } from '../../src/auth/email/email-tokens.ts';
import { purgeExpired } from '../../src/auth/purge-expired.ts';
import { kyselyOn } from '../../src/database/connections/kysely-on.ts';
import { createLogger } from '../../src/observability/logger.ts';
import type { Client } from '../support/client.ts';
import { idOf } from '../support/deletable-account.ts';
import { useJobsHere } from '../support/jobs-here.ts';
import { send, succeed } from '../support/mail-mutations.ts';
import type { ReceivedMail } from '../support/mail-server.ts';
import { linkIn, useMailingServer } from '../support/mailing-server.ts';

const { server, mail } = useMailingServer();
const jobsHere = useJobsHere(server);
const newPassword = 'battery staple';
const anyAddress = () => `${randomUUID()}@example.com`;
const subjects = {
  'mail-password-reset': 'Reset your Tödo password',
  'mail-verification': 'Confirm your e-mail address for Tödo',
  'mail-address-change': 'Confirm your new e-mail address for Tödo',
};

/**
 * Lets a mail arrive whose job does not learn it, and holds the job until `sendAgain`.
 * @param named a text in the payload of the job
 */
async function lose(name: keyof typeof subjects, to: string, named: string, ask: () => Promise<unknown>) {
  const take = mail.takes;
  onTestFinished(() => {
    mail.takes = take;
  });
  mail.takes = async (stream, session) => {
    await take(stream, session);
    const last = mail.received.at(-1);
    if (last?.to !== to || last.parsed.subject !== subjects[name]) return;
    mail.takes = take;
    throw Object.assign(new Error('Lost'), { responseCode: 451 });
  };
  await ask();
  const [received] = await mail.mailsTo(to, 1, subjects[name]);
  const hold = `update public_jobs.job set start_after = now() + interval '1 hour'
    where name = $1 and state = 'retry' and data::text like '%' || $2 || '%' returning id`;
  const held: Record<string, unknown>[] = [];
  await expect
    .poll(async () => held.push(...(await server.sql(hold, [name, named]))), { timeout: 10_000 })
    .toBeGreaterThan(0);
  const id = held[0]?.id;
  const sendAgain = async () => {
    await server.sql('update public_jobs.job set start_after = now() where id = $1', [id]);
    const left = () => server.sql('select from public_jobs.job where id = $1', [id]);
    await expect.poll(left, { timeout: 20_000 }).toEqual([]);
    return mail.received.filter((each) => each.to === to && each.parsed.subject === subjects[name]);
  };
  return { id, token: linkIn(received as ReceivedMail).token, sendAgain };
}

/** What the log has on a mail that comes too late. */
const tooOld = (id: unknown) => `"mail":"${id}","msg":"a mail was not sent, because its link would be too old"`;

const askForReset = ({ email }: Client) => succeed(server.client(), 'requestPasswordReset', { email });
const askForAddress = (user: Client, newEmail: string) =>
  succeed(user, 'requestEmailChange', { newEmail, password: user.password });

async function changePassword(user: Client): Promise<void> {
  const change = `mutation ($old: String!) {
    changePassword(input: { currentPassword: $old, newPassword: "${newPassword}" }) { expiresIn } }`;
  expect((await user.run(change, { old: user.password })).data.changePassword).toBeTruthy();
}

async function resetPassword(user: Client): Promise<void> {
  await askForReset(user);
  const [received] = await mail.mailsTo(user.email, 1, subjects['mail-password-reset']);
  await succeed(server.client(), 'resetPassword', { token: linkIn(received as ReceivedMail).token, newPassword });
}

async function changeAddress(user: Client): Promise<void> {
  const newEmail = anyAddress();
  await askForAddress(user, newEmail);
  const [received] = await mail.mailsTo(newEmail, 1, subjects['mail-address-change']);
  await succeed(server.client(), 'confirmEmailChange', { token: linkIn(received as ReceivedMail).token });
}

test.each([
  ['a new password', changePassword],
  ['a reset', resetPassword],
  ['another address', changeAddress],
])(
  'a change of address that waits for its mail ends with %s',
  async (_name, change) => {
    const [user, newEmail] = [await server.newUser(), anyAddress()];
    const asked = () => askForAddress(user, newEmail);
    const { token, sendAgain } = await lose('mail-address-change', newEmail, newEmail, asked);
    await change(user);
    expect(await sendAgain()).toHaveLength(1);
    expect((await send(server.client(), 'confirmEmailChange', { token })).code).toBe('INVALID_CREDENTIALS');
  },
  60_000,
);

test('a reset that waits for its mail ends with a change of the password, and a later one does not', async () => {
  const user = await server.newUser();
  const { id, token, sendAgain } = await lose('mail-password-reset', user.email, user.email, () => askForReset(user));
  await changePassword(user);
  expect(await sendAgain()).toHaveLength(1);
  expect(server.logs()).not.toContain(tooOld(id));
  const reset = (each: string) => send(server.client(), 'resetPassword', { token: each, newPassword: 'horse battery' });
  expect((await reset(token)).code).toBe('INVALID_CREDENTIALS');
  await askForReset(user);
  const received = (await mail.mailsTo(user.email, 2, subjects['mail-password-reset']))[1] as ReceivedMail;
  expect((await reset(linkIn(received).token)).data.resetPassword).toEqual({ success: true });
}, 60_000);

test('a job that is at work during a change issues no token', async () => {
  const user = await server.newUser();
  await mail.mailsTo(user.email, 1, subjects['mail-verification']);
  const change = new pg.Client(server.databaseUrl);
  await change.connect();
  await change.query('begin');
  await change.query('select from "user" where id = $1 for no key update', [idOf(user)]);
  await askForReset(user);
  const waiting = `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
  await expect.poll(() => server.sql(waiting), { timeout: 10_000 }).toHaveLength(1);
  await endTokens(kyselyOn(change), idOf(user));
  await change.query('commit');
  await change.end();
  const left = () => server.sql("select from public_jobs.job where data ->> 'email' = $1", [user.email]);
  await expect.poll(left, { timeout: 20_000 }).toEqual([]);
  expect(mail.received.filter((each) => each.to === user.email)).toHaveLength(1);
}, 60_000);

test('a used token stays used when its mail would be sent again', async () => {
  const user = await server.newUser();
  const { token, sendAgain } = await lose('mail-password-reset', user.email, user.email, () => askForReset(user));
  await succeed(server.client(), 'resetPassword', { token, newPassword });
  expect(await sendAgain()).toHaveLength(1);
  const again = await send(server.client(), 'resetPassword', { token, newPassword: 'horse battery' });
  expect(again.code).toBe('INVALID_CREDENTIALS');
}, 60_000);

test('a mail that is sent again renews no time', async () => {
  const user = await server.newUser();
  const { id, token, sendAgain } = await lose('mail-password-reset', user.email, user.email, () => askForReset(user));
  const expiry = () => server.sql('select expires_at from email_token where id = $1', [id]);
  await server.sql("update email_token set expires_at = expires_at - interval '20 minutes' where id = $1", [id]);
  const before = await expiry();
  expect((await sendAgain()).map((each) => linkIn(each).token)).toEqual([token, token]);
  expect(await expiry()).toEqual(before);
}, 60_000);

test('no mail is sent again for a token that has expired, also once expired ones were purged', async () => {
  const user = await server.newUser();
  const { id, token, sendAgain } = await lose('mail-password-reset', user.email, user.email, () => askForReset(user));
  await server.sql("update email_token set expires_at = now() - interval '23 hours' where id = $1", [id]);
  await jobsHere.runPeriodic(purgeExpired);
  expect(await sendAgain()).toHaveLength(1);
  expect(server.logs()).toContain(tooOld(id));
  const reset = await send(server.client(), 'resetPassword', { token, newPassword });
  expect(reset.code).toBe('INVALID_CREDENTIALS');
  await server.sql("update email_token set expires_at = now() - interval '25 hours' where id = $1", [id]);
  await jobsHere.runPeriodic(purgeExpired);
  expect(await server.sql('select from email_token where id = $1', [id])).toEqual([]);
}, 60_000);

test('a job that is older than a day issues no token', async () => {
  const user = await server.newUser();
  const { id, sendAgain } = await lose('mail-password-reset', user.email, user.email, () => askForReset(user));
  await server.sql('delete from email_token where id = $1', [id]);
  await server.sql("update public_jobs.job set created_on = now() - interval '25 hours' where id = $1", [id]);
  expect(await sendAgain()).toHaveLength(1);
  expect(server.logs()).toContain(tooOld(id));
}, 60_000);

test('a token that made room for newer ones does not come back', async () => {
  const user = await server.newUser();
  await mail.mailsTo(user.email, 1, subjects['mail-verification']);
  await server.sql('delete from email_token where user_id = $1', [idOf(user)]);
  const newEmail = anyAddress();
  const asked = () => askForAddress(user, newEmail);
  const { token, sendAgain } = await lose('mail-address-change', newEmail, newEmail, asked);
  for (let count = 1; count <= 5; count++) {
    const other = anyAddress();
    await server.sql('delete from throttle');
    await askForAddress(user, other);
    await mail.mailsTo(other, 1, subjects['mail-address-change']);
  }
  expect(await sendAgain()).toHaveLength(1);
  expect((await send(server.client(), 'confirmEmailChange', { token })).code).toBe('INVALID_CREDENTIALS');
}, 60_000);

test('which links a further request ends does not show whether the address is taken', async () => {
  const owner = await server.newUser();
  for (const [address, subject] of [
    [anyAddress(), subjects['mail-address-change']],
    [owner.email, 'You already have an account with Tödo'],
  ] as const) {
    const user = await server.newUser();
    const tokens: string[] = [];
    const ask = async (to: string, about = subjects['mail-address-change']) => {
      await server.sql('delete from throttle');
      await askForAddress(user, to);
      return (await mail.mailsTo(to, 1, about))[0] as ReceivedMail;
    };
    for (let count = 1; count <= 5; count++) tokens.push(linkIn(await ask(anyAddress())).token);
    await ask(address, subject);
    tokens.push(linkIn(await ask(anyAddress())).token);
    expect((await send(server.client(), 'confirmEmailChange', { token: tokens[1] })).code).toBe('INVALID_CREDENTIALS');
    expect((await send(server.client(), 'confirmEmailChange', { token: tokens[2] })).data).toBeTruthy();
  }
}, 60_000);

test('an address that was taken at the first attempt gets no link at the next', async () => {
  const [user, newEmail] = [await server.newUser(), anyAddress()];
  const { id, sendAgain } = await lose('mail-address-change', newEmail, newEmail, () => askForAddress(user, newEmail));
  // As for an address that is taken: the token is nobody's.
  await server.sql("update email_token set email = '' where id = $1", [id]);
  expect(await sendAgain()).toHaveLength(1);
}, 60_000);

test.each([
  ['as the previous secret, it has the same link', true],
  ['for good, it has another link, and that one works', false],
])('if the secret is replaced before a mail is sent again: %s', async (_name, isKept) => {
  const user = await server.newUser();
  const change = new pg.Client(server.databaseUrl);
  await change.connect();
  onTestFinished(() => change.end());
  const logger = createLogger('silent');
  const job = { id: randomUUID(), enqueuedAt: new Date(Date.now() + 1_000), logger };
  const wanted = { userId: idOf(user), kind: EmailTokenKind.RESET_PASSWORD, email: user.email };
  const issue = (tokens: EmailTokens) => tokens.issue(kyselyOn(change), job, wanted);
  const [first, second] = [
    await issue(new EmailTokens('one secret', null)),
    await issue(new EmailTokens('another secret', isKept ? 'one secret' : null)),
  ];
  expect(second === first).toBe(isKept);
  const reset = (token: string | null) => send(server.client(), 'resetPassword', { token, newPassword });
  if (!isKept) expect((await reset(first)).code).toBe('INVALID_CREDENTIALS');
  expect((await reset(second)).data.resetPassword).toEqual({ success: true });
});
