import type { Page } from 'playwright-core';
import { beforeAll, describe, expect } from 'vitest';
import { dayIn } from '../../web/src/dates/days.ts';
import { test } from '../support/browser.ts';
import { Client } from '../support/client.ts';
import { useServer } from '../support/server.ts';
import { buildSites } from '../support/sites.ts';
import { newEmail, TodoPage } from '../support/todo-page.ts';

beforeAll(buildSites);
const server = useServer({ web: true });

/** Changes what the browser can do, and loads the page in such a browser. */
async function limit(page: Page, script: string): Promise<void> {
  await page.addInitScript(script);
  await page.reload();
}

/** A browser that lacks a zone, and whose Canadian English writes dates the American way. */
const withoutZone = (zone: string) => `
  const { DateTimeFormat } = Intl;
  const american = { value: () => '11/21/2026' };
  Intl.DateTimeFormat = function (locale, options = {}) {
    if (options.timeZone === '${zone}') throw new RangeError('Invalid time zone specified: ${zone}');
    const format = new DateTimeFormat(locale, options);
    return locale === 'en-CA' ? Object.defineProperty(format, 'format', american) : format;
  };`;

test('in a zone that the browser does not know, days are those of UTC, and everything is within reach', async ({
  visit,
}) => {
  const client = await Client.signUp(server.url);
  const zone = 'Europe/Madrid';
  await client.run(`mutation { updateMe(input: { timeZone: "${zone}" }) { user { id } } }`);
  const today = new Date().toISOString().slice(0, 10);
  await client.run(`mutation { createTask(input: { title: "Now", due: { date: "${today}" } }) { task { id } } }`);
  const page = await visit(`${server.url}/sign-in`);
  await limit(page, withoutZone(zone));
  const todo = new TodoPage(page);
  await todo.signIn(client.email);
  const hint = page.getByRole('status').getByText(`This browser does not know your time zone, ${zone}.`);
  for (const view of ['Inbox', 'Today', 'Upcoming', 'Done', 'Trash']) {
    await todo.follow(view);
    await page.getByRole('heading', { name: view, level: 1 }).waitFor();
    await hint.waitFor();
  }
  await todo.follow('Today');
  await todo.task('Now').click();
  await page.getByRole('complementary', { name: 'Task' }).getByRole('button', { name: 'Due Today' }).waitFor();
  await page.getByRole('link', { name: 'Choose another time zone in Settings' }).click();
  const setting = page.getByRole('combobox', { name: 'Time zone' });
  expect(await setting.inputValue()).toBe(zone);
  await setting.selectOption('Pacific/Auckland');
  await hint.waitFor({ state: 'detached' });
});

describe('a browser that cannot tell its zone signs up', () => {
  test.for([
    ['undefined', '() => ({ timeZone: undefined })'],
    ['an error', `() => { throw new RangeError('no zone'); }`],
  ])('%s', async ([, resolved], { visit }) => {
    const page = await visit(server.url);
    await limit(page, `Intl.DateTimeFormat.prototype.resolvedOptions = ${resolved}; delete Intl.supportedValuesOf;`);
    const todo = new TodoPage(page);
    const email = await todo.signUp();
    await todo.follow(email);
    expect(await page.getByRole('combobox', { name: 'Time zone' }).inputValue()).toBe('UTC');
  });
});

const denied = `throw new DOMException('denied', 'SecurityError');`;
const full = `throw new DOMException('full', 'QuotaExceededError');`;
const inMemory = 'You will stay signed in until you close or reload this tab.';

describe('where the browser stores nothing, the page works, and says that the session lives in this tab', () => {
  test.for([
    ['it is full', `Storage.prototype.setItem = () => { ${full} };`],
    [
      'it is denied, and locks and channels with it',
      `Object.defineProperty(window, 'localStorage', { get() { ${denied} } });
       LockManager.prototype.request = async () => { ${denied} };
       window.BroadcastChannel = function () { ${denied} };`,
    ],
  ] as const)('%s', async ([, script], { visit }) => {
    const page = await visit(server.url);
    await limit(page, script);
    await page.getByText('This browser blocks storage for this page.').waitFor();
    const todo = new TodoPage(page);
    const email = await todo.signUp();
    await page.getByRole('status').getByText(inMemory).waitFor();
    await todo.add('Buy milk');
    await page.keyboard.press('Escape');
    await todo.follow(email);
    await page.getByRole('radio', { name: 'Dark' }).click({ force: true });
    await page.locator('html[data-theme="dark"]').waitFor();
    await page.getByRole('button', { name: 'Sign out', exact: true }).click();
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    await todo.signIn(email);
    await page.getByRole('status').getByText(inMemory).waitFor();
  });
});

test('where the session alone cannot be stored, signing in says so', async ({ visit }) => {
  const page = await visit(server.url);
  const script = `const { setItem } = Storage.prototype;
    Storage.prototype.setItem = function (key, value) {
      if (key === 'todoql:session') ${full}
      setItem.call(this, key, value);
    };`;
  await limit(page, script);
  const todo = new TodoPage(page);
  await todo.signUp(newEmail());
  await page.getByRole('status').getByText(inMemory).waitFor();
});

/** A device whose clock is this many hours ahead of the server's. */
const withClock = (hours: number) => `
  const TrueDate = Date;
  const ahead = ${hours} * 3_600_000;
  window.Date = class extends TrueDate {
    constructor(...args) {
      super(...(args.length === 0 ? [TrueDate.now() + ahead] : args));
    }
    static now() {
      return TrueDate.now() + ahead;
    }
  };`;

test.for([49, -49, 90_000])(
  'with a clock %i hours ahead, all can be made, and today is the server’s',
  async (hours, { visit }) => {
    const page = await visit(server.url);
    await limit(page, withClock(hours));
    const todo = new TodoPage(page);
    await todo.signUp();
    await todo.follow('Today');
    await page.getByRole('heading', { name: 'Today', level: 1 }).waitFor();
    const added = todo.answer('CreateTask');
    await todo.add('Now');
    const zone = String(await page.evaluate('Intl.DateTimeFormat().resolvedOptions().timeZone'));
    const today = dayIn(zone, new Date());
    expect((await added).request().postDataJSON().variables.input.due).toEqual({ date: today });
    await todo.task('Now').click();
    const task = page.getByRole('complementary', { name: 'Task' });
    await task.getByRole('button', { name: 'Due Today' }).waitFor();
    const made = todo.answer('CreateLabel');
    await task.getByRole('button', { name: /^Labels/ }).click();
    await task.getByRole('textbox', { name: 'Find or create a label' }).fill('urgent');
    await page.keyboard.press('Enter');
    await made;
    await page.getByRole('button', { name: 'New list' }).click();
    await page.getByRole('dialog').getByLabel('Name').fill('Home');
    await page.getByRole('button', { name: 'Create list' }).click();
    await page.getByRole('heading', { name: 'Home', level: 1 }).waitFor();
  },
);
