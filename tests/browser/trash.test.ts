import { beforeAll, expect } from 'vitest';
import { test } from '../support/browser.ts';
import { Client } from '../support/client.ts';
import { useServer } from '../support/server.ts';
import { buildSites } from '../support/sites.ts';
import { TodoPage } from '../support/todo-page.ts';

beforeAll(buildSites);
const server = useServer({ web: true });

test('a list in the trash takes its tasks out of all views at once, and each comes back to the inbox, or all with it', async ({
  visit,
}) => {
  const client = await Client.signUp(server.url);
  const { data } = await client.run('mutation { createList(input: { name: "Work" }) { list { id } } }');
  const listId = data.createList.list.id;
  for (const title of ['Plan', 'Build']) {
    const input = { title, listId, due: { date: '2026-01-05' } };
    await client.run('mutation ($input: CreateTaskInput!) { createTask(input: $input) { __typename } }', { input });
  }
  const page = await visit(`${server.url}/today`);
  const todo = new TodoPage(page);
  await todo.signIn(client.email);
  await todo.expectOpen('Plan', 'Build');
  await todo.follow('Work');
  await page.getByRole('button', { name: 'Edit list' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
  await todo.message('Deleted the list “Work” and its tasks.').waitFor();
  await page.getByRole('heading', { name: 'Inbox', level: 1 }).waitFor();
  // What was read before is shown until the server answers: none of it is in the trash.
  const isAsked = Promise.withResolvers<void>();
  await page.route('**/graphql', async (route) => {
    if (route.request().postDataJSON().operationName === 'Tasks') await isAsked.promise;
    await route.fallback();
  });
  await todo.follow('Today');
  await page.getByRole('heading', { name: 'Today', level: 1 }).waitFor();
  await page.getByText('Nothing is due today').waitFor();
  isAsked.resolve();
  await page.unroute('**/graphql');
  await todo.follow('Trash');
  await todo.task('Plan').click();
  await page.getByRole('complementary', { name: 'Task' }).getByText('This task is in the trash.').waitFor();
  await page.getByRole('main').getByRole('button', { name: 'Restore: Plan' }).click();
  await todo.message('Restored “Plan”.').waitFor();
  await page.getByRole('button', { name: 'Restore the list: Work' }).click();
  await todo.message('Restored the list “Work”.').waitFor();
  const query = '{ tasks(orderBy: { field: CREATED_AT, direction: ASC }) { nodes { title list { name } } } }';
  const tasks = [
    { title: 'Plan', list: null },
    { title: 'Build', list: { name: 'Work' } },
  ];
  await expect.poll(async () => (await client.run(query)).data.tasks.nodes).toEqual(tasks);
  await todo.follow('Today');
  await todo.expectOpen('Plan', 'Build');
});

test('the trash is emptied after a question, with its lists, and nothing else is deleted', async ({ visit }) => {
  const client = await Client.signUp(server.url);
  const create = async (title: string, input = {}) => {
    const operation = 'mutation ($input: CreateTaskInput!) { createTask(input: $input) { task { id } } }';
    return (await client.run(operation, { input: { title, ...input } })).data.createTask.task.id;
  };
  const list = 'mutation { createList(input: { name: "Work" }) { list { id } } }';
  const listId = (await client.run(list)).data.createList.list.id;
  const ids = [await create('Old'), await create('Ancient')];
  await create('Plan', { listId });
  await create('Kept');
  const page = await visit(`${server.url}/today`);
  const todo = new TodoPage(page);
  await todo.signIn(client.email);
  await todo.follow('Trash');
  const button = page.getByRole('button', { name: 'Empty trash' });
  await page.getByRole('heading', { name: 'Trash', level: 1 }).waitFor();
  await expect.poll(() => button.count()).toBe(0);
  await client.run(
    `mutation ($ids: [ID!]!, $listId: ID!) { deleteTasks(input: { ids: $ids }) { deletedIds }
      deleteList(input: { id: $listId }) { list { id } } }`,
    { ids, listId },
  );
  await page.reload();
  await todo.task('Old').waitFor();
  await button.click();
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
  await todo.task('Ancient').waitFor();
  await button.click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete permanently' }).click();
  await todo.message('Emptied the trash.').waitFor();
  await expect.poll(() => todo.task('Old').count()).toBe(0);
  await expect.poll(() => page.getByRole('button', { name: 'Restore the list: Work' }).count()).toBe(0);
  await expect.poll(() => button.count()).toBe(0);
  const query =
    '{ tasks(filter: { trash: INCLUDE }) { nodes { title } } lists(filter: { trash: INCLUDE }) { totalCount } }';
  expect((await client.run(query)).data).toEqual({ tasks: { nodes: [{ title: 'Kept' }] }, lists: { totalCount: 0 } });
});
