import type { Page } from 'playwright-core';
import { beforeAll, expect } from 'vitest';
import { test } from '../support/browser.ts';
import { useServer } from '../support/server.ts';
import { buildSites } from '../support/sites.ts';
import { TodoPage } from '../support/todo-page.ts';

beforeAll(buildSites);
const server = useServer({ web: true });

/** Another tab of the same browser. */
async function openTab(page: Page, path = '/'): Promise<TodoPage> {
  const tab = await page.context().newPage();
  await tab.goto(`${server.url}${path}`);
  return new TodoPage(tab);
}

/** As the browser does when one goes to another tab, or comes back; a headless one has none to go between. */
async function show({ page }: TodoPage, isShown: boolean): Promise<void> {
  const state = isShown ? 'visible' : 'hidden';
  await page.evaluate(`Object.defineProperty(document, 'visibilityState', { value: '${state}', configurable: true })`);
  await page.evaluate("document.dispatchEvent(new Event('visibilitychange'))");
}

/** Resolves in a page once it was told of so many changes of other tabs, and has done what it does then. */
const toldOfChanges = (count: number): string => `new Promise((resolve) => {
  let left = ${count};
  new BroadcastChannel('todoql:changes').addEventListener('message', () => {
    left -= 1;
    if (left === 0) setTimeout(resolve);
  });
})`;

test('signing in or out in one tab does so in the others', async ({ visit }) => {
  const first = new TodoPage(await visit(server.url));
  const email = await first.signUp();
  await first.add('One');
  const second = await openTab(first.page, '/today');
  await second.quickAdd.waitFor();

  await first.signOut(email);
  await second.page.getByText('You have signed out in another tab.').waitFor();
  expect(await second.page.locator('body').textContent()).not.toContain(email);

  await second.signIn(email);
  await second.page.getByRole('heading', { name: 'Today' }).waitFor();
  await first.page.getByRole('heading', { name: 'Sign in' }).waitFor({ state: 'hidden' });
  await first.follow('Inbox');
  await first.expectOpen('One');
});

test('what is done in one tab is there in the other, without a moment between', async ({ visit }) => {
  const first = new TodoPage(await visit(server.url));
  await first.signUp();
  await first.add('One');
  const second = await openTab(first.page);
  await second.expectOpen('One');

  await first.add('Two', 'Three');
  await first.checkbox('One').click();
  await first.expectOpen('Two', 'Three');
  await second.expectOpen('Two', 'Three');
  await second.checkbox('Three').click();
  await first.expectOpen('Two');
});

test('a hidden tab asks for nothing, and for what has changed once it is seen again', async ({ visit }) => {
  const first = new TodoPage(await visit(server.url));
  await first.signUp();
  await first.add('One');
  const second = await openTab(first.page);
  await second.expectOpen('One');
  await show(second, false);
  const asked: string[] = [];
  second.page.on('request', (request) => request.method() === 'POST' && asked.push(request.url()));

  const isTold = second.page.evaluate(toldOfChanges(2));
  await first.add('Two');
  await first.checkbox('One').click();
  await first.expectOpen('Two');
  await isTold;
  expect(asked).toEqual([]);
  await show(second, true);
  await second.expectOpen('Two');
});

test('what was done elsewhere is there when one comes back to the page after a while', async ({ visit }) => {
  const todo = new TodoPage(await visit(server.url));
  const email = await todo.signUp();
  await todo.add('One');
  await todo.page.clock.install();
  await show(todo, false);
  const elsewhere = new TodoPage(await visit(`${server.url}/sign-in`));
  await elsewhere.signIn(email);
  await elsewhere.expectOpen('One');
  await elsewhere.add('Two');
  // Then the server has it.
  await elsewhere.page.reload();
  await elsewhere.expectOpen('One', 'Two');

  await todo.page.clock.fastForward('01:00');
  await show(todo, true);
  await todo.expectOpen('One', 'Two');
});
