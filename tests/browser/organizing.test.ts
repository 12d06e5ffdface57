import { beforeAll, expect } from 'vitest';
import { test } from '../support/browser.ts';
import { Client } from '../support/client.ts';
import { useServer } from '../support/server.ts';
import { buildSites } from '../support/sites.ts';
import { TodoPage } from '../support/todo-page.ts';

beforeAll(buildSites);
const server = useServer({ web: true });

test('a list, and in it a task with a day, a priority, a label, notes and a subtask, all of it kept', async ({
  visit,
}) => {
  const page = await visit(server.url);
  const todo = new TodoPage(page);
  await todo.signUp();
  await page.getByRole('button', { name: 'New list' }).click();
  await page.getByRole('dialog').getByLabel('Name').fill('Home');
  await page.getByRole('button', { name: 'Create list' }).click();
  await page.getByRole('heading', { name: 'Home', level: 1 }).waitFor();
  await todo.add('Paint the door');

  await todo.task('Paint the door').click();
  const task = page.getByRole('complementary', { name: 'Task' });
  await task.getByRole('button', { name: /^Due/ }).click();
  await task.getByRole('button', { name: 'Today' }).click();
  await task.getByRole('button', { name: 'Due Today' }).waitFor();
  await task.getByRole('button', { name: /^Priority/ }).click();
  await task.getByRole('radio', { name: 'High' }).click({ force: true });
  await task.getByRole('button', { name: 'Priority High' }).waitFor();
  await task.getByRole('button', { name: /^Labels/ }).click();
  await task.getByRole('textbox', { name: 'Find or create a label' }).fill('colourful');
  await page.keyboard.press('Enter');
  await task.getByRole('button', { name: 'Labels colourful' }).waitFor();
  await task.getByRole('textbox', { name: 'Add a subtask' }).fill('Buy paint');
  await page.keyboard.press('Enter');
  await task.getByRole('link', { name: 'Buy paint' }).waitFor();
  const saved = page.waitForResponse(
    async (response) => response.request().method() === 'POST' && /"description":"Blue/.test(await response.text()),
  );
  await task.getByRole('textbox', { name: 'Notes' }).fill('Blue');
  // They save themselves, at the latest when one leaves them.
  await task.getByRole('textbox', { name: 'Title' }).focus();
  await saved;

  await page.reload();
  await task.getByRole('button', { name: 'Due Today' }).waitFor();
  await task.getByRole('button', { name: 'Priority High' }).waitFor();
  await task.getByRole('button', { name: 'Labels colourful' }).waitFor();
  await task.getByRole('link', { name: 'Buy paint' }).waitFor();
  expect(await task.getByRole('textbox', { name: 'Notes' }).inputValue()).toBe('Blue');
  expect(await task.getByLabel('List').locator('option:checked').textContent()).toBe('Home');

  await todo.follow('Today');
  await page.getByRole('heading', { name: 'Today', level: 1 }).waitFor();
  await todo.expectOpen('Paint the door');
  await todo.follow('colourful');
  await page.getByRole('heading', { name: 'colourful', level: 1 }).waitFor();
  await todo.expectOpen('Paint the door');
  await todo.follow('Search');
  await page.getByRole('searchbox', { name: 'Search your tasks' }).fill('PAÍNT');
  await todo.checkbox('Buy paint').waitFor();
  await todo.checkbox('Paint the door').waitFor();
});

test('many tasks are completed at once, deleted at once, and brought back', async ({ visit }) => {
  const page = await visit(server.url);
  const todo = new TodoPage(page);
  await todo.signUp();
  await todo.add('One', 'Two', 'Three');
  const chooseAll = async (): Promise<void> => {
    await page.getByRole('button', { name: 'Select tasks' }).click();
    await page.getByRole('button', { name: 'Select all' }).click();
  };
  await chooseAll();
  await page.getByRole('button', { name: 'Complete', exact: true }).click();
  await todo.message('Completed 3 tasks.').waitFor();
  await todo.expectOpen();
  await page.getByRole('button', { name: 'Undo' }).click();
  await todo.expectOpen('One', 'Two', 'Three');

  await chooseAll();
  await page.getByRole('button', { name: 'Delete', exact: true }).click();
  await todo.expectOpen();
  await todo.follow('Trash');
  await page.getByRole('button', { name: 'Restore: Two' }).click();
  await todo.message('Restored “Two”.').waitFor();
  await todo.follow('Inbox');
  await todo.expectOpen('Two');
});

test.for([360, 768, 1440])('a message leaves the bar of the chosen tasks free, at %i px', async (width, { visit }) => {
  const page = await visit(server.url, { viewport: { width, height: 740 } });
  const todo = new TodoPage(page);
  await todo.signUp();
  await todo.add(...Array.from({ length: 16 }, (_, index) => `Task ${index + 1}`));
  await todo.checkbox('Task 1').first().click();
  await page.getByRole('button', { name: 'Undo' }).waitFor();
  await page.getByRole('button', { name: 'Select tasks' }).click();
  await page.getByRole('button', { name: 'Select all' }).click();
  const message = await page.locator('.toast:visible').boundingBox();
  const bar = await page.getByRole('toolbar', { name: 'Selected tasks' }).boundingBox();
  expect((message?.y ?? 0) + (message?.height ?? 0)).toBeLessThanOrEqual(bar?.y ?? 0);
});

