import { beforeAll, expect } from 'vitest';
import { test } from '../support/browser.ts';
import { Client } from '../support/client.ts';
import { useServer } from '../support/server.ts';
import { buildSites } from '../support/sites.ts';
import { newEmail, password, TodoPage } from '../support/todo-page.ts';

beforeAll(buildSites);
const open = useServer();
const server = useServer({
  web: true,
  signup: false,
  get databaseUrl() {
    return open.databaseUrl;
  },
});

test.for(['/', '/sign-up'])('with SIGNUP=off, %s offers to sign in, and nothing else', async (path, { visit }) => {
  const { email } = await Client.signUp(open.url, newEmail(), password);
  const page = await visit(`${server.url}${path}`);
  await page.getByText('New here? Ask the operator of this server for an account.').waitFor();
  expect(await page.getByRole('link').count()).toBe(0);
  expect(await page.getByRole('button', { name: 'Sign up' }).count()).toBe(0);
  const todo = new TodoPage(page);
  await todo.signIn(email);
  await todo.quickAdd.waitFor();
});

test('a disabled account reads why it cannot sign in, and its owner later what happened', async ({ visit }) => {
  const { email } = await Client.signUp(open.url, newEmail(), password);
  const set = (value: string) => open.sql(`update "user" set disabled_at = ${value} where email = $1`, [email]);
  await set('now()');
  const page = await visit(`${server.url}/sign-in`);
  const todo = new TodoPage(page);
  await todo.enter('Sign in', email);
  await page.getByText('This account is disabled. Ask the operator of this server to enable it.').waitFor();
  await set('null');
  await open.sql(
    `insert into security_event (user_id, id, kind, at) select id, gen_random_uuid(), kind, now() from "user",
     unnest(array['ACCOUNT_DISABLED', 'ACCOUNT_ENABLED', 'SESSIONS_ENDED_BY_OPERATOR', 'PASSWORD_SET_BY_OPERATOR']) kind
     where email = $1`,
    [email],
  );
  await page.getByRole('button', { name: 'Sign in' }).click();
  await todo.follow(email);
  await page.getByText('Sign-in refused: the account was disabled').waitFor();
  for (const text of [
    'Account disabled by',
    'Account enabled again by',
    'Signed out everywhere by',
    'Password set by',
  ]) {
    await page.getByText(`${text} the operator`).waitFor();
  }
});
