import type { Locator, Page } from 'playwright-core';
import { beforeAll, expect } from 'vitest';
import { test } from '../support/browser.ts';
import { useServer } from '../support/server.ts';
import { buildSites } from '../support/sites.ts';
import { expectFocus, newEmail, password, TodoPage } from '../support/todo-page.ts';

beforeAll(buildSites);
const server = useServer({ web: true });

/** Presses Tab until it has the focus, which an eye can follow all the way. */
async function tabTo(page: Page, goal: Locator, key: 'Tab' | 'Shift+Tab' = 'Tab'): Promise<void> {
  await goal.waitFor();
  for (let presses = 0; presses < 60; presses++) {
    if (await goal.evaluate((element) => element === element.ownerDocument.activeElement)) return;
    await page.keyboard.press(key);
  }
  throw new Error(`Tab never comes to ${goal}.`);
}

test('all of it can be done by keyboard alone: sign up, add, put in order, complete, rename, delete, undo', async ({
  visit,
}) => {
  const page = await visit(server.url);
  const todo = new TodoPage(page);
  const { keyboard } = page;
  await tabTo(page, page.getByLabel('E-mail address'));
  await keyboard.type(newEmail());
  await keyboard.press('Tab');
  await keyboard.type(password);
  await keyboard.press('Enter');

  await tabTo(page, todo.quickAdd);
  for (const title of ['One', 'Two', 'Three', 'Four']) {
    await keyboard.type(title);
    await keyboard.press('Enter');
    await expectFocus(todo.quickAdd);
  }
  await todo.expectOpen('One', 'Two', 'Three', 'Four');

  await tabTo(page, todo.task('One'));
  await keyboard.press('Alt+ArrowDown');
  await todo.expectOpen('Two', 'One', 'Three', 'Four');
  await page.getByText('One: position 2 of 4.').waitFor();
  await expectFocus(todo.task('One'));

  await keyboard.press('ArrowDown');
  await expectFocus(todo.task('Three'));
  await tabTo(page, todo.checkbox('Three'), 'Shift+Tab');
  await keyboard.press('Space');
  await todo.expectOpen('Two', 'One', 'Four');

  await tabTo(page, todo.task('Two'), 'Shift+Tab');
  await keyboard.press('F2');
  await expectFocus(page.getByRole('textbox', { name: 'Title' }));
  await keyboard.type('Two and a half');
  await keyboard.press('Enter');
  await todo.expectOpen('Two and a half', 'One', 'Four');
  await expectFocus(todo.task('Two and a half'));

  await keyboard.press('Delete');
  await todo.expectOpen('One', 'Four');
  // The row that takes its place.
  await expectFocus(todo.task('One'));
  // Until then, the last message is that of the completed one.
  await todo.message('Deleted “Two and a half”.').waitFor();
  await tabTo(page, page.getByRole('button', { name: 'Undo' }).last());
  await keyboard.press('Enter');
  await todo.expectOpen('Two and a half', 'One', 'Four');
  await todo.message('Restored “Two and a half”.').waitFor();

  await page.reload();
  await todo.expectOpen('Two and a half', 'One', 'Four');
});

test('a task opens and closes by keyboard, and the focus comes back to its row', async ({ visit }) => {
  for (const width of [360, 1440]) {
    const page = await visit(server.url, { viewport: { width, height: 900 } });
    const todo = new TodoPage(page);
    await todo.signUp();
    await todo.add('One', 'Two');
    await tabTo(page, todo.task('Two'));
    await page.keyboard.press('Enter');
    const title = page.getByRole('textbox', { name: 'Title' });
    await expectFocus(title);
    expect(await title.inputValue()).toBe('Two');
    await page.keyboard.press('Escape');
    await title.waitFor({ state: 'hidden' });
    await expectFocus(todo.task('Two'));
  }
});

const placeOfFocus = `document.activeElement.closest('dialog, main, nav, body').localName`;

test('a dialog keeps the focus inside, and gives it back', async ({ visit }) => {
  const page = await visit(server.url);
  await new TodoPage(page).signUp();
  const opener = page.getByRole('button', { name: 'New list' });
  await tabTo(page, opener, 'Shift+Tab');
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: 'New list' });
  await expectFocus(dialog.getByLabel('Name'));
  const stops = new Set<string>();
  for (let presses = 0; presses < 30; presses++) {
    await page.keyboard.press('Tab');
    stops.add(await page.evaluate<string>(placeOfFocus));
  }
  // Past its end the browser has the focus, for one press, and the body stands for it.
  expect([...stops].sort()).toEqual(['body', 'dialog']);
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'hidden' });
  await expectFocus(opener);
});

// On a narrow screen the closed menu has the messages as well, and in a dialog the page behind it.
test.for([360, 1440])(
  'a message stays as long as somebody is at it, and then goes, at %i px',
  async (width, { visit }) => {
    const page = await visit(server.url, { viewport: { width, height: 900 } });
    await page.clock.install();
    await page.reload();
    const todo = new TodoPage(page);
    await todo.signUp();
    await todo.add('One', 'Two');
    await todo.checkbox('One').press('Space');
    const undo = page.getByRole('button', { name: 'Undo' });
    await tabTo(page, undo);
    await page.clock.fastForward('01:00');
    await expectFocus(undo);
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await page.clock.fastForward('01:00');
    await undo.waitFor({ state: 'hidden' });

    await todo.checkbox('Two').press('Space');
    await undo.hover();
    await page.clock.fastForward('01:00');
    await undo.click();
    await todo.expectOpen('Two');
  },
);

test('a message in a dialog stays as long as somebody is at it', async ({ visit }) => {
  const page = await visit(server.url, { viewport: { width: 768, height: 900 } });
  await page.clock.install();
  await page.reload();
  const todo = new TodoPage(page);
  await todo.signUp();
  await todo.add('One');
  await todo.task('One').click();
  const sheet = page.getByRole('dialog', { name: 'Task' });
  await sheet.getByRole('checkbox', { name: 'Done: One' }).press('Space');
  const undo = sheet.getByRole('button', { name: 'Undo' });
  await tabTo(page, undo);
  await page.clock.fastForward('01:00');
  await expectFocus(undo);
});
