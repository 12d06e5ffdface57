import type { Page, Route } from 'playwright-core';
import { beforeAll, describe, expect } from 'vitest';
import { test as base } from '../support/browser.ts';
import { Client } from '../support/client.ts';
import { useServer } from '../support/server.ts';
import { buildSites } from '../support/sites.ts';
import { TodoPage } from '../support/todo-page.ts';

beforeAll(buildSites);
const server = useServer({ web: true });

/** Somebody who has these tasks, signed in, and a client that changes them behind the page. */
const test = base.extend('open', ({ visit }) => async (...titles: string[]) => {
  const client = await Client.signUp(server.url);
  await createTasks(client, titles);
  const page = await visit(`${server.url}/sign-in`);
  const todo = new TodoPage(page);
  await todo.signIn(client.email);
  for (const title of titles.slice(0, 1)) await todo.task(title).waitFor();
  return { client, page, todo };
});

/** Twenty of a request: that many root fields it may have. */
async function createTasks(client: Client, titles: string[]): Promise<void> {
  for (let start = 0; start < titles.length; start += 20) {
    const fields = titles.slice(start, start + 20).map((title, index) => {
      return `t${index}: createTask(input: { title: ${JSON.stringify(title)} }) { task { id } }`;
    });
    const reply = await client.run(`mutation { ${fields.join(' ')} }`);
    expect(Object.keys(reply.data)).toHaveLength(fields.length);
  }
}

async function titlesOf(client: Client): Promise<string[]> {
  const { data } = await client.run(
    '{ tasks(filter: { inbox: true, topLevel: true }, orderBy: { field: POSITION, direction: ASC }) { nodes { title } } }',
  );
  return data.tasks.nodes.map(({ title }: { title: string }) => title);
}

/** Answers one operation with a failure, once the test says so. */
async function holdAndFail(page: Page, operationName: string): Promise<() => void> {
  let fail = () => {};
  const told = new Promise<void>((resolve) => {
    fail = resolve;
  });
  const error = {
    message: 'Internal server error',
    extensions: { code: 'INTERNAL_SERVER_ERROR', requestId: '01a1fd7d' },
  };
  await page.route('**/graphql', async (route: Route) => {
    if (route.request().postDataJSON().operationName !== operationName) return route.fallback();
    await told;
    await route.fulfill({ json: { data: null, errors: [error] } });
  });
  return fail;
}

describe('a change that the server refuses is shown at once and taken back, with a sentence', () => {
  const sentence = /^Something went wrong on our side\./;

  test('completing', async ({ open }) => {
    const { page, todo } = await open('One', 'Two');
    const fail = await holdAndFail(page, 'CompleteTasks');
    await todo.checkbox('One').click();
    await todo.expectOpen('Two');
    fail();
    await todo.message(sentence).waitFor();
    await todo.expectOpen('One', 'Two');
  });

  test('deleting', async ({ open }) => {
    const { page, todo } = await open('One', 'Two');
    const fail = await holdAndFail(page, 'DeleteTasks');
    await todo.task('One').focus();
    await page.keyboard.press('Delete');
    await todo.expectOpen('Two');
    fail();
    await todo.message(sentence).waitFor();
    await todo.expectOpen('One', 'Two');
  });

  test('adding, and what was typed is not lost', async ({ open }) => {
    const { page, todo } = await open('One');
    const fail = await holdAndFail(page, 'CreateTask');
    await todo.send('Two');
    await todo.expectOpen('One', 'Two');
    fail();
    await page.getByRole('alert').getByText(sentence).waitFor();
    await todo.expectOpen('One');
    expect(await todo.quickAdd.inputValue()).toBe('Two');
  });

  test('putting in order', async ({ open }) => {
    const { page, todo } = await open('One', 'Two', 'Three');
    const fail = await holdAndFail(page, 'MoveTasks');
    await todo.task('One').focus();
    await page.keyboard.press('Alt+ArrowDown');
    await todo.expectOpen('Two', 'One', 'Three');
    fail();
    await todo.message(sentence).waitFor();
    await todo.expectOpen('One', 'Two', 'Three');
  });
});

describe('a title that was changed elsewhere while it was edited here', () => {
  test.for([
    ['Use the newer version', 'Theirs'],
    ['Keep mine', 'Mine'],
  ] as const)('%s', async ([choice, title], { open }) => {
    const { client, page, todo } = await open();
    const id = await client.createTask('Old');
    await page.reload();
    await todo.task('Old').focus();
    await page.keyboard.press('F2');
    await page.getByRole('textbox', { name: 'Title' }).fill('Mine');
    const update = 'mutation ($id: ID!) { updateTask(input: { id: $id, title: "Theirs" }) { task { version } } }';
    await client.run(update, { id });
    await page.keyboard.press('Enter');
    await todo.message('The title was changed to “Theirs” on another device.').waitFor();
    await todo.expectOpen('Theirs');
    await page.getByRole('button', { name: choice }).click();
    // Changes are sent one after the other: what the choice sends has been answered then.
    await todo.add('Next');
    await todo.expectOpen(title, 'Next');
    expect(await titlesOf(client)).toEqual([title, 'Next']);
  });
});

test('a task that is completed in its row while all of it is loading is shown once it is loaded', async ({ open }) => {
  const { page, todo } = await open('Old');
  const isAsked = Promise.withResolvers<void>();
  const isTicked = Promise.withResolvers<void>();
  await page.route('**/graphql', async (route) => {
    if (route.request().postDataJSON().operationName === 'TaskDetail') {
      isAsked.resolve();
      await isTicked.promise;
    }
    await route.fallback();
  });
  await todo.task('Old').click();
  await isAsked.promise;
  const isAnswered = todo.answer('CompleteTasks');
  await todo.checkbox('Old').click();
  await isAnswered;
  await todo.message('Completed “Old”.').waitFor();
  isTicked.resolve();
  const task = page.getByRole('complementary', { name: 'Task' });
  expect(await task.getByRole('checkbox', { name: 'Done: Old' }).isChecked()).toBe(true);
});

