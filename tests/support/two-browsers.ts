import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { Client } from './client.ts';
import { TodoPage } from './todo-page.ts';

/** Signs in a new user with these tasks in a browser, and as another device by HTTP. */
export async function signIn(url: string, visit: (url: string) => Promise<Page>, ...titles: string[]) {
  const device = await Client.signUp(url);
  const userId: string = (await device.run('{ me { id } }')).data.me.id;
  for (const title of titles) await device.createTask(title);
  const todo = new TodoPage(await visit(`${url}/sign-in`));
  await todo.signIn(device.email);
  await todo.expectOpen(...titles);
  await isLive(todo);
  return { device, todo, userId };
}

/** Waits until the page has a live connection: it keeps the cursor that came first. */
export async function isLive({ page }: TodoPage): Promise<void> {
  await expect.poll(() => page.evaluate("localStorage.getItem('todoql:cursor') !== null")).toBe(true);
}

/** The names of the operations that a page sends from now on. */
export function watchOperations(page: Page): string[] {
  const names: string[] = [];
  page.on('request', (request) => request.method() === 'POST' && names.push(request.postDataJSON().operationName));
  return names;
}
