import { beforeAll, describe, expect } from 'vitest';
import { test as base } from '../support/browser.ts';
import { Client } from '../support/client.ts';
import { useServer } from '../support/server.ts';
import { buildSites } from '../support/sites.ts';
import { TodoPage } from '../support/todo-page.ts';

beforeAll(buildSites);
const server = useServer({ web: true });

const test = base.extend('signIn', ({ visit }) => async (client: Client, path = '/sign-in') => {
  const page = await visit(`${server.url}${path}`);
  const todo = new TodoPage(page);
  await todo.signIn(client.email);
  return { page, todo };
});

const create = (input: string) => `createTask(input: { ${input} }) { __typename }`;

/** Twenty of a request: that many root fields it may have. */
async function createTasks(client: Client, count: number, input: string): Promise<void> {
  for (let start = 0; start < count; start += 20) {
    const fields = Array.from({ length: Math.min(20, count - start) }, (_, index) => {
      return `t${index}: ${create(`title: "Task ${start + index + 1}", ${input}`)}`;
    });
    expect((await client.run(`mutation { ${fields.join(' ')} }`)).data).toBeTruthy();
  }
}

/** All siblings, completed or not, in their order. */
async function order(client: Client, filter: string): Promise<string> {
  const query = `{ tasks(filter: { topLevel: true, ${filter} }, orderBy: { field: POSITION, direction: ASC }) {
    nodes { title } } }`;
  return (await client.run(query)).data.tasks.nodes.map(({ title }: { title: string }) => title).join(' ');
}

describe('undoing a move puts tasks back where they were', () => {
  test('several of them, among open and completed ones, of which one is gone', async ({ signIn }) => {
    const client = await Client.signUp(server.url);
    await client.run('mutation { createList(input: { name: "Work" }) { __typename } }');
    const ids = new Map<string, string>();
    for (const title of ['A', 'B', 'C', 'D', 'E', 'F']) ids.set(title, await client.createTask(title));
    const change = (name: string, title: string) =>
      client.run(`mutation ($id: ID!) { ${name}(input: { id: $id }) { __typename } }`, { id: ids.get(title) });
    await change('completeTask', 'C');
    const { page, todo } = await signIn(client);
    await todo.expectOpen('A', 'B', 'D', 'E', 'F');
    await page.getByRole('button', { name: 'Select tasks' }).click();
    for (const title of ['B', 'D', 'F']) await page.getByRole('checkbox', { name: `Select: ${title}` }).check();
    await page.getByRole('button', { name: 'Move…' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Work' }).click();
    await todo.message('Moved 3 tasks to Work.').waitFor();
    expect(await order(client, 'inbox: true')).toBe('A C E');
    await change('deleteTask', 'A');
    await page.getByRole('button', { name: 'Undo' }).click();
    await expect.poll(() => order(client, 'inbox: true')).toBe('B C D E F');
    await page.reload();
    await todo.expectOpen('B', 'D', 'E', 'F');
  });

  test('a subtask, below its parent', async ({ signIn }) => {
    const client = await Client.signUp(server.url);
    const parentId = await client.createTask('Parent');
    for (const title of ['One', 'Two', 'Three'])
      await client.run(`mutation { ${create(`title: "${title}", parentId: "${parentId}"`)} }`);
    await client.run('mutation { createList(input: { name: "Work" }) { __typename } }');
    const { page, todo } = await signIn(client);
    await todo.task('Parent').click();
    const task = page.getByRole('complementary', { name: 'Task' });
    await task.getByRole('link', { name: 'Two' }).click();
    await task.getByRole('link', { name: 'Parent' }).waitFor();
    await task.getByLabel('List').selectOption('Work');
    await todo.message('Moved “Two” to Work.').waitFor();
    await page.getByRole('button', { name: 'Undo' }).click();
    const subtasks = async () =>
      (await client.run('query ($id: ID!) { task(id: $id) { subtasks { nodes { title } } } }', { id: parentId })).data
        .task.subtasks.nodes;
    await expect.poll(subtasks).toEqual(['One', 'Two', 'Three'].map((title) => ({ title })));
  });
});

const overdueCount = async (client: Client): Promise<number> =>
  (await client.run('{ tasks(filter: { overdue: true }) { totalCount } }')).data.tasks.totalCount;

describe('what is done with all is done with those that are not loaded, too', () => {
  test('rescheduling what is overdue, and undoing it', async ({ signIn }) => {
    const client = await Client.signUp(server.url);
    await createTasks(client, 130, 'due: { date: "2026-01-05" }');
    const { page, todo } = await signIn(client, '/today');
    await todo.task('Task 50').waitFor();
    await page.getByRole('button', { name: 'Reschedule to today' }).click();
    await todo.message('130 tasks: due today.').waitFor();
    expect(await overdueCount(client)).toBe(0);
    await page.getByRole('button', { name: 'Undo' }).click();
    await expect.poll(() => overdueCount(client)).toBe(130);
  });

  test('selecting all, and what fails on the way is told', async ({ signIn }) => {
    const client = await Client.signUp(server.url);
    await createTasks(client, 130, 'priority: NONE');
    const { page, todo } = await signIn(client);
    await todo.task('Task 50').waitFor();
    const selectAll = async () => {
      await page.getByRole('button', { name: 'Select tasks' }).click();
      await page.getByRole('button', { name: 'Select all' }).click();
      await page.getByRole('toolbar').getByText('130 selected').waitFor();
    };
    await selectAll();
    let sent = 0;
    const error = { message: 'Internal server error', extensions: { code: 'INTERNAL_SERVER_ERROR' } };
    await page.route('**/graphql', (route) => {
      if (route.request().postDataJSON().operationName !== 'CompleteTasks' || ++sent < 2) return route.fallback();
      return route.fulfill({ json: { data: null, errors: [error] } });
    });
    await page.getByRole('button', { name: 'Complete', exact: true }).click();
    await todo.message('Something went wrong on our side.').waitFor();
    await todo.message('Completed 100 of 130 tasks.').waitFor();
    const open = async () =>
      (await client.run('{ tasks(filter: { completed: false }) { totalCount } }')).data.tasks.totalCount;
    expect(await open()).toBe(30);
    await page.getByRole('button', { name: 'Undo' }).click();
    await expect.poll(open).toBe(130);
    await page.unroute('**/graphql');
    await page.reload();
    await todo.task('Task 50').waitFor();
    await selectAll();
    await page.getByRole('button', { name: 'Delete', exact: true }).click();
    await todo.message('Deleted 130 tasks.').waitFor();
    expect(await open()).toBe(0);
  });
});