test('texts that are changed while the server has yet to answer another change of the task are no conflict', async ({
  open,
}) => {
  const { client, page, todo } = await open('Old');
  await todo.task('Old').click();
  const task = page.getByRole('complementary', { name: 'Task' });
  const areTyped = Promise.withResolvers<void>();
  await page.route('**/graphql', async (route) => {
    if (route.request().postDataJSON().operationName === 'UpdateTask') await areTyped.promise;
    await route.fallback();
  });
  await task.getByRole('button', { name: /^Due/ }).click();
  await task.getByRole('button', { name: 'Today' }).click();
  await task.getByRole('textbox', { name: 'Notes' }).fill('Blue');
  await task.getByRole('textbox', { name: 'Title' }).fill('New');
  await page.keyboard.press('Enter');
  areTyped.resolve();
  const fields = async () =>
    (await client.run('{ tasks { nodes { title description due { date } } } }')).data.tasks.nodes;
  const due = { date: expect.any(String) };
  await expect.poll(fields).toEqual([{ title: 'New', description: 'Blue', due }]);
});

test('what is dragged to another place stays there', async ({ open }) => {
  const { client, page, todo } = await open('One', 'Two', 'Three');
  await drag(page, 'One', 'Three');
  await todo.expectOpen('Two', 'Three', 'One');
  await expect.poll(() => titlesOf(client)).toEqual(['Two', 'Three', 'One']);
  await page.reload();
  await todo.expectOpen('Two', 'Three', 'One');
});

/** By its grip, to just below the middle of another row. */
async function drag(page: Page, title: string, target: string): Promise<void> {
  const row = (name: string) =>
    page.getByRole('listitem').filter({ has: page.getByRole('link', { name, exact: true }) });
  const [from, to] = await Promise.all([row(title).locator('.grip').boundingBox(), row(target).boundingBox()]);
  if (!from || !to) throw new Error('There is nothing to drag.');
  await page.mouse.move(from.x + from.width / 2, from.y + from.height / 2);
  await page.mouse.down();
  await page.mouse.move(from.x + from.width / 2, to.y + to.height * 0.75, { steps: 5 });
  await page.mouse.up();
}

test('scrolling comes to the end of 250 tasks, each of them once', async ({ open }) => {
  const titles = Array.from({ length: 250 }, (_, index) => `Task ${String(index + 1).padStart(3, '0')}`);
  const { page, todo } = await open(...titles);
  expect(await todo.task('Task 250').count()).toBe(0);
  await page.getByRole('heading', { level: 1 }).click();
  await expect
    .poll(
      async () => {
        await page.keyboard.press('End');
        return todo.task('Task 250').count();
      },
      { timeout: 20_000 },
    )
    .toBe(1);
  await todo.expectOpen(...titles);
});

test('a task that is added while the tasks are on their way stays, though they were read before it', async ({
  visit,
}) => {
  const page = await visit(server.url);
  const todo = new TodoPage(page);
  await todo.signUp();
  await todo.add('One');
  const isAdded = Promise.withResolvers<void>();
  let asked = 0;
  await page.route('**/graphql', async (route) => {
    if (route.request().postDataJSON().operationName !== 'Tasks') return route.fallback();
    const response = await route.fetch();
    asked += 1;
    await isAdded.promise;
    await route.fulfill({ response });
  });
  await page.reload();
  await expect.poll(() => asked).toBe(1);
  const answer = todo.answer('CreateTask');
  await todo.send('Two');
  await answer;
  isAdded.resolve();
  await todo.expectOpen('One', 'Two');
});

test('a long title without a space leaves everything of an open task within reach', async ({ visit }) => {
  for (const width of [360, 768, 1440]) {
    const page = await visit(server.url, { viewport: { width, height: 900 } });
    const todo = new TodoPage(page);
    await todo.signUp();
    const title = 'W'.repeat(300);
    await todo.add(title);
    await todo.task(title).click();
    const close = page.getByRole('button', { name: 'Close the task' });
    await close.waitFor();
    const box = await close.boundingBox();
    expect((box?.x ?? width) + (box?.width ?? 0)).toBeLessThanOrEqual(width);
  }
});

test('in a list of which only the first tasks are loaded, what is added says so, and what is undone is back', async ({
  visit,
}) => {
  const client = await Client.signUp(server.url);
  for (let number = 1; number <= 60; number++)
    await client.run(`mutation { createTask(input: { title: "Task ${number}" }) { task { id } } }`);
  const page = await visit(`${server.url}/sign-in`);
  // The rest stays away.
  await page.route('**/graphql', (route) => (route.request().postDataJSON().variables.after ? null : route.fallback()));
  const todo = new TodoPage(page);
  await todo.signIn(client.email);
  await todo.task('Task 50').waitFor();
  await todo.send('The last one');
  await todo.message('Added.').waitFor();
  await page.getByRole('button', { name: 'Open' }).click();
  await page
    .getByRole('complementary', { name: 'Task' })
    .getByRole('checkbox', { name: /The last one/ })
    .waitFor();

  await todo.checkbox('Task 50').click();
  await todo.checkbox('Task 50').waitFor({ state: 'hidden' });
  await page.getByRole('button', { name: 'Undo' }).click();
  await todo.checkbox('Task 50').waitFor();
});
