import { expect, onTestFinished, test } from 'vitest';
import { find, messagesByField } from '../../docs/clients/errors.ts';
import { connect, TodoqlError } from '../../docs/clients/fetch.ts';
import { allTasks, createTask, rename } from '../../docs/clients/fetch-tasks.ts';
import { SignUpDocument, TasksDocument } from '../../docs/clients/generated/graphql.ts';
import { useServer } from '../support/server.ts';
import { loseNextAnswer, signIn } from './support.ts';

const server = useServer();

async function titles(run: ReturnType<typeof connect>, first = 2): Promise<string[]> {
  const found: string[] = [];
  for await (const { title } of allTasks(run, first)) found.push(title);
  return found;
}

async function failure(promise: Promise<unknown>): Promise<TodoqlError> {
  const error = await promise.catch((thrown: unknown) => thrown);
  if (error instanceof TodoqlError) return error;
  throw new Error(`It did not fail as the server refuses, but with ${error}`);
}

test('fetch signs up, and the token opens everything else', async () => {
  const session: { accessToken: string | null } = { accessToken: null };
  const run = connect(`${server.url}/graphql`, session);
  const input = { email: `fetch-${crypto.randomUUID()}@example.com`, password: 'correct horse' };
  session.accessToken = (await run(SignUpDocument, { input })).signup?.accessToken ?? null;
  await createTask(run, 'Buy milk');
  expect(await titles(run)).toEqual(['Buy milk']);
});

test('fetch goes through every page', async () => {
  const run = connect(...(await signIn(server)));
  for (let n = 1; n <= 5; n++) await createTask(run, `Task ${n}`);
  expect(await titles(run, 2)).toEqual(['Task 5', 'Task 4', 'Task 3', 'Task 2', 'Task 1']);
});

test('fetch brings messages to the fields of a form', async () => {
  const run = connect(`${server.url}/graphql`, { accessToken: null });
  const { errors } = await failure(run(SignUpDocument, { input: { email: 'ada', password: 'short' } }));
  expect(messagesByField(errors)).toMatchObject({ password: 'The password is too short: at least 8 characters.' });
  expect(Object.keys(messagesByField(errors)).sort()).toEqual(['email', 'password']);
});

test('fetch ends the session where the token is refused', async () => {
  const session = { accessToken: 'refused' };
  const { errors } = await failure(connect(`${server.url}/graphql`, session)(TasksDocument, {}));
  expect(find(errors, 'UNAUTHENTICATED')).toBeDefined();
  expect(session.accessToken).toBeNull();
});

test('fetch renames a task that has changed meanwhile', async () => {
  const run = connect(...(await signIn(server)));
  const { createTask: made } = await createTask(run, 'Buy milk');
  if (!made) throw new Error('No task was made.');
  await rename(run, made.task, 'From the phone');
  const { updateTask } = await rename(run, made.task, 'From the laptop');
  expect(updateTask?.task).toMatchObject({ title: 'From the laptop', version: 3 });
});

test('fetch makes one task where the first answer is lost', async () => {
  const run = connect(...(await signIn(server)));
  onTestFinished(loseNextAnswer());
  await createTask(run, 'Buy milk');
  expect(await titles(run)).toEqual(['Buy milk']);
});
