import { Client, fetchExchange, type OperationResult } from '@urql/core';
import { expect, onTestFinished, test } from 'vitest';
import { find, messagesByField } from '../../docs/clients/errors.ts';
import { SignUpDocument, TasksDocument, type TasksQuery } from '../../docs/clients/generated/graphql.ts';
import { connect } from '../../docs/clients/urql.ts';
import { createTask, pagesOfTasks, rename } from '../../docs/clients/urql-tasks.ts';
import { useServer } from '../support/server.ts';
import { loseNextAnswer, signIn } from './support.ts';

const server = useServer();

async function openClient(count: number) {
  const client = connect(...(await signIn(server)));
  for (let n = 1; n <= count; n++) await createTask(client, `Task ${n}`);
  return client;
}

const titles = (data: TasksQuery | undefined) => data?.tasks?.edges.map(({ node }) => node.title);

test('urql signs up, and the token opens everything else', async () => {
  const session: { accessToken: string | null } = { accessToken: null };
  const client = connect(`${server.url}/graphql`, session);
  const input = { email: `urql-${crypto.randomUUID()}@example.com`, password: 'correct horse' };
  const { data } = await client.mutation(SignUpDocument, { input }).toPromise();
  session.accessToken = data?.signup?.accessToken ?? null;
  await createTask(client, 'Buy milk');
  const page = await client.query(TasksDocument, {}).toPromise();
  expect(page.error).toBeUndefined();
  expect(titles(page.data)).toEqual(['Buy milk']);
});

test('urql goes through the pages of a list', async () => {
  const client = await openClient(5);
  const pages: string[][] = [];
  for await (const page of pagesOfTasks(client, 2)) pages.push(page.map(({ title }) => title));
  expect(pages).toEqual([['Task 5', 'Task 4'], ['Task 3', 'Task 2'], ['Task 1']]);
});

test('urql asks again for the lists on the screen after a change, also for an empty one', async () => {
  const client = await openClient(0);
  let shown: string[] | undefined;
  const context = { additionalTypenames: ['Task'] };
  const { unsubscribe } = client.query(TasksDocument, {}, context).subscribe(({ data }) => {
    shown = titles(data);
  });
  onTestFinished(unsubscribe);
  await expect.poll(() => shown).toEqual([]);
  await createTask(client, 'Buy milk');
  await expect.poll(() => shown).toEqual(['Buy milk']);
});

test('urql brings messages to the fields of a form', async () => {
  const client = connect(`${server.url}/graphql`, { accessToken: null });
  const { error } = await client.mutation(SignUpDocument, { input: { email: 'ada', password: 'short' } }).toPromise();
  expect(Object.keys(messagesByField(error?.graphQLErrors ?? [])).sort()).toEqual(['email', 'password']);
});

test('urql ends the session where the token is refused', async () => {
  const session = { accessToken: 'refused' };
  const { error } = await connect(`${server.url}/graphql`, session).query(TasksDocument, {}).toPromise();
  expect(find(error?.graphQLErrors ?? [], 'UNAUTHENTICATED')).toBeDefined();
  expect(session.accessToken).toBeNull();
});

test('urql renames a task that has changed meanwhile', async () => {
  const client = await openClient(0);
  const task = created(await createTask(client, 'Buy milk'));
  await rename(client, task, 'From the phone');
  const { data } = await rename(client, task, 'From the laptop');
  expect(data?.updateTask?.task).toMatchObject({ title: 'From the laptop', version: 3 });
});

test('urql makes one task where the first answer is lost', async () => {
  const client = await openClient(0);
  onTestFinished(loseNextAnswer());
  created(await createTask(client, 'Buy milk'));
  expect(titles((await client.query(TasksDocument, {}).toPromise()).data)).toEqual(['Buy milk']);
});

function created({ data, error }: OperationResult<Awaited<ReturnType<typeof createTask>>['data'] & object>) {
  if (!data?.createTask) throw new Error(`No task was made: ${error}`);
  return data.createTask.task;
}

test('urql may send GET with a token, and without one only what a foreign page cannot send', async () => {
  const [url, { accessToken }] = await signIn(server);
  const methods: unknown[] = [];
  const ask = async (headers: Record<string, string>) => {
    const record = (...[input, init]: Parameters<typeof fetch>) => {
      methods.push(init?.method);
      return fetch(input, init);
    };
    const client = new Client({ url, exchanges: [fetchExchange], fetch: record, fetchOptions: { headers } });
    const { data, error } = await client.query('{ errorCodes }', {}).toPromise();
    return data ? 'data' : error?.graphQLErrors[0]?.extensions?.code;
  };
  expect(await ask({ authorization: `Bearer ${accessToken}` })).toBe('data');
  expect(await ask({})).toBe('BAD_REQUEST');
  expect(await ask({ 'apollo-require-preflight': '1' })).toBe('data');
  expect(methods).toEqual(['GET', 'GET', 'GET']);
});
