import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect } from 'vitest';
import { test } from '../support/browser.ts';
import { Client } from '../support/client.ts';
import { repository } from '../support/program.ts';
import { useServer } from '../support/server.ts';
import { buildSites } from '../support/sites.ts';
import { expectFocus, newEmail, noteOf, TodoPage } from '../support/todo-page.ts';

beforeAll(buildSites);
const server = useServer({ web: true });

describe('signing up', () => {
  test('a password that is too short is told beside the field, and can be mended', async ({ visit }) => {
    const page = await visit(server.url);
    const todo = new TodoPage(page);
    await todo.enter('Sign up', newEmail(), 'short');
    await page.getByText('The password is too short: at least 8 characters.').waitFor();
    const field = page.getByLabel('Password');
    expect(await noteOf(field)).toBe('The password is too short: at least 8 characters.');
    await expectFocus(field);
    await page.keyboard.type(' but now long enough');
    await page.keyboard.press('Enter');
    await todo.quickAdd.waitFor();
  });

  test('an address that is none, or that is taken, is told beside the field', async ({ visit }) => {
    const { email } = await Client.signUp(server.url);
    const page = await visit(`${server.url}/sign-up`);
    const todo = new TodoPage(page);
    const field = page.getByLabel('E-mail address');
    await todo.enter('Sign up', 'ada');
    await expect.poll(() => noteOf(field)).toMatch(/^\S.*e-mail.*\.$/i);
    const first = await noteOf(field);
    await todo.enter('Sign up', email);
    await expect.poll(() => noteOf(field)).not.toBe(first);
    expect(await noteOf(field)).toMatch(/(taken|account).*\.$/);
  });
});

