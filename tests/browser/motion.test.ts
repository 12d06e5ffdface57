import type { Page } from 'playwright-core';
import { beforeAll, expect } from 'vitest';
import { test } from '../support/browser.ts';
import { useServer } from '../support/server.ts';
import { buildSites } from '../support/sites.ts';
import { TodoPage } from '../support/todo-page.ts';

beforeAll(buildSites);
const server = useServer({ web: true });

/** Remembers each animation and transition, those of ::before and the like too, and which of them one could see. */
const watch = `
  globalThis.ran = new Set();
  globalThis.seen = new Set();
  const look = ({ target, animationName, propertyName, pseudoElement }) => {
    const what = (animationName ?? propertyName) + ' of ' + target.localName + pseudoElement;
    // Of its style: on a slow machine it may be over already.
    const { animationDuration, transitionDuration } = getComputedStyle(target, pseudoElement);
    const seconds = (animationName ? animationDuration : transitionDuration).split(',').map(parseFloat);
    globalThis.ran.add(what);
    if (Math.max(...seconds) > 0.01) globalThis.seen.add(what);
  };
  for (const type of ['animationstart', 'transitionrun']) document.addEventListener(type, look, true);
`;

const ran = (page: Page) => page.evaluate<string[]>('[...globalThis.ran]');

/** A little of everything that might move. */
async function use(page: Page): Promise<void> {
  const todo = new TodoPage(page);
  await todo.signUp();
  await todo.add('One', 'Two');
  await todo.checkbox('One').click();
  await todo.message('Completed “One”.').waitFor();
  await todo.task('Two').click();
  await page.getByRole('button', { name: 'Close the task' }).click();
  await page.getByRole('button', { name: 'Menu' }).click();
  // The next click closes it: on a slow machine before its first frame, and what is never drawn is not told of.
  await expect.poll(() => ran(page)).toContain('slide-in of dialog');
  await page.getByRole('button', { name: 'New list' }).click();
  await page.getByRole('dialog', { name: 'New list' }).waitFor();
}

test.for([
  ['where the system asks for no motion, nothing moves', 'reduce'],
  ['where it does not, things move', 'no-preference'],
] as const)('%s', async ([_title, reducedMotion], { visit }) => {
  const page = await visit(server.url, { reducedMotion, viewport: { width: 360, height: 800 } });
  await page.evaluate(watch);
  await use(page);
  // A message, a task, the menu and a dialog, which is the last to be told of.
  const moving = expect.arrayContaining(['rise of div', 'appear of dialog', 'slide-in of dialog', 'rise of dialog']);
  await expect.poll(() => ran(page)).toEqual(moving);
  expect(await page.evaluate<string[]>('[...globalThis.seen]')).toEqual(reducedMotion === 'reduce' ? [] : moving);
});
