import type { Page } from 'playwright-core';
import { beforeAll, expect } from 'vitest';
import { test } from '../support/browser.ts';
import { useServer } from '../support/server.ts';
import { buildSites } from '../support/sites.ts';
import { TodoPage } from '../support/todo-page.ts';

beforeAll(buildSites, 120_000);
const server = useServer({ web: true });

/** Another tab of the same browser. */
async function openTab(page: Page, path = '/'): Promise<TodoPage> {
  const tab = await page.context().newPage();
  await tab.clock.install();
  await tab.goto(`${server.url}${path}`);
  return new TodoPage(tab);
}

/** What the browser tells a page when one comes back to its tab; a headless one has no tabs to go between. */
async function comeBack({ page }: TodoPage): Promise<void> {
  await page.evaluate("document.dispatchEvent(new Event('visibilitychange'))");
  await page.evaluate("dispatchEvent(new Event('focus'))");
}

test('signing in or out in one tab does so in the others', async ({ visit }) => {
  const first = new TodoPage(await visit(server.url));
  const email = await first.signUp();
  await first.add('One');
  const second = await openTab(first.page, '/today');
  await second.quickAdd.waitFor();

  await first.signOut(email);
  await second.page.getByText('You have signed out in another tab.').waitFor();
  expect(await second.page.getByRole('main').textContent()).not.toContain(email);

  await second.signIn(email);
  await second.page.getByRole('heading', { name: 'Today' }).waitFor();
  await first.page.getByRole('heading', { name: 'Sign in' }).waitFor({ state: 'hidden' });
  await first.follow('Inbox');
  await first.expectOpen('One');
});

test('what was done in one tab is there in the other when one comes back to it', async ({ visit }) => {
  const first = new TodoPage(await visit(server.url));
  await first.signUp();
  await first.add('One');
  const second = await openTab(first.page);
  await second.expectOpen('One');

  await first.add('Two');
  await first.checkbox('One').click();
  await first.expectOpen('Two');
  // What was asked for a moment ago is not asked for again.
  await second.page.clock.fastForward('01:00');
  await comeBack(second);
  await second.expectOpen('Two');
});
