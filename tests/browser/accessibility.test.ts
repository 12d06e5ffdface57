import { beforeAll } from 'vitest';
import { expectAccessible } from '../support/axe.ts';
import { test } from '../support/browser.ts';
import { Client } from '../support/client.ts';
import { useMailingServer } from '../support/mailing-server.ts';
import { openSettled } from '../support/open-settled.ts';
import { buildSites } from '../support/sites.ts';
import { TodoPage } from '../support/todo-page.ts';

beforeAll(buildSites);
const { server } = useMailingServer({ web: true });

/** Somebody with something of everything, and the addresses at which it is seen, each with a text that is there last. */
async function furnish(): Promise<{ email: string; addresses: Record<string, string> }> {
  const client = await Client.signUp(server.url);
  const { data } = await client.run(`mutation {
    list: createList(input: { name: "Home", color: "#3b82f6" }) { list { id } }
    label: createLabel(input: { name: "urgent", color: "#b45309" }) { label { id } }
  }`);
  const [listId, labelId] = [data.list.list.id, data.label.label.id];
  const operation = 'mutation ($input: CreateTaskInput!) { createTask(input: $input) { task { id } } }';
  const create = async (input: object): Promise<string> =>
    (await client.run(operation, { input })).data.createTask.task.id;
  const today = new Date().toISOString().slice(0, 10);
  const id = await create({ title: 'Water the plants', priority: 'HIGH', due: { date: '2020-01-01' } });
  await create({ title: 'Buy milk', due: { date: today }, labelIds: [labelId], priority: 'URGENT' });
  await create({ title: 'Below', parentId: id });
  await create({ title: 'Paint the door', listId, labelIds: [labelId], priority: 'LOW', description: '# Blue' });
  await create({ title: 'Book the train', due: { date: '2099-01-01', time: '08:30' }, priority: 'MEDIUM' });
  const [done, gone] = [await create({ title: 'Call Ada' }), await create({ title: 'Old thing' })];
  await client.run('mutation ($id: ID!) { completeTask(input: { id: $id }) { task { id } } }', { id: done });
  await client.run('mutation ($id: ID!) { deleteTask(input: { id: $id }) { deletedIds } }', { id: gone });
  const addresses = {
    '/': 'Water the plants',
    '/today': 'Buy milk',
    '/upcoming': 'Book the train',
    '/done': 'Call Ada',
    '/trash': 'Old thing',
    '/settings': 'Where you are signed in',
    '/search': 'Search',
    '/search?q=milk': 'Buy milk',
    '/nowhere': 'This page does not exist',
    [`/lists/${listId}`]: 'Paint the door',
    [`/labels/${labelId}`]: 'Paint the door',
    [`/?task=${id}`]: 'Below',
  };
  return { email: client.email, addresses };
}

test('the way in is accessible, with its errors too', async ({ visit }) => {
  const page = await visit(server.url);
  await expectAccessible(page, 'sign up', page.getByRole('heading', { name: 'Create your account' }));
  await new TodoPage(page).enter('Sign up', 'ada', 'short');
  await expectAccessible(page, 'sign up, refused', page.getByText('too short'));
  await page.getByRole('link', { name: 'Sign in' }).click();
  await new TodoPage(page).enter('Sign in', 'ada@example.com', 'wrong horse');
  await expectAccessible(page, 'sign in, refused', page.getByRole('alert').getByText('is incorrect'));
});

test('the pages of mailed links are accessible', async ({ visit }) => {
  const page = await visit(`${server.url}/forgot-password`);
  await expectAccessible(page, 'forgotten', page.getByRole('button', { name: 'Send the link' }));
  await page.getByLabel('E-mail address').fill('nobody@example.com');
  await page.getByRole('button', { name: 'Send the link' }).click();
  await expectAccessible(page, 'sent', page.getByRole('status').getByText('nobody@example.com'));
  await page.goto(`${server.url}/reset-password#token=unknown`);
  await page.getByLabel('New password', { exact: true }).fill('battery staple');
  await page.getByRole('button', { name: 'Change password' }).click();
  await expectAccessible(page, 'a used link', page.getByRole('alert').getByText('no longer valid'));
  await page.goto(`${server.url}/verify-email`);
  await expectAccessible(page, 'half a link', page.getByRole('alert').getByText('incomplete'));
});

test('every view is accessible', async ({ visit }) => {
  const { email, addresses } = await furnish();
  const page = await visit(`${server.url}/sign-in`);
  await new TodoPage(page).signIn(email);
  for (const [address, text] of Object.entries(addresses)) {
    await openSettled(page, `${server.url}${address}`);
    await expectAccessible(page, address, page.locator('main, .detail').getByText(text).last());
  }
});

test('what opens in front of a view is accessible', async ({ visit }) => {
  const { email } = await furnish();
  const page = await visit(`${server.url}/sign-in`);
  const todo = new TodoPage(page);
  await todo.signIn(email);
  await todo.checkbox('Buy milk').click();
  // Where somebody is at it, it stays.
  await page.getByRole('button', { name: 'Undo' }).focus();
  await expectAccessible(page, 'a message', todo.message('Completed “Buy milk”.'));
  await page.getByRole('button', { name: 'Select tasks' }).click();
  await page.getByRole('button', { name: 'Select all' }).click();
  await expectAccessible(page, 'selected tasks', page.getByRole('toolbar', { name: 'Selected tasks' }));
  await page.getByRole('button', { name: 'Move…' }).click();
  await expectAccessible(page, 'where to move them', page.getByRole('dialog', { name: 'Move to' }));
  await page.keyboard.press('Escape');
  for (const name of ['New list', 'New label']) {
    await page.getByRole('button', { name }).click();
    await expectAccessible(page, name, page.getByRole('dialog', { name }));
    await page.keyboard.press('Escape');
  }
  await page.setViewportSize({ width: 360, height: 900 });
  await page.getByRole('button', { name: 'Menu' }).click();
  await expectAccessible(page, 'the menu', page.getByRole('dialog', { name: 'Menu' }), [360]);
});
