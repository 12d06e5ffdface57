import jwt from 'jsonwebtoken';
import type { Page } from 'playwright-core';
import { beforeAll, expect } from 'vitest';
import { test } from '../support/browser.ts';
import { Client } from '../support/client.ts';
import { openSettled } from '../support/open-settled.ts';
import { testSecret, useServer } from '../support/server.ts';
import { buildSites } from '../support/sites.ts';
import { TodoPage } from '../support/todo-page.ts';

beforeAll(buildSites);
const server = useServer({ web: true });
const unauthorized = /status of 401/;

/** Puts an access token that ended a minute ago in place of the kept one, as after a week away. */
async function letTokenExpire(page: Page): Promise<void> {
  const key = 'todoql:session';
  const record = JSON.parse(await page.evaluate<string>(`localStorage.getItem('${key}')`));
  const claims = jwt.decode(record.accessToken) as jwt.JwtPayload;
  const accessToken = jwt.sign({ ...claims, exp: Math.floor(Date.now() / 1_000) - 60 }, testSecret);
  const changed = JSON.stringify({ ...record, accessToken });
  await page.evaluate(`localStorage.setItem('${key}', ${JSON.stringify(changed)})`);
}

/** Names of the operations that the pages of a browser send from now on. */
function watchOperations(page: Page): string[] {
  const names: string[] = [];
  page.context().on('request', (request) => {
    if (request.method() === 'POST') names.push(request.postDataJSON().operationName);
  });
  return names;
}

test('an access token that has expired is renewed once, for all that waits for it', async ({ visit, complaints }) => {
  // Beside a bare picture, the browser looks for a favicon.ico.
  complaints.expect(unauthorized, /status of 404/);
  const page = await visit(server.url);
  const todo = new TodoPage(page);
  await todo.signUp();
  await todo.add('One');
  await openSettled(page, server.url);
  // What another tab stores, this one takes up, once it is told.
  const isTold = page.evaluate(
    "new Promise((resolve) => addEventListener('storage', () => resolve(), { once: true }))",
  );
  const other = await page.context().newPage();
  await other.goto(`${server.url}/icon.svg`);
  await letTokenExpire(other);
  await isTold;

  const operations = watchOperations(page);
  const names = ['Viewer', 'Counts', 'Tasks', 'TaskCount'];
  const answers = names.map((name) => todo.answer(name));
  // The network is back, so that all that is shown is asked for again.
  await page.evaluate("dispatchEvent(new Event('online'))");
  const times = (name: string) => operations.filter((other) => other === name).length;
  await Promise.all(answers);
  expect(names.map(times)).toEqual([2, 2, 2, 2]);
  await todo.add('Two');
  expect([times('RefreshSession'), times('CreateTask')]).toEqual([1, 1]);
});

test('two tabs renew one token and stay signed in', async ({ visit, complaints }) => {
  complaints.expect(unauthorized);
  const first = new TodoPage(await visit(server.url));
  await first.signUp();
  await first.add('One');
  const second = new TodoPage(await first.page.context().newPage());
  await letTokenExpire(first.page);

  const operations = watchOperations(first.page);
  await Promise.all([first.page.reload(), second.page.goto(server.url)]);
  await Promise.all([first.expectOpen('One'), second.expectOpen('One')]);
  // Once as a rule; now and then Chromium has not yet told one tab what the other has stored.
  const renewals = operations.filter((name) => name === 'RefreshSession').length;
  expect(renewals).toBeGreaterThanOrEqual(1);
  expect(renewals).toBeLessThanOrEqual(2);

  await first.add('Two');
  await second.add('Three');
  await first.page.reload();
  await first.expectOpen('One', 'Two', 'Three');
  expect(operations.filter((name) => name === 'RefreshSession')).toHaveLength(renewals);
});

test('without a live connection, a session that was ended elsewhere leads to the sign-in form, and from there back', async ({
  visit,
  complaints,
}) => {
  complaints.expect(unauthorized, /ERR_FAILED/);
  const page = await visit(`${server.url}/sign-up`);
  await page.route('**/graphql', (route) =>
    route.request().postDataJSON().operationName === 'Live' ? route.abort() : route.fallback(),
  );
  const todo = new TodoPage(page);
  const email = await todo.signUp();
  await todo.add('One');
  const address = `${server.url}/upcoming`;
  // Nothing is on its way any more: its answer would lead to the form before something is typed.
  await openSettled(page, address);
  await server.sql('delete from session where user_id = (select id from "user" where email = $1)', [email]);

  await todo.send('Two');
  await page.getByText('Your session has ended. Sign in again.').waitFor();
  expect(await page.getByRole('main').textContent()).not.toContain('Two');
  await todo.signIn(email);
  await page.getByRole('heading', { name: 'Upcoming' }).waitFor();
  expect(page.url()).toBe(address);
});

test('a network that is down while a token is renewed does not end the session', async ({ visit, complaints }) => {
  complaints.expect(unauthorized, /ERR_FAILED/);
  const page = await visit(server.url);
  const todo = new TodoPage(page);
  await todo.signUp();
  await todo.add('One');
  await letTokenExpire(page);
  await page.route('**/graphql', (route) =>
    route.request().postDataJSON().operationName === 'RefreshSession' ? route.abort() : route.fallback(),
  );
  await page.reload();
  await page.getByRole('alert').getByText('The server cannot be reached.').first().waitFor();
  await page.unroute('**/graphql');
  await page.getByRole('button', { name: 'Try again' }).first().click();
  await todo.expectOpen('One');
});

test('signing out ends the session on the server, and leaves nothing in the browser that opens it', async ({
  visit,
}) => {
  const page = await visit(server.url);
  const todo = new TodoPage(page);
  const email = await todo.signUp();
  const kept = async () => page.evaluate<string>('JSON.stringify(localStorage)');
  const [token = ''] = /eyJ[\w.-]+/.exec(await kept()) ?? [];
  const client = new Client(server.url, token);
  expect((await client.run('{ me { email } }')).data.me.email).toBe(email);
  await todo.signOut(email);
  expect((await client.run('{ me { email } }')).code).toBe('UNAUTHENTICATED');
  expect(await kept()).not.toMatch(/eyJ|[\w-]{20,}|@/);
  await page.goBack();
  await page.getByRole('heading', { name: /Sign in|Create your account/ }).waitFor();
});
