import type { Page } from 'playwright-core';
import { beforeAll, describe, expect } from 'vitest';
import { test as base } from '../support/browser.ts';
import { dueOf, openTask } from '../support/open-task.ts';
import { useServer } from '../support/server.ts';
import { buildSites } from '../support/sites.ts';
import { noteOf } from '../support/todo-page.ts';

beforeAll(buildSites);
const server = useServer({ web: true });

const test = base.extend(
  'open',
  ({ visit }) =>
    () =>
      openTask(server.url, visit),
);

describe('a day is sent once, when it is complete and left', () => {
  test.for([
    ['Tab', 'Tab'],
    ['Enter', 'Enter'],
  ] as const)('by %s', async ([, key], { open }) => {
    const { client, page, task, sent } = await open();
    await task.getByRole('button', { name: /^Due/ }).click();
    await task.getByLabel('Day').focus();
    await page.keyboard.type('11242027', { delay: 10 });
    expect(sent).toEqual([]);
    // Over the year, and over the button of the picker.
    for (let times = 0; times < (key === 'Tab' ? 2 : 1); times++) await page.keyboard.press(key);
    await expect.poll(() => dueOf(client)).toEqual({ date: '2027-11-24', time: null, timeZone: null });
    await task.getByLabel('Time', { exact: true }).focus();
    await page.keyboard.type('1245PM', { delay: 10 });
    await task.getByLabel('Day').focus();
    await expect.poll(() => dueOf(client)).toEqual({ date: '2027-11-24', time: '12:45:00', timeZone: null });
    await page.keyboard.press('Escape');
    expect(sent).toHaveLength(2);
  });

  test('and not one whose year is half typed: Escape takes it back, leaving it says what is missing', async ({
    open,
  }) => {
    const { client, page, task, sent } = await open();
    await task.getByRole('button', { name: /^Due/ }).click();
    const day = task.getByLabel('Day');
    await day.focus();
    await page.keyboard.type('112420');
    await page.keyboard.press('Enter');
    await task.getByRole('alert').getByText('Enter all four digits of the year.').waitFor();
    await page.keyboard.press('Escape');
    await task.getByRole('button', { name: 'Due No date' }).waitFor();
    await task.getByRole('button', { name: /^Due/ }).click();
    await day.focus();
    await page.keyboard.type('1124');
    await task.getByRole('textbox', { name: 'Title' }).focus();
    await task.getByRole('alert').getByText('Enter the day, the month and the year.').waitFor();
    await task.getByRole('button', { name: 'Close the task' }).click();
    expect(sent).toEqual([]);
    expect(await dueOf(client)).toBeNull();
  });

  test('also where the pane is closed by the browser’s way back', async ({ open }) => {
    const { client, page, task, sent } = await open();
    await task.getByRole('button', { name: /^Due/ }).click();
    await task.getByLabel('Day').focus();
    await page.keyboard.type('11242027');
    await page.goBack();
    await expect.poll(() => dueOf(client)).toMatchObject({ date: '2027-11-24' });
    expect(sent).toHaveLength(1);
  });
});

test('what the arrow keys pass is not sent; what is left is, once, and Escape takes it back', async ({ open }) => {
  const { client, page, todo, task, sent } = await open();
  for (const name of ['A', 'B', 'C'])
    await client.run(`mutation { createList(input: { name: "${name}" }) { list { id } } }`);
  await page.reload();
  const list = task.getByLabel('List');
  await list.locator('option', { hasText: 'C' }).waitFor({ state: 'attached' });
  await list.focus();
  for (let times = 0; times < 2; times++) await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Escape');
  expect(await list.locator('option:checked').textContent()).toBe('Inbox');
  for (let times = 0; times < 3; times++) await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Tab');
  await todo.message('Moved “Old” to C.').waitFor();
  await task.getByRole('button', { name: /^Priority/ }).click();
  await task.getByRole('radio', { name: 'None' }).focus();
  for (let times = 0; times < 4; times++) await page.keyboard.press('ArrowRight');
  const answer = todo.answer('UpdateTask');
  await page.keyboard.press('Tab');
  await answer;
  await task.getByRole('button', { name: 'Priority Urgent' }).waitFor();
  expect(sent).toEqual([
    expect.objectContaining({ listId: expect.any(String) }),
    expect.objectContaining({ priority: 'URGENT' }),
  ]);
});

