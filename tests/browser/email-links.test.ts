import type { Page } from 'playwright-core';
import { beforeAll, expect } from 'vitest';
import { test } from '../support/browser.ts';
import { Client } from '../support/client.ts';
import { succeed } from '../support/mail-mutations.ts';
import type { ReceivedMail } from '../support/mail-server.ts';
import { linkIn, useMailingServer } from '../support/mailing-server.ts';
import { buildSites } from '../support/sites.ts';
import { newEmail, noteOf, password, TodoPage } from '../support/todo-page.ts';

beforeAll(buildSites);
const { server, mail } = useMailingServer({ web: true });

const subjects = {
  reset: 'Reset your Tödo password',
  verify: 'Confirm your e-mail address for Tödo',
  change: 'Confirm your new e-mail address for Tödo',
  changed: 'Your Tödo account has a new e-mail address',
};

/** The address of a mailed link on the server under test. */
function addressOf(received: ReceivedMail | undefined): string {
  if (!received) throw new Error('There is no such mail.');
  const { path, token } = linkIn(received);
  return `${server.url}${path}#token=${token}`;
}

async function mailedLink(to: string, subject: string, count = 1): Promise<string> {
  return addressOf((await mail.mailsTo(to, count, subject)).at(-1));
}

const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click();
const says = (page: Page, text: string) => page.getByText(text).waitFor();

test('a forgotten password: from the sign-in form by mail to a new one, and in', async ({ visit, complaints }) => {
  complaints.expect(/status of 401/);
  const { email } = await Client.signUp(server.url, newEmail(), password);
  const page = await visit(`${server.url}/sign-in`);
  await page.getByRole('link', { name: 'Forgot your password?' }).click();
  await page.getByLabel('E-mail address').fill(email);
  await press(page, 'Send the link');
  await says(page, `If there is an account with the address ${email}, a link is on its way to it.`);

  await page.goto(await mailedLink(email, subjects.reset));
  const field = page.getByLabel('New password', { exact: true });
  await field.fill('short');
  await press(page, 'Change password');
  await expect.poll(() => noteOf(field)).toContain('too short');
  expect(page.url()).toBe(`${server.url}/reset-password`);
  await field.fill('battery staple');
  await press(page, 'Change password');
  await says(page, 'You have been signed out on all devices.');
  await page.getByRole('link', { name: 'Sign in' }).click();
  const todo = new TodoPage(page);
  await todo.enter('Sign in', email, 'battery staple');
  await todo.quickAdd.waitFor();
});

test('an unknown address reads the same, and gets no mail', async ({ visit }) => {
  const email = newEmail();
  const page = await visit(`${server.url}/forgot-password`);
  await page.getByLabel('E-mail address').fill(email);
  await press(page, 'Send the link');
  await says(page, `If there is an account with the address ${email}, a link is on its way to it.`);
});

test('who asked too often is pointed to the link that was sent', async ({ visit }) => {
  const { email } = await Client.signUp(server.url, newEmail(), password);
  for (let times = 0; times < 2; times++) await succeed(server.client(), 'requestPasswordReset', { email });
  const page = await visit(`${server.url}/forgot-password`);
  await page.getByLabel('E-mail address').fill(email);
  await press(page, 'Send the link');
  await page.getByRole('alert').getByText('Too many attempts.').waitFor();
  await says(page, 'A link that was sent within the last 30 minutes still works.');
});

test('a link that was used, one of nobody’s and half a one say so, and what to do', async ({ visit }) => {
  const { email } = await Client.signUp(server.url, newEmail(), password);
  const page = await visit(`${server.url}/forgot-password`);
  await page.getByLabel('E-mail address').fill(email);
  await press(page, 'Send the link');
  const used = await mailedLink(email, subjects.reset);
  await page.goto(used);
  await page.getByLabel('New password', { exact: true }).fill('battery staple');
  await press(page, 'Change password');
  await says(page, 'You have been signed out');

  for (const link of [used, `${server.url}/reset-password#token=tqm_${'x'.repeat(43)}`]) {
    await page.goto('about:blank');
    await page.goto(link);
    await page.getByLabel('New password', { exact: true }).fill('battery staple 2');
    await press(page, 'Change password');
    await page.getByRole('alert').getByText('This link is no longer valid').waitFor();
  }
  await page.getByRole('link', { name: 'Send me another link' }).click();
  await page.getByRole('heading', { name: 'Forgotten password' }).waitFor();
  for (const path of ['reset-password', 'verify-email#token=', 'confirm-email#nothing']) {
    await page.goto(`${server.url}/${path}`);
    await page.getByRole('alert').getByText('This link is incomplete.').waitFor();
  }
});

test('a banner asks to confirm the address, until the link is used; opening it is not enough', async ({ visit }) => {
  const page = await visit(server.url);
  const todo = new TodoPage(page);
  const email = await todo.signUp();
  const banner = page.getByText(`open the link that was sent to ${email}`);
  await banner.waitFor();
  await press(page, 'Send it again');
  await todo.message(`A link is on its way to ${email}.`).waitFor();
  const link = await mailedLink(email, subjects.verify, 2);

  const other = await page.context().newPage();
  await other.goto(link);
  await other.getByRole('heading', { name: 'Confirm your e-mail address' }).waitFor();
  expect(await server.sql('select from "user" where email = $1 and not email_verified', [email])).toHaveLength(1);
  await press(other, 'Confirm');
  await says(other, 'Your e-mail address is confirmed.');
  // The other tab of the browser hears of it.
  await page.bringToFront();
  await banner.waitFor({ state: 'hidden' });
});

test('the address is changed by a link to the new one, and the old one is told', async ({ visit, complaints }) => {
  complaints.expect(/status of 401/);
  const page = await visit(server.url);
  const todo = new TodoPage(page);
  const [email, next] = [await todo.signUp(), newEmail()];
  await todo.follow(email);
  await press(page, 'Change e-mail address');
  await page.getByLabel('New e-mail address').fill(next);
  await page.getByLabel('Your password').fill('wrong horse');
  await press(page, 'Send the link');
  await expect.poll(() => noteOf(page.getByLabel('Your password'))).toContain('password');
  await page.getByLabel('Your password').fill(password);
  await press(page, 'Send the link');
  await says(page, `Open the link in the e-mail to ${next} within 24 hours. Until then you sign in with ${email}.`);

  await page.goto(await mailedLink(next, subjects.change));
  await press(page, 'Confirm');
  await says(page, 'Your e-mail address has been changed.');
  await mail.mailsTo(email, 1, subjects.changed);
  const client = new Client(server.url, null, next, password);
  const login =
    'mutation ($email: String!, $password: String!) { login(input: { email: $email, password: $password }) { tokenType } }';
  expect((await client.run(login, { email: next, password })).data.login.tokenType).toBe('bearer');
});
