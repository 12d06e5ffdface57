import type { Page } from 'playwright-core';
import { beforeAll, expect } from 'vitest';
import { test } from '../support/browser.ts';
import { openSettled } from '../support/open-settled.ts';
import { useServer } from '../support/server.ts';
import { buildSites } from '../support/sites.ts';
import { expectFocus, TodoPage } from '../support/todo-page.ts';
import { signIn, watchOperations } from '../support/two-browsers.ts';

beforeAll(buildSites);
const server = useServer({ web: true });

/** The focused field: its text, and what is selected. */
const focusedField = (page: Page) =>
  page.evaluate<string>(`(({ value, selectionStart, selectionEnd }) =>
    value + ' ' + selectionStart + '-' + selectionEnd)(document.activeElement)`);
const select = (page: Page, start: number, end: number) =>
  page.evaluate(`document.activeElement.setSelectionRange(${start}, ${end})`);

test('what one browser does appears in the other, whose half-typed task, selection and focus stay', async ({
  visit,
}) => {
  const { device, todo: there } = await signIn(server.url, visit, 'One', 'Two', 'Three');
  const here = new TodoPage(await visit(`${server.url}/sign-in`));
  await here.signIn(device.email);
  await there.quickAdd.fill('Half a task');
  await select(there.page, 2, 6);

  await here.add('Four');
  await there.expectOpen('One', 'Two', 'Three', 'Four');
  await here.checkbox('Two').click();
  await there.expectOpen('One', 'Three', 'Four');
  await here.page.getByRole('main').getByRole('button', { name: 'Rename: Three' }).click();
  await here.page.getByRole('main').getByRole('textbox', { name: 'Title' }).fill('Drei');
  await here.page.keyboard.press('Enter');
  await there.expectOpen('One', 'Drei', 'Four');
  await here.task('One').click();
  await here.page.getByRole('button', { name: 'Delete the task' }).click();
  await there.expectOpen('Drei', 'Four');
  await expectFocus(there.quickAdd);
  expect(await focusedField(there.page)).toBe('Half a task 2-6');
});

test('a half-typed title stays while other tasks change', async ({ visit }) => {
  const { device, todo } = await signIn(server.url, visit, 'One', 'Two');
  await todo.task('One').click();
  const title = todo.page.getByRole('complementary', { name: 'Task' }).getByRole('textbox', { name: 'Title' });
  await title.fill('One more');
  await select(todo.page, 4, 8);
  await device.createTask('Three');
  await todo.expectOpen('One', 'Two', 'Three');
  await expectFocus(title);
  expect(await focusedField(todo.page)).toBe('One more 4-8');
});

test('an open menu stays, and what it offers is up to date', async ({ visit }) => {
  const { device, todo } = await signIn(server.url, visit, 'One');
  await todo.task('One').click();
  const task = todo.page.getByRole('complementary', { name: 'Task' });
  await task.getByRole('button', { name: /^Labels/ }).click();
  const find = task.getByRole('textbox', { name: 'Find or create a label' });
  await find.fill('urg');
  await device.run('mutation { createLabel(input: { name: "urgent" }) { label { id } } }');
  await task.getByText('urgent').first().waitFor();
  await expectFocus(find);
  expect(await find.inputValue()).toBe('urg');
});

test('counts of what is not shown change, too', async ({ visit }) => {
  const { device, todo } = await signIn(server.url, visit, 'One');
  await todo.follow('Today');
  await todo.page.getByRole('link', { name: /^Inbox\s*1/ }).waitFor();
  await device.createTask('Two');
  await todo.page.getByRole('link', { name: /^Inbox\s*2/ }).waitFor();
  await device.run('mutation { createList(input: { name: "Home" }) { list { id } } }');
  await todo.page.getByRole('navigation').getByRole('link', { name: 'Home' }).waitFor();
});

test('own changes reload nothing; those of another device do so once', async ({ visit }) => {
  const { device, todo, userId } = await signIn(server.url, visit, 'One');
  await openSettled(todo.page, server.url);
  // Until an event has arrived, and a reload would have begun.
  const arrived = todo.page.evaluate(`new Promise((resolve) => {
    new BroadcastChannel('todoql:live:${userId}').addEventListener('message', ({ data }) => {
      if (data.changes.length > 0) setTimeout(resolve, 500);
    });
  })`);
  const operations = watchOperations(todo.page);
  await todo.add('Two');
  await arrived;
  await todo.checkbox('One').click();
  await todo.message('Completed “One”.').waitFor();
  expect(operations).toEqual(['CreateTask', 'CompleteTasks']);
  await device.createTask('Three');
  await todo.expectOpen('Two', 'Three');
  expect(operations.filter((name) => name === 'Tasks')).toHaveLength(1);
});

test('an idle page asks for nothing', async ({ visit }) => {
  const { device, todo } = await signIn(server.url, visit, 'One');
  await todo.page.clock.install();
  await todo.page.reload();
  await todo.expectOpen('One');
  await device.createTask('Two');
  await todo.expectOpen('One', 'Two');
  const operations = watchOperations(todo.page);
  // Less than the time after which a connection without a sign of life is lost: none comes while the clock is set forward.
  await todo.page.clock.runFor('00:35');
  expect(operations).toEqual([]);
  await device.createTask('Three');
  await todo.expectOpen('One', 'Two', 'Three');
});
