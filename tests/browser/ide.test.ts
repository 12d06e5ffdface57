import { randomBytes } from 'node:crypto';
import type { Locator, Page } from 'playwright-core';
import { beforeAll, expect } from 'vitest';
import { productName } from '../../src/product-name.ts';
import { test as base } from '../support/browser.ts';
import { Client } from '../support/client.ts';
import { useServer } from '../support/server.ts';
import { buildSites } from '../support/sites.ts';

beforeAll(buildSites);
const server = useServer({ ide: true, corsOrigins: null });

const test = base.extend('openIde', ({ visit }) => async (): Promise<Page> => {
  const page = await visit(`${server.url}/graphql`);
  await isComplete(page);
  return page;
});

/** It is once the documentation of the schema is there: before, a click on its buttons may do nothing. */
async function isComplete(page: Page): Promise<void> {
  await page.locator('.graphiql-doc-explorer-content').getByText('Mutation', { exact: true }).waitFor();
  await page.locator('.graphiql-query-editor .view-line').first().waitFor();
}

const run = (page: Page) => page.getByRole('button', { name: /Execute query/ }).click();
const open = (page: Page, name: string) => page.getByRole('tab', { name, exact: true }).click();
const answer = (page: Page, text: string) => page.locator('.result-window').getByText(text).first().waitFor();
const headers = (page: Page) => page.locator('.graphiql-editor-tool .graphiql-editor').nth(1);

/** A double click selects the word in the middle, unless the page is still moving, or too long passes between its clicks. */
async function enterDomain(page: Page, domain: string): Promise<void> {
  const tool = page.locator('.graphiql-editor-tool');
  const appears = (locator: Locator) =>
    locator.waitFor({ state: 'attached', timeout: 2_000 }).then(
      () => true,
      () => false,
    );
  const replace = async () => {
    await tool.getByText('ada@example.com').dblclick();
    if (!(await appears(tool.locator('.selected-text').first()))) return false;
    await page.keyboard.insertText(domain);
    const isReplaced = await appears(tool.getByText(`ada@${domain}.com`));
    if (!isReplaced) await page.keyboard.press('Control+z');
    return isReplaced;
  };
  await expect.poll(replace).toBe(true);
}

test('a sign-up fills the token into every tab', async ({ openIde }) => {
  const page = await openIde();
  expect(await page.title()).toBe(productName);
  await page.getByText('Not signed in.').waitFor();

  await run(page);
  await page.getByText('Signed in as ada@example.com.').waitFor();
  await page.getByRole('button', { name: 'Headers', exact: true }).click();
  await headers(page).getByText('Bearer').waitFor();

  await open(page, 'Me');
  await headers(page).getByText('Bearer').waitFor();
  await run(page);
  await answer(page, '"ada@example.com"');
});

test('a reload keeps the session; a token that has ended is taken out again', async ({ openIde, complaints }) => {
  complaints.expect(/status of 401/);
  // As the example has it, but for the domain; with the password of the example.
  const domain = `d${randomBytes(6).toString('hex')}`;
  const email = `ada@${domain}.com`;
  await Client.signUp(server.url, email);
  const page = await openIde();
  await open(page, 'LogIn');
  await enterDomain(page, domain);
  await run(page);
  await page.getByText(`Signed in as ${email}.`).waitFor();

  await page.reload();
  await isComplete(page);
  await page.getByText(`Signed in as ${email}.`).waitFor();
  await server.sql('delete from session where user_id = (select id from "user" where email = $1)', [email]);
  await open(page, 'Me');
  await run(page);
  await answer(page, '"UNAUTHENTICATED"');
  await page.getByText('Not signed in.').waitFor();
});

test('the keyboard alone goes into the editor, runs the operation, and comes out again', async ({
  openIde,
  complaints,
}) => {
  complaints.expect(/status of 401/);
  const page = await openIde();
  await open(page, 'Me');
  const editor = page.locator('.graphiql-query-editor .graphiql-editor');
  await editor.focus();
  await page.keyboard.press('Enter');
  await editor.locator('textarea:focus').waitFor({ state: 'attached' });
  await page.keyboard.press('Control+Enter');
  await answer(page, '"UNAUTHENTICATED"');
  await page.keyboard.press('Escape');
  await page.locator('.graphiql-query-editor .graphiql-editor:focus').waitFor();
});

test('a subscription shows what changes until it is stopped, or its session ends', async ({ openIde }) => {
  const client = await Client.signUp(server.url);
  const page = await openIde();
  await open(page, 'Me');
  await page.getByRole('button', { name: 'Headers', exact: true }).click();
  await headers(page).click();
  await page.keyboard.insertText(JSON.stringify({ Authorization: `Bearer ${client.token}` }));
  await page.locator('.graphiql-query-editor .graphiql-editor').click();
  await page.keyboard.press('Control+A');
  await page.keyboard.insertText('subscription { changes { cursor changes { id } } }');
  await run(page);
  await answer(page, '"cursor"');
  await answer(page, await client.createTask());
  await answer(page, await client.createTask('Another'));
  await page.getByRole('button', { name: /Stop query/ }).click();
  await page.getByRole('button', { name: /Execute query/ }).waitFor();

  await run(page);
  await answer(page, '"cursor"');
  await client.run('mutation { logout { success } }');
  await answer(page, '"UNAUTHENTICATED"');
  await page.getByRole('button', { name: /Execute query/ }).waitFor();
});

test('the link to Apollo Sandbox names this endpoint', async ({ openIde }) => {
  const page = await openIde();
  const href = await page.getByRole('link', { name: 'Open in Apollo Sandbox' }).getAttribute('href');
  const { origin, searchParams } = new URL(href ?? '');
  expect([origin, searchParams.get('endpoint')]).toEqual(['https://studio.apollographql.com', `${server.url}/graphql`]);
});

test('where the browser denies storage, the IDE works, and the session lives in its tab', async ({ visit }) => {
  const domain = `d${randomBytes(6).toString('hex')}`;
  const page = await visit(`${server.url}/graphql`);
  const deny = `{ get() { throw new DOMException('denied', 'SecurityError'); } }`;
  await page.addInitScript(`for (const name of ['localStorage', 'sessionStorage'])
    Object.defineProperty(window, name, ${deny});`);
  await page.reload();
  await isComplete(page);
  await enterDomain(page, domain);
  await run(page);
  await page.getByText(`Signed in as ada@${domain}.com.`).waitFor();
});
