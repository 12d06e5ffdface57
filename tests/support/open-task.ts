import type { Page } from 'playwright-core';
import { Client } from './client.ts';
import { TodoPage } from './todo-page.ts';

/** Opens a task in the page, and records the inputs of all mutations that the page sends from then on. */
export async function openTask(url: string, visit: (url: string) => Promise<Page>) {
  const client = await Client.signUp(url);
  await client.createTask('Old');
  const page = await visit(`${url}/sign-in`);
  const todo = new TodoPage(page);
  await todo.signIn(client.email);
  await todo.task('Old').click();
  const task = page.getByRole('complementary', { name: 'Task' });
  await task.getByRole('textbox', { name: 'Title' }).waitFor();
  const sent: unknown[] = [];
  page.on('request', (request) => {
    const body = request.method() === 'POST' ? request.postDataJSON() : null;
    if (body?.query.startsWith('mutation')) sent.push(body.variables.input);
  });
  return { client, page, todo, task, sent };
}

export const dueOf = async (client: Client) =>
  (await client.run('{ tasks { nodes { due { date time timeZone } } } }')).data.tasks.nodes[0].due;
