import { randomUUID } from 'node:crypto';
import type { Locator, Page, Response } from 'playwright-core';
import { expect } from 'vitest';

export const password = 'correct horse';
export const newEmail = (): string => `${randomUUID()}@example.com`;

/** The page, whose elements are found by role and name. */
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

  /** Fills in and submits the form of sign-up or sign-in. */
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

  /** Adds tasks, and waits until the server has them: the page shows them before. */
  async add(...titles: string[]): Promise<void> {
    for (const title of titles) {
      const answer = this.answer('CreateTask');
      await this.send(title);
      await answer;
      await this.task(title).waitFor();
    }
  }

  /** The next response to an operation: the page may show its result before. */
  answer(operationName: string): Promise<Response> {
    return this.page.waitForResponse(
      (response) => response.ok() && response.request().postDataJSON()?.operationName === operationName,
    );
  }

  /** Types a task and presses Enter, without waiting for the result. */
  async send(title: string): Promise<void> {
    await this.quickAdd.fill(title);
    await this.quickAdd.press('Enter');
  }

  /** The link that opens a task. */
  task(title: string): Locator {
    return this.page.getByRole('main').getByRole('link', { name: title });
  }

  /** The checkbox of a task. */
  checkbox(title: string): Locator {
    return this.page.getByRole('checkbox', { name: `Done: ${title}` });
  }

  /** A toast. */
  message(text: string | RegExp): Locator {
    return this.page.getByRole('region', { name: 'Messages' }).getByText(text);
  }

  /** Waits until the view shows exactly these open tasks, in this order. */
  async expectOpen(...titles: string[]): Promise<void> {
    await expect.poll(() => this.#openTitles()).toEqual(titles);
  }

  async #openTitles(): Promise<string[]> {
    const boxes = this.page.getByRole('main').getByRole('checkbox', { name: /^Done: /, checked: false });
    const labels = await boxes.evaluateAll((all) => all.map((box) => box.getAttribute('aria-label') ?? ''));
    return labels.map((label) => label.replace('Done: ', ''));
  }
}

/** The text next to a form field: its hint or its error. */
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