/** What an input method does with these keys in the field that has the focus, as Chromium and Firefox tell of it. */
async function compose(page: Page): Promise<void> {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('Input.imeSetComposition', { text: 'にほ', selectionStart: 2, selectionEnd: 2 });
  await page.keyboard.press('Enter');
  await page.keyboard.press('Escape');
  await devtools.send('Input.insertText', { text: '日本' });
}

/** And Safari, which ends the composition before it tells of the key that did. */
async function composeAsSafari(page: Page): Promise<void> {
  await page.evaluate(`for (const key of ['Enter', 'Escape']) {
    for (const type of ['compositionstart', 'compositionend'])
      document.activeElement.dispatchEvent(new CompositionEvent(type, { bubbles: true }));
    const init = { key, keyCode: 229, isComposing: false, bubbles: true, cancelable: true };
    document.activeElement.dispatchEvent(new KeyboardEvent('keydown', init));
  }`);
}

const fields: [string, (page: Page) => Promise<unknown>][] = [
  ['the title of an open task', (page) => page.getByRole('complementary').getByLabel('Title').focus()],
  ['the title in a row', (page) => page.getByRole('main').getByRole('button', { name: 'Rename: Old' }).click()],
  ['the notes', (page) => page.getByLabel('Notes').focus()],
  ['the line that adds a task', (page) => page.getByLabel('Add a task').focus()],
  ['the line that adds a subtask', (page) => page.getByLabel('Add a subtask').focus()],
  [
    'the chooser of labels',
    async (page) => {
      await page.getByRole('button', { name: /^Labels/ }).click();
      await page.getByLabel('Find or create a label').focus();
    },
  ],
  [
    'the search',
    async (page) => {
      await page.getByRole('link', { name: 'Search' }).click();
      await page.getByRole('searchbox').focus();
    },
  ],
  ['the name of a new list', (page) => page.getByRole('button', { name: 'New list' }).click()],
  ['the name of a new label', (page) => page.getByRole('button', { name: 'New label' }).click()],
];

test('while an input method composes, no key saves, closes or leaves, whatever the field', async ({ open }) => {
  const { page, sent } = await open();
  for (const [name, focus] of fields) {
    await focus(page);
    const field = page.locator('input:focus, textarea:focus');
    await field.waitFor();
    await field.evaluate((element) => element.setAttribute('data-composed', ''));
    await compose(page);
    await composeAsSafari(page);
    expect(sent, name).toEqual([]);
    const composed = page.locator('[data-composed]:focus');
    await expect.poll(() => composed.count(), { message: name }).toBe(1);
    expect(await composed.inputValue(), name).toContain('日本');
    // None of it is to be saved when the next field gets the focus.
    await composed.fill(name === 'the title of an open task' || name === 'the title in a row' ? 'Old' : '');
    await composed.evaluate((element) => element.removeAttribute('data-composed'));
    if (await page.getByRole('dialog').count()) await page.keyboard.press('Escape');
  }
});

test('a text that is too long is not cut: its field says by how much, counting an emoji as one, and nothing is sent', async ({
  open,
}) => {
  const { page, sent } = await open();
  // Those of the row, of subtasks and of labels are made of the same parts.
  const most = [500, 0, 20_000, 500, 0, 100, 200, 200];
  for (const [index, [name, focus]] of fields.entries()) {
    const limit = most[index] ?? 0;
    if (limit === 0) continue;
    await focus(page);
    const field = page.locator('input:focus, textarea:focus');
    await field.waitFor();
    const old = await field.inputValue();
    const fits = '😀'.repeat(limit);
    const sentence = ` too long: 3 characters over the limit of ${limit.toLocaleString('en')}.`;
    await page.keyboard.press('ControlOrMeta+a');
    await page.keyboard.insertText(`${fits}abc`);
    await expect.poll(() => noteOf(field), { message: name }).toContain(sentence);
    // There it is a line more.
    if (name !== 'the notes') await page.keyboard.press('Enter');
    await field.evaluate((element) => element.blur());
    const note = page.getByRole('alert').getByText(sentence);
    await note.waitFor();
    await page.locator('[aria-invalid]').evaluate((element) => element.setAttribute('data-left', ''));
    const left = page.locator('[data-left]');
    expect(await left.inputValue(), name).toBe(`${fits}abc`);
    expect(sent, name).toEqual([]);
    await left.fill(fits);
    await note.waitFor({ state: 'detached' });
    await left.fill(old);
    await left.evaluate((element) => element.removeAttribute('data-left'));
    if (await page.getByRole('dialog').count()) await page.keyboard.press('Escape');
  }
});

