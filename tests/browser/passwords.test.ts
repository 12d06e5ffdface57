import { beforeAll, expect } from 'vitest';
import { test } from '../support/browser.ts';
import { useServer } from '../support/server.ts';
import { buildSites } from '../support/sites.ts';
import { newEmail, password, TodoPage } from '../support/todo-page.ts';

beforeAll(buildSites);
const server = useServer({ web: true });

test('a password is shown on request, to the mouse and to the keyboard, and hidden again when it is sent', async ({
  visit,
}) => {
  const page = await visit(server.url);
  const field = page.getByLabel('Password');
  const show = page.getByRole('button', { name: 'Show password', exact: true });
  await field.fill('short');
  expect(await field.getAttribute('type')).toBe('password');
  await show.click();
  expect([await field.getAttribute('type'), await show.getAttribute('aria-pressed')]).toEqual(['text', 'true']);
  expect(await field.inputValue()).toBe('short');
  await page.getByRole('button', { name: 'Sign up' }).click();
  expect([await field.getAttribute('type'), await show.getAttribute('aria-pressed')]).toEqual(['password', 'false']);
  await field.focus();
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  expect(await field.getAttribute('type')).toBe('text');
});

test('password managers find the account in every form that asks for its password', async ({ visit }) => {
  const page = await visit(server.url);
  const todo = new TodoPage(page);
  const roles = (form: string) =>
    page.locator(`${form} input`).evaluateAll((inputs) => inputs.map((input) => input.getAttribute('autocomplete')));
  const email = newEmail();
  await expect.poll(() => roles('form')).toEqual(['username', 'new-password']);
  await todo.enter('Sign up', email, password);
  await todo.follow(email);
  await page.getByRole('button', { name: 'Change', exact: true }).click();
  await expect.poll(() => roles('dialog form')).toEqual(['username', 'current-password', 'new-password']);
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Delete account…' }).click();
  await expect.poll(() => roles('dialog form')).toEqual(['username', 'current-password']);
  expect(await page.locator('dialog [autocomplete=username]').inputValue()).toBe(email);
});

test('every field for a password hides what is typed, and takes what is pasted', async ({ visit }) => {
  const page = await visit(server.url);
  const todo = new TodoPage(page);
  const copied = 'words from elsewhere';
  await page.getByLabel('E-mail address').fill(copied);
  await page.keyboard.press('ControlOrMeta+A');
  await page.keyboard.press('ControlOrMeta+C');
  /** @returns how many fields there are */
  const pasteIntoEach = async (form: string): Promise<number> => {
    const fields = await page.locator(`${form} [autocomplete$=-password]`).all();
    for (const field of fields) {
      expect(await field.getAttribute('type')).toBe('password');
      await field.focus();
      await page.keyboard.press('ControlOrMeta+V');
      expect(await field.inputValue()).toBe(copied);
    }
    expect(await page.locator(`${form} [name*=assword]`).count()).toBe(fields.length);
    return fields.length;
  };
  expect(await pasteIntoEach('form')).toBe(1);
  const email = newEmail();
  await todo.enter('Sign up', email, password);
  await todo.follow(email);
  await page.getByRole('button', { name: 'Change', exact: true }).click();
  await page.getByLabel('New password').waitFor();
  expect(await pasteIntoEach('dialog form')).toBe(2);
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Delete account…' }).click();
  await page.getByLabel('Your password').waitFor();
  expect(await pasteIntoEach('dialog form')).toBe(1);
  await page.goto(`${server.url}/reset-password#token=tqm_${'x'.repeat(43)}`);
  await page.getByLabel('New password', { exact: true }).waitFor();
  expect(await pasteIntoEach('form')).toBe(1);
});
