import { randomUUID } from 'node:crypto';
import type { Locator, Page, Response } from 'playwright-core';
import { expect } from 'vitest';

export const password = 'correct horse';
export const newEmail = (): string => `${randomUUID()}@example.com`;

/** The page as its user finds things in it: by their roles and names. */
export class TodoPage {
  readonly quickAdd: Locator;

  constructor(readonly page: Page) {
    this.quickAdd = page.getByRole('textbox', { name: 'Add a task' });
  }

  async signUp(email = newEmail()): Promise<string> {
    await this.page.getByRole('heading', { name: 'Create your account' }).waitFor();
    await this.enter('Sign up', email);
    await this.quickAdd.waitFor();
    return email;
  }

  async signIn(email: string): Promise<void> {
    await this.page.getByRole('heading', { name: 'Sign in' }).waitFor();
    await this.enter('Sign in', email);
    await this.page.getByRole('heading', { name: 'Sign in' }).waitFor({ state: 'hidden' });
  }

  /** Fills in the form of either and sends it. */
  async enter(button: 'Sign up' | 'Sign in', email: string, typed = password): Promise<void> {
    await this.page.getByLabel('E-mail address').fill(email);
    await this.page.getByLabel('Password').fill(typed);
    await this.page.getByRole('button', { name: button }).click();
  }

  async signOut(email: string): Promise<void> {
    await this.follow(email);
    await this.page.getByRole('button', { name: 'Sign out', exact: true }).click();
    await this.page.getByRole('heading', { name: 'Sign in' }).waitFor();
  }

  /** Follows a link of the sidebar, whose name may end with a count. */
  async follow(name: string): Promise<void> {
    await this.page.getByRole('link', { name }).first().click();
  }

  /** Adds tasks, and waits until the server has them: they are shown before. */
  async add(...titles: string[]): Promise<void> {
    for (const title of titles) {
      const answer = this.answer('CreateTask');
      await this.send(title);
      await answer;
      await this.task(title).waitFor();
    }
  }

  /** The next answer to an operation: what is shown, and may be shown before, the server has then. */
  answer(operationName: string): Promise<Response> {
    return this.page.waitForResponse(
      (response) => response.ok() && response.request().postDataJSON()?.operationName === operationName,
    );
  }

  /** Types a task and presses Enter, and leaves open what comes of it. */
  async send(title: string): Promise<void> {
    await this.quickAdd.fill(title);
    await this.quickAdd.press('Enter');
  }

  /** The link that opens the task. */
  task(title: string): Locator {
    return this.page.getByRole('main').getByRole('link', { name: title });
  }

  /** What completes the task. */
  checkbox(title: string): Locator {
    return this.page.getByRole('checkbox', { name: `Done: ${title}` });
  }

  /** What the page says at its edge after something was done, or could not be. */
  message(text: string | RegExp): Locator {
    return this.page.getByRole('region', { name: 'Messages' }).getByText(text);
  }

  /** Waits until these are the open tasks of the view, in this order. */
  async expectOpen(...titles: string[]): Promise<void> {
    await expect.poll(() => this.#openTitles()).toEqual(titles);
  }

  async #openTitles(): Promise<string[]> {
    const boxes = this.page.getByRole('main').getByRole('checkbox', { name: /^Done: /, checked: false });
    const labels = await boxes.evaluateAll((all) => all.map((box) => box.getAttribute('aria-label') ?? ''));
    return labels.map((label) => label.replace('Done: ', ''));
  }
}

/** What stands beside a field of a form: its hint, or what is wrong with it. */
export async function noteOf(field: Locator): Promise<string> {
  return field.evaluate((element) => {
    const ids: string[] = element.getAttribute('aria-describedby')?.split(' ') ?? [];
    const texts = ids.map(
      (id) => element.ownerDocument.getElementById(id)?.textContent ?? `(no element has the id ${id})`,
    );
    return texts.join(' ').trim();
  });
}

export async function expectFocus(on: Locator): Promise<void> {
  await on.waitFor();
  await expect.poll(() => on.evaluate((element) => element === element.ownerDocument.activeElement)).toBe(true);
}
