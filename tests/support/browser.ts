import { type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { expect } from 'vitest';
import { chromiumPath } from './chromium.ts';
import { test as base } from './program.ts';

// No sandbox, because it does not work for root, which CI runs as; and no requests that Chromium sends by itself.
const args = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-sync'];
args.push('--disable-background-networking', '--disable-component-update', '--disable-dev-shm-usage');

/** A time zone in which it is far from midnight, so that today does not change during a test. */
const timezoneId = ['UTC', 'Asia/Karachi', 'Pacific/Honolulu'].find((timeZone) => {
  const hour = Number(new Intl.DateTimeFormat('en', { timeZone, hour: 'numeric', hourCycle: 'h23' }).format());
  return hour >= 4 && hour < 21;
}) as string;

/** Without animations, except in tests about them, so that tests need not wait for them. */
const usual: BrowserContextOptions = { viewport: { width: 1440, height: 900 }, reducedMotion: 'reduce', timezoneId };

/** Problems of the pages in a test: errors, violations of the content security policy, requests to other origins. */
class Complaints {
  readonly #heard: string[] = [];
  readonly #expected: RegExp[] = [];

  listen(page: Page, origin: string): void {
    page.on('request', (request) => {
      const { protocol, host } = new URL(request.url());
      if (/^(https?|wss?):$/.test(protocol) && host !== new URL(origin).host)
        this.#heard.push(`asked ${request.url()}`);
    });
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) this.#heard.push(message.text());
    });
    page.on('pageerror', (error) => this.#heard.push(String(error)));
  }

  /** Ignores problems that the test itself causes, such as a failed request. */
  expect(...complaints: RegExp[]): void {
    this.#expected.push(...complaints);
  }

  get unexpected(): string[] {
    return this.#heard.filter((text) => !this.#expected.some((expected) => expected.test(text)));
  }
}

/**
 * `test` with `visit`, which opens a URL in a new browser profile, and `complaints`: a test fails if a page reports a problem
 * that the test did not expect.
 */
export const test = base
  // biome-ignore lint/correctness/noEmptyPattern: vitest reads what a fixture needs from this pattern
  .extend('complaints', async ({}, { onCleanup }) => {
    const complaints = new Complaints();
    onCleanup(() => expect(complaints.unexpected).toEqual([]));
    return complaints;
  })
  // biome-ignore lint/correctness/noEmptyPattern: vitest reads what a fixture needs from this pattern
  .extend('browser', { scope: 'file' }, async ({}, { onCleanup }) => {
    if (!chromiumPath) throw new Error('The browser tests need Chromium: npm run test:browser says how to get it.');
    const browser = await chromium.launch({ executablePath: chromiumPath, args });
    onCleanup(() => browser.close());
    return browser;
  })
  .extend('visit', ({ browser, complaints }, { onCleanup }) => {
    const closers: (() => Promise<void>)[] = [];
    onCleanup(async () => void (await Promise.all(closers.map((close) => close()))));
    return async (url: string, options: BrowserContextOptions = {}): Promise<Page> => {
      const context = await browser.newContext({ ...usual, ...options });
      closers.push(() => context.close());
      // Below the test's timeout, so that a failure names the step.
      context.setDefaultTimeout(10_000);
      context.on('page', (page) => complaints.listen(page, url));
      const page = await context.newPage();
      await page.goto(url);
      return page;
    };
  });
