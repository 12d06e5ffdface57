import axe from 'axe-core';
import type { Locator, Page } from 'playwright-core';
import { expect } from 'vitest';

const standard = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

/**
 * Fails with what axe has against the page under WCAG 2.2 AA: narrow and wide, light and dark.
 * @param subject what is to be looked at, which is in sight all the while
 */
export async function expectAccessible(
  page: Page,
  name: string,
  subject: Locator,
  widths = [360, 1440],
): Promise<void> {
  // Through the debugger: the page's own policy runs no text as code.
  await page.evaluate(axe.source);
  for (const width of widths) {
    await page.setViewportSize({ width, height: 900 });
    // What another width changes comes with the next frame.
    await page.evaluate('new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)))');
    await subject.waitFor();
    await page.emulateMedia({ colorScheme: 'light' });
    const found = await violations(page, standard);
    await page.emulateMedia({ colorScheme: 'dark' });
    // Of the rest, colours change nothing.
    found.push(...(await violations(page, ['color-contrast'])));
    expect(found, `${name}, ${width} px wide`).toEqual([]);
    expect(await subject.isVisible(), `${name} is still there, ${width} px wide`).toBe(true);
  }
}

/** `rule: element and what is wrong with it`, for each. */
async function violations(page: Page, runOnly: string[]): Promise<string[]> {
  // Half-way between two colours, contrast means nothing.
  await page.evaluate('for (const fade of document.getAnimations()) if (fade instanceof CSSTransition) fade.finish()');
  const run = `axe.run({ runOnly: ${JSON.stringify(runOnly)}, resultTypes: ['violations'] })`;
  return page.evaluate(`${run}.then(({ violations }) => violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => id + ': ' + html + ' ' + failureSummary)))`);
}
