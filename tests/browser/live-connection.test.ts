import { beforeAll, describe, expect } from 'vitest';
import { expectAccessible } from '../support/axe.ts';
import { test } from '../support/browser.ts';
import { openSettled } from '../support/open-settled.ts';
import { startServer, useServer } from '../support/server.ts';
import { buildSites } from '../support/sites.ts';
import { password, TodoPage } from '../support/todo-page.ts';
import { isLive, signIn, watchOperations } from '../support/two-browsers.ts';

beforeAll(buildSites);
const server = useServer({ web: true });

const sign = ({ page }: TodoPage) => page.getByRole('status').getByText('Connection lost.');

test('a lost connection is shown until it is back, and then what was missed', async ({ visit, complaints }) => {
  complaints.expect(/ERR_|status of 503/);
  const running = await startServer(server.databaseUrl, { web: true });
  const { device, todo } = await signIn(running.url, visit, 'One');
  expect(await sign(todo).count()).toBe(0);
  await running.stop();
  await sign(todo).waitFor();
  await expectAccessible(todo.page, 'a lost connection', sign(todo), [360, 768, 1440]);
  await todo.page.evaluate("document.documentElement.dir = 'rtl'");
  await expectAccessible(todo.page, 'a lost connection, from right to left', sign(todo), [360, 768, 1440]);
  const { x = -1, width = 0 } = (await sign(todo).boundingBox()) ?? {};
  expect([x >= 0, x + width <= 1440]).toEqual([true, true]);

  await device.at(server.url).createTask('Two');
  const again = await startServer(server.databaseUrl, { web: true, port: Number(new URL(running.url).port) });
  try {
    await sign(todo).waitFor({ state: 'detached' });
    await todo.expectOpen('One', 'Two');
  } finally {
    await again.stop();
  }
});

test('a restart of the server is not shown, and nothing is missed', async ({ visit, complaints }) => {
  complaints.expect(/status of 503/);
  const { device, todo, userId } = await signIn(server.url, visit, 'One');
  const { page } = todo;
  await showTab(todo, false);
  // From now on, the time of the page passes only as the test says.
  await page.clock.install();
  await page.clock.pauseAt(Date.now() + 60_000);
  let requests = 0;
  await page.route('**/graphql', async (route) => {
    if (route.request().postDataJSON().operationName !== 'Live' || ++requests > 1) return route.fallback();
    await device.createTask('Two');
    await route.fulfill({ status: 503, body: 'restarting' });
  });
  const isBack = page.evaluate(`new Promise((resolve) => {
    new BroadcastChannel('todoql:live:${userId}').addEventListener('message', ({ data }) => data.isLost || resolve());
  })`);
  await showTab(todo, true);
  const signs: number[] = [];
  const requestsSoon = async () => {
    await page.clock.runFor(20);
    signs.push(await sign(todo).count());
    return requests;
  };
  await expect.poll(requestsSoon).toBe(2);
  await isBack;
  await page.clock.runFor(10_000);
  await todo.expectOpen('One', 'Two');
  expect(Math.max(...signs, await sign(todo).count())).toBe(0);
});

test('without a network, one notice says so, and what was missed comes with the network', async ({
  visit,
  complaints,
}) => {
  complaints.expect(/ERR_/);
  const { device, todo } = await signIn(server.url, visit, 'One');
  await todo.page.context().setOffline(true);
  await todo.page.getByRole('status').getByText('You are offline.').waitFor();
  await device.createTask('Two');
  await todo.page.context().setOffline(false);
  await todo.expectOpen('One', 'Two');
  await todo.page.getByText('You are offline.').waitFor({ state: 'detached' });
});

test('one tab of a browser has the connection, and another one takes it over', async ({ visit }) => {
  const { device, todo: first } = await signIn(server.url, visit, 'One');
  const tab = await first.page.context().newPage();
  const operations = watchOperations(tab);
  await tab.goto(server.url);
  const second = new TodoPage(tab);
  await second.expectOpen('One');
  await device.createTask('Two');
  await Promise.all([first.expectOpen('One', 'Two'), second.expectOpen('One', 'Two')]);
  expect(operations).not.toContain('Live');
  await first.page.close();
  await expect.poll(() => operations).toContain('Live');
  await device.createTask('Three');
  await second.expectOpen('One', 'Two', 'Three');
});

test('a hidden tab has no connection, and catches up when it is shown', async ({ visit }) => {
  const { device, todo } = await signIn(server.url, visit, 'One');
  const ended = todo.page.waitForEvent('requestfailed', (request) => request.postDataJSON().operationName === 'Live');
  await showTab(todo, false);
  await ended;
  const operations = watchOperations(todo.page);
  await device.createTask('Two');
  expect(operations).toEqual([]);
  await showTab(todo, true);
  await todo.expectOpen('One', 'Two');
});

test('a cursor that the server refuses is given up, and everything reloaded', async ({ visit, complaints }) => {
  complaints.expect(/status of 400/);
  const { device, todo } = await signIn(server.url, visit, 'One');
  await showTab(todo, false);
  await todo.page.evaluate("localStorage.setItem('todoql:cursor', 'of-another-life')");
  await device.createTask('Two');
  await showTab(todo, true);
  await todo.expectOpen('One', 'Two');
  await isLive(todo);
  expect(await todo.page.evaluate("localStorage.getItem('todoql:cursor')")).not.toBe('of-another-life');
});

test('a session that was ended elsewhere leads to the sign-in form at once', async ({ visit, complaints }) => {
  complaints.expect(/status of 401/);
  const { device, todo } = await signIn(server.url, visit, 'One');
  await openSettled(todo.page, server.url);
  await server.sql('delete from session where user_id = (select id from "user" where email = $1)', [device.email]);
  await todo.page.getByText('Your session has ended. Sign in again.').waitFor();
  expect(await todo.page.getByRole('main').textContent()).not.toContain('One');
  await todo.signIn(device.email);
  await todo.expectOpen('One');
});

describe('where access tokens are valid for a few seconds', () => {
  const brief = useServer({ web: true, accessTokenTtl: 10 });

  test('an idle page renews its token when the stream ends, and stays live', async ({ visit, complaints }) => {
    complaints.expect(/status of 401/);
    const { device, todo } = await signIn(brief.url, visit, 'One');
    await openSettled(todo.page, brief.url);
    const operations = watchOperations(todo.page);
    await expect.poll(() => operations).toContain('RefreshSession');
    await expect.poll(() => operations.lastIndexOf('Live')).toBeGreaterThan(operations.indexOf('RefreshSession'));
    const logIn = 'mutation ($input: LoginInput!) { login(input: $input) { accessToken } }';
    const { data } = await device.withToken(null).run(logIn, { input: { email: device.email, password } });
    await device.withToken(data.login.accessToken).createTask('Two');
    await todo.expectOpen('One', 'Two');
  });
});

/** As the browser does when one goes to another tab, or comes back. */
async function showTab({ page }: TodoPage, isShown: boolean): Promise<void> {
  const state = isShown ? 'visible' : 'hidden';
  await page.evaluate(`Object.defineProperty(document, 'visibilityState', { value: '${state}', configurable: true })`);
  await page.evaluate("document.dispatchEvent(new Event('visibilitychange'))");
}