describe('signing in', () => {
  test('a wrong password and an unknown address are told alike, and both stay to be mended', async ({ visit }) => {
    const { email } = await Client.signUp(server.url);
    const page = await visit(`${server.url}/sign-in`);
    const todo = new TodoPage(page);
    for (const address of [email, newEmail()]) {
      // What is told of one address stays until the answer to the next.
      await page.reload();
      await todo.enter('Sign in', address, 'wrong horse');
      await page.getByRole('alert').getByText('The e-mail address or password is incorrect.').waitFor();
      expect(await page.getByLabel('E-mail address').inputValue()).toBe(address);
    }
    await todo.signIn(email);
  });

  test('too many tries are told, with the time to wait', async ({ visit }) => {
    const { email } = await Client.signUp(server.url);
    const logIn = 'mutation ($email: String!) { login(input: { email: $email, password: "guessed" }) { tokenType } }';
    // From where the browser comes from, too.
    const client = Object.assign(server.client(), { address: '127.0.0.1' });
    for (let tries = 0; tries < 10; tries++) await client.run(logIn, { email });
    const page = await visit(`${server.url}/sign-in`);
    await new TodoPage(page).enter('Sign in', email);
    await page
      .getByRole('alert')
      .getByText(/^Too many attempts\. Try again in 1[0-5] minutes\.$/)
      .waitFor();
  });

  test('a server that cannot be reached is told, and what was typed is sent when it can', async ({
    visit,
    complaints,
  }) => {
    complaints.expect(/ERR_INTERNET_DISCONNECTED/);
    const { email } = await Client.signUp(server.url);
    const page = await visit(`${server.url}/sign-in`);
    await page.context().setOffline(true);
    await new TodoPage(page).enter('Sign in', email);
    await page.getByRole('alert').getByText('The server cannot be reached.').waitFor();
    await page.context().setOffline(false);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await new TodoPage(page).quickAdd.waitFor();
  });

  test('an answer that nobody has foreseen becomes a sentence', async ({ visit, complaints }) => {
    complaints.expect(/Failed to load resource/);
    const page = await visit(`${server.url}/sign-in`);
    const alert = page.getByRole('alert');
    const answers: Record<string, object> = {
      'a page of a proxy': { status: 502, contentType: 'text/html', body: '<h1>Bad gateway</h1>' },
      'a page of something else': { status: 200, contentType: 'text/html', body: '<h1>Welcome to the hotel</h1>' },
      'half an answer': { status: 200, contentType: 'application/json', body: '{"data":{"log' },
      'an error without a code': { json: { errors: [{ message: {} }] } },
      'a code of later times': failure('TEAPOT', 'at Object.<anonymous> (/srv/app.js:1:1)'),
      'an empty answer': { json: {} },
      'data of nothing': { json: { data: { login: null } } },
      'a bug': failure('INTERNAL_SERVER_ERROR', 'Internal server error'),
    };
    for (const [name, answer] of Object.entries(answers)) {
      await page.reload();
      await page.route('**/graphql', (route) => route.fulfill(answer), { times: 1 });
      await new TodoPage(page).enter('Sign in', newEmail());
      const sentence = /^[A-Z][^<>{}[\]]+\.( \(Reference: \w+\))? ?$/;
      await expect.poll(() => alert.textContent(), { message: name }).toMatch(sentence);
      expect(await alert.textContent()).not.toMatch(/\[object|Error\b|undefined|null|app\.js|hotel/);
    }
  });
});

describe('signed in', () => {
  test('what cannot be loaded says so, and can be tried again', async ({ visit, complaints }) => {
    complaints.expect(/Failed to load resource/);
    const page = await visit(server.url);
    const todo = new TodoPage(page);
    await todo.signUp();
    await page.route('**/graphql', (route) => route.fulfill(failure('INTERNAL_SERVER_ERROR', 'Internal server error')));
    await page.reload();
    await page.getByRole('alert').getByText('Something went wrong on our side.').first().waitFor();
    await page.unroute('**/graphql');
    await page.getByRole('button', { name: 'Try again' }).first().click();
    await todo.quickAdd.waitFor();
  });

  test('without the network a task stays typed, and is added once it is back', async ({ visit, complaints }) => {
    complaints.expect(/ERR_INTERNET_DISCONNECTED/);
    const page = await visit(server.url);
    const todo = new TodoPage(page);
    await todo.signUp();
    await todo.add('One');
    await page.context().setOffline(true);
    await page.getByText('You are offline.').waitFor();
    await todo.send('Two');
    await expect.poll(() => noteOf(todo.quickAdd)).toMatch(/^The server cannot be reached\./);
    await todo.expectOpen('One');
    await page.context().setOffline(false);
    await page.getByText('You are offline.').waitFor({ state: 'hidden' });
    const answer = todo.answer('CreateTask');
    await todo.quickAdd.press('Enter');
    await answer;
    await todo.expectOpen('One', 'Two');
  });

  test('without the network what was not opened yet can be opened', async ({ visit, complaints }) => {
    complaints.expect(/ERR_INTERNET_DISCONNECTED/);
    const page = await visit(server.url);
    const todo = new TodoPage(page);
    await todo.signUp();
    await todo.add('One');
    // A second after the first view all the rest is asked for, in parts that come in any order.
    const parts = readdirSync(join(repository, 'dist/web/assets')).filter((name) => name.endsWith('.js'));
    const loaded = () =>
      page.evaluate<string[]>("performance.getEntriesByType('resource').map(({ name }) => name.split('/').at(-1))");
    await expect.poll(loaded).toEqual(expect.arrayContaining(parts));
    await page.context().setOffline(true);
    await todo.task('One').click();
    const task = page.getByRole('complementary', { name: 'Task' });
    await task.getByText('The server cannot be reached.').waitFor();
    await task.getByRole('button', { name: 'Close the task' }).click();
    await page.getByRole('button', { name: 'New list' }).click();
    await page.getByRole('dialog', { name: 'New list' }).waitFor();
  });

  test('a task of which only the answer was lost is not made twice by another try', async ({ visit, complaints }) => {
    complaints.expect(/ERR_FAILED/);
    const page = await visit(server.url);
    const todo = new TodoPage(page);
    await todo.signUp();
    await page.route('**/graphql', async (route) => {
      if (route.request().postDataJSON().operationName !== 'CreateTask') return route.fallback();
      await route.fetch();
      await route.abort();
    });
    await todo.send('One');
    await expect.poll(() => noteOf(todo.quickAdd)).toMatch(/^The server cannot be reached\./);
    await page.unroute('**/graphql');
    const answer = todo.answer('CreateTask');
    await todo.quickAdd.press('Enter');
    await answer;
    await todo.expectOpen('One');
    // Meant, and so another one.
    const other = todo.answer('CreateTask');
    await todo.send('One');
    await other;
    await todo.expectOpen('One', 'One');
    await page.reload();
    await todo.expectOpen('One', 'One');
  });

  test('a task that is refused stays typed, with the reason beside it', async ({ visit }) => {
    const page = await visit(server.url);
    const todo = new TodoPage(page);
    await todo.signUp();
    const long = 'x'.repeat(600);
    await todo.send(long);
    await expect.poll(() => noteOf(todo.quickAdd)).toMatch(/^The title is too long/);
    expect(await todo.quickAdd.inputValue()).toBe(long);
    await todo.expectOpen();
  });
});

function failure(code: string, message: string) {
  const extensions = { code, requestId: '01a1fd7d-c777-7075-857b-240b258208ff' };
  return { json: { data: null, errors: [{ message, extensions }] } };
}

test('a change whose code cannot be loaded yet says so, loses nothing, and works when it can', async ({
  visit,
  complaints,
}) => {
  complaints.expect(/ERR_FAILED/);
  const page = await visit(`${server.url}/`);
  await page.route('**/assets/all-actions-*.js', (route) => route.abort());
  const todo = new TodoPage(page);
  await todo.signUp();
  await todo.send('Buy milk');
  await page.getByRole('alert').getByText('The server cannot be reached.').waitFor();
  expect(await todo.quickAdd.inputValue()).toBe('Buy milk');
  await page.unroute('**/assets/all-actions-*.js');
  await todo.add('Buy milk');
});