test('Enter adds the label that matches what is typed; a new one is made by its own choice alone', async ({ open }) => {
  const { client, page, todo, task } = await open();
  for (const name of ['phone', 'graph'])
    await client.run(`mutation { createLabel(input: { name: "${name}" }) { label { id } } }`);
  await page.reload();
  await page.getByRole('navigation').getByRole('link', { name: 'phone' }).waitFor();
  await task.getByRole('button', { name: /^Labels/ }).click();
  const finder = task.getByLabel('Find or create a label');
  await finder.fill('ph');
  await task.getByRole('status').getByText('Enter: phone').waitFor({ state: 'attached' });
  await finder.press('Enter');
  await task.getByRole('button', { name: 'Labels phone' }).waitFor();
  await finder.fill('ph');
  await finder.press('ArrowDown');
  await finder.press('Enter');
  await task.getByRole('button', { name: 'Labels graph phone' }).waitFor();
  await finder.fill('ph');
  for (let times = 0; times < 5; times++) await finder.press('ArrowDown');
  const made = todo.answer('CreateLabel');
  await finder.press('Enter');
  await made;
  await task.getByRole('button', { name: 'Labels graph ph phone' }).waitFor();
  await finder.fill('pho');
  await task.getByRole('button', { name: 'Create “pho”' }).click();
  await task.getByRole('checkbox', { name: 'pho', exact: true, checked: true }).waitFor();
  const { data } = await client.run('{ labels { nodes { name } } }');
  expect(data.labels.nodes.map(({ name }: { name: string }) => name)).toEqual(['graph', 'ph', 'pho', 'phone']);
});

test('a new label is made once, and what is typed until the server answers stays', async ({ open }) => {
  const { client, page, todo, task, sent } = await open();
  const answer = Promise.withResolvers<void>();
  await page.route('**/graphql', async (route) => {
    if (route.request().postDataJSON().operationName === 'CreateLabel') await answer.promise;
    return route.continue();
  });
  await task.getByRole('button', { name: /^Labels/ }).click();
  const finder = task.getByLabel('Find or create a label');
  await finder.fill('urgent');
  await finder.press('Enter');
  await finder.press('Enter');
  await finder.fill('next');
  const added = todo.answer('UpdateTask');
  answer.resolve();
  await added;
  await task.getByRole('button', { name: 'Labels urgent' }).waitFor();
  expect(await finder.inputValue()).toBe('next');
  expect(sent).toHaveLength(2);
  const { data } = await client.run('{ labels { nodes { name } } }');
  expect(data.labels.nodes).toEqual([{ name: 'urgent' }]);
});

test('notes that are too long to be saved are there again when their task is', async ({ open }) => {
  const { client, todo, task } = await open();
  const notes = task.getByLabel('Notes');
  await notes.fill('x'.repeat(20_001));
  await task.getByRole('button', { name: 'Close the task' }).click();
  await todo.message('Could not save the notes of “Old”.').waitFor();
  await todo.task('Old').click();
  expect(await notes.inputValue()).toHaveLength(20_001);
  await notes.fill('short');
  await task.getByRole('button', { name: 'Close the task' }).click();
  const stored = async () => (await client.run('{ tasks { nodes { description } } }')).data.tasks.nodes[0].description;
  await expect.poll(stored).toBe('short');
  await todo.task('Old').click();
  expect(await notes.inputValue()).toBe('short');
});