test.for(['New list', 'New label'])(
  '%s: what is being typed is still there when the phone is turned',
  async (button, { visit }) => {
    const upright = { width: 360, height: 800 };
    const page = await visit(server.url, { viewport: upright });
    const todo = new TodoPage(page);
    await todo.signUp();
    await page.getByRole('button', { name: 'Menu' }).click();
    await page.getByRole('button', { name: button }).click();
    const name = page.getByRole('dialog').getByLabel('Name');
    await name.fill('Home');
    await page.setViewportSize({ width: 800, height: 360 });
    await page.getByRole('button', { name: 'Menu' }).waitFor({ state: 'detached' });
    expect(await name.inputValue()).toBe('Home');
    await page.setViewportSize(upright);
    await page.getByRole('button', { name: 'Menu' }).waitFor({ state: 'attached' });
    expect(await name.inputValue()).toBe('Home');
    await name.press('Enter');
    await name.waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Menu' }).click();
    await page.getByRole('dialog', { name: 'Menu' }).getByRole('link', { name: 'Home' }).waitFor();
  },
);

test('more lists and labels than a page has are there, all of them, and so is one that is added', async ({ visit }) => {
  const client = await Client.signUp(server.url);
  for (let number = 1; number <= 101; number++) {
    await client.run(`mutation { createList(input: { name: "List ${number}" }) { list { id } }
      createLabel(input: { name: "label ${number + 1000}" }) { label { id } } }`);
  }
  const page = await visit(`${server.url}/sign-in`);
  const todo = new TodoPage(page);
  await todo.signIn(client.email);
  const links = page.getByRole('navigation').getByRole('link');
  await expect.poll(() => links.filter({ hasText: /^List \d+$/ }).count()).toBe(101);
  await expect.poll(() => links.filter({ hasText: /^label \d+$/ }).count()).toBe(101);
  await page.getByRole('button', { name: 'New label' }).click();
  await page.getByRole('dialog').getByLabel('Name').fill('label 9999');
  await page.getByRole('button', { name: 'Create label' }).click();
  await expect.poll(() => links.filter({ hasText: /^label \d+$/ }).count()).toBe(102);
  expect(await links.filter({ hasText: /^List \d+$/ }).count()).toBe(101);
});

test('where the rest of the labels cannot be loaded, the page says so, and shows the first', async ({ visit }) => {
  const client = await Client.signUp(server.url);
  for (let number = 1; number <= 101; number++) {
    await client.run(`mutation { createLabel(input: { name: "label ${number + 1000}" }) { label { id } } }`);
  }
  const page = await visit(`${server.url}/sign-in`);
  const errors = [{ message: 'Internal server error', extensions: { code: 'INTERNAL_SERVER_ERROR' } }];
  await page.route('**/graphql', (route) =>
    route.request().postDataJSON().variables.labelsAfter
      ? route.fulfill({ json: { data: null, errors } })
      : route.fallback(),
  );
  const todo = new TodoPage(page);
  await todo.signIn(client.email);
  await todo.message('Something went wrong on our side.').waitFor();
  await page.getByRole('navigation').getByRole('link', { name: 'label 1100' }).waitFor();
});

test('more trashed and archived lists than a page has are all there', async ({ visit }) => {
  const client = await Client.signUp(server.url);
  const change = async (name: string, change: string): Promise<void> => {
    const created = await client.run(`mutation { createList(input: { name: "${name}" }) { list { id } } }`);
    const { id } = created.data.createList.list;
    await client.run(`mutation ($id: ID!) { ${change} { list { id } } }`, { id });
  };
  for (let number = 1; number <= 101; number++) {
    await change(`Gone ${number}`, 'deleteList(input: { id: $id })');
    await change(`Aside ${number}`, 'updateList(input: { id: $id, archived: true })');
  }
  const page = await visit(`${server.url}/sign-in`);
  const todo = new TodoPage(page);
  await todo.signIn(client.email);
  const expectAll = async (name: RegExp): Promise<void> => {
    const buttons = page.getByRole('button', { name });
    await buttons.nth(99).scrollIntoViewIfNeeded();
    await expect.poll(() => buttons.count()).toBe(101);
  };
  await todo.follow('Trash');
  await expectAll(/^Restore the list: Gone \d+$/);
  await todo.follow('Settings');
  await expectAll(/^Restore: Aside \d+$/);
});

test('more subtasks than a page has are there when one comes to the end of them', async ({ visit }) => {
  const client = await Client.signUp(server.url);
  const created = await client.run('mutation { createTask(input: { title: "Big" }) { task { id } } }');
  const parentId = created.data.createTask.task.id;
  for (let number = 1; number <= 101; number++) {
    const input = { title: `Part ${number}`, parentId };
    await client.run('mutation ($input: CreateTaskInput!) { createTask(input: $input) { task { id } } }', { input });
  }
  const page = await visit(`${server.url}/sign-in`);
  const todo = new TodoPage(page);
  await todo.signIn(client.email);
  await todo.task('Big').click();
  const task = page.getByRole('complementary', { name: 'Task' });
  await task.getByRole('link', { name: 'Part 100' }).waitFor();
  expect(await task.getByRole('link', { name: 'Part 101' }).count()).toBe(0);
  await task.getByRole('link', { name: 'Part 100' }).scrollIntoViewIfNeeded();
  await task.getByRole('link', { name: 'Part 101' }).waitFor();
  await task.getByText('0 of 101').waitFor();
});
