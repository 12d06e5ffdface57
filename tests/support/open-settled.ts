import type { Page, Request } from 'playwright-core';
import { expect } from 'vitest';

/** Milliseconds without a request after which a page has loaded everything. */
const quiet = 500;

/** Opens an address, and waits until the page loads nothing but what stays open: the live connection. */
export async function openSettled(page: Page, address: string): Promise<void> {
  const pending = new Set<Request>();
  let changedAt = Date.now();
  const isLive = (request: Request) => request.headers().accept?.includes('text/event-stream');
  const begin = (request: Request) => {
    if (isLive(request)) return;
    pending.add(request);
    changedAt = Date.now();
  };
  const end = (request: Request) => {
    if (pending.delete(request)) changedAt = Date.now();
  };
  page.on('request', begin).on('requestfinished', end).on('requestfailed', end);
  await page.goto(address);
  await expect.poll(() => pending.size === 0 && Date.now() - changedAt > quiet).toBe(true);
  page.off('request', begin).off('requestfinished', end).off('requestfailed', end);
}
