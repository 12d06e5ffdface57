import type { Page } from 'playwright-core';
import { beforeAll, expect } from 'vitest';
import { test } from '../support/browser.ts';
import { useServer } from '../support/server.ts';
import { buildSites } from '../support/sites.ts';
import { TodoPage } from '../support/todo-page.ts';

beforeAll(buildSites, 120_000);
const server = useServer({ web: true });

/** Remembers each animation and transition that one could see, by its name or property. */
const watch = `
  globalThis.seen = [];
  const look = ({ target }) => {
    for (const animation of target.getAnimations()) {
      const name = animation.animationName ?? animation.transitionProperty;
      if (animation.effect.getComputedTiming().duration > 10) globalThis.seen.push(name);
    }
  };
  for (const type of ['animationstart', 'transitionrun']) document.addEventListener(type, look, true);
`;

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
  await page.getByRole('button', { name: 'New list' }).click();
  await page.getByRole('dialog', { name: 'New list' }).waitFor();
}

test.for([
  ['where the system asks for no motion, nothing moves', 'reduce', 0],
  ['where it does not, things move', 'no-preference', 3],
] as const)('%s', async ([_title, reducedMotion, least], { visit }) => {
  const page = await visit(server.url, { reducedMotion, viewport: { width: 360, height: 800 } });
  await page.evaluate(watch);
  await use(page);
  const seen = await page.evaluate<string[]>('[...new Set(globalThis.seen)]');
  if (least === 0) expect(seen).toEqual([]);
  else expect(seen.length).toBeGreaterThanOrEqual(least);
});
