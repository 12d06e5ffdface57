import { CombinedGraphQLErrors, gql, type ObservableQuery } from '@apollo/client';
import { expect, onTestFinished, test } from 'vitest';
import { connect } from '../../docs/clients/apollo-client.ts';
import { completeTask, createTask, deleteTask, loadMore, rename } from '../../docs/clients/apollo-tasks.ts';
import { messagesByField } from '../../docs/clients/errors.ts';
import {
  AnyNodeDocument,
  SignUpDocument,
  TasksDocument,
  type TasksQuery,
  type TasksQueryVariables,
} from '../../docs/clients/generated/graphql.ts';
import { useServer } from '../support/server.ts';
import { loseNextAnswer, signIn } from './support.ts';

const server = useServer();

/** A client of a new user, with the list of tasks on its screen. */
async function openList(count: number, first = 2) {
  const [url, session] = await signIn(server);
  const client = connect(url, session);
  for (let n = 1; n <= count; n++) await createTask(client, `Task ${n}`);
  const list = client.watchQuery({ query: TasksDocument, variables: { first } });
  const subscription = list.subscribe(() => {});
  onTestFinished(() => {
    subscription.unsubscribe();
    client.stop();
  });
  await expect.poll(() => list.getCurrentResult().dataState).toBe('complete');
  return { client, session, list };
}

type List = ObservableQuery<TasksQuery, TasksQueryVariables>;

function rows(list: List) {
  const { data } = list.getCurrentResult();
  return (data as TasksQuery).tasks?.edges.map(({ node }) => node) ?? [];
}
const titles = (list: List) => rows(list).map(({ title }) => title);

test('Apollo Client signs up, and the token opens everything else', async () => {
  const session: { accessToken: string | null } = { accessToken: null };
  const client = connect(`${server.url}/graphql`, session);
  const input = { email: `apollo-${crypto.randomUUID()}@example.com`, password: 'correct horse' };
  const { data } = await client.mutate({ mutation: SignUpDocument, variables: { input } });
  session.accessToken = data?.signup?.accessToken ?? null;
  await createTask(client, 'Buy milk');
  const { data: page } = await client.query({ query: TasksDocument });
  expect(page?.tasks?.edges.map(({ node }) => node.title)).toEqual(['Buy milk']);
});

test('Apollo Client joins the pages of a list', async () => {
  const { list } = await openList(5);
  expect(titles(list)).toEqual(['Task 5', 'Task 4']);
  await loadMore(list);
  await expect.poll(() => titles(list)).toEqual(['Task 5', 'Task 4', 'Task 3', 'Task 2']);
  await loadMore(list);
  await expect.poll(() => titles(list)).toEqual(['Task 5', 'Task 4', 'Task 3', 'Task 2', 'Task 1']);
  expect(list.getCurrentResult().data?.tasks?.pageInfo?.hasNextPage).toBe(false);
});

test('Apollo Client keeps lists of different filters apart', async () => {
  const { client, list } = await openList(2);
  const variables = { first: 2, filter: { completed: true } };
  const { data } = await client.query({ query: TasksDocument, variables });
  expect(data?.tasks?.edges).toEqual([]);
  expect(titles(list)).toHaveLength(2);
});

test('Apollo Client shows a new task in the lists on the screen', async () => {
  const { client, list } = await openList(1);
  await createTask(client, 'Task 2');
  await expect.poll(() => titles(list)).toEqual(['Task 2', 'Task 1']);
});

test('Apollo Client shows a completed task in its list before the server has answered', async () => {
  const { client, list } = await openList(1);
  const [task] = rows(list);
  if (!task) throw new Error('The list is empty.');
  const completed = completeTask(client, task);
  expect(rows(list)[0]?.completed).toBe(true);
  await completed;
  expect(rows(list)[0]).toMatchObject({ completed: true, version: 2 });
});

test('Apollo Client takes back what the server refuses', async () => {
  const { client, session, list } = await openList(1);
  const [task] = rows(list);
  if (!task) throw new Error('The list is empty.');
  session.accessToken = 'refused';
  const completed = completeTask(client, task);
  expect(rows(list)[0]?.completed).toBe(true);
  await expect(completed).rejects.toThrow('Your session has ended. Log in again.');
  expect(rows(list)[0]?.completed).toBe(false);
});

test('Apollo Client drops a deleted task from every list', async () => {
  const { client, list } = await openList(2);
  const [task] = rows(list);
  await deleteTask(client, task?.id ?? '');
  await expect.poll(() => titles(list)).toEqual(['Task 1']);
});

test('Apollo Client reads any record by node(id)', async () => {
  const { client, list } = await openList(1);
  const id = rows(list)[0]?.id ?? '';
  const { data } = await client.query({ query: AnyNodeDocument, variables: { id } });
  expect(data?.node).toMatchObject({ __typename: 'Task', title: 'Task 1' });
});

test('Apollo Client brings messages to the fields of a form', async () => {
  const client = connect(`${server.url}/graphql`, { accessToken: null });
  const input = { email: 'ada', password: 'short' };
  const error = await client.mutate({ mutation: SignUpDocument, variables: { input } }).catch((thrown) => thrown);
  expect(CombinedGraphQLErrors.is(error)).toBe(true);
  expect(Object.keys(messagesByField(error.errors)).sort()).toEqual(['email', 'password']);
});

test('Apollo Client ends the session where the token is refused', async () => {
  const session = { accessToken: 'refused' };
  const client = connect(`${server.url}/graphql`, session);
  const error = await client.query({ query: TasksDocument }).catch((thrown) => thrown);
  expect(CombinedGraphQLErrors.is(error)).toBe(true);
  expect(session.accessToken).toBeNull();
});

test('Apollo Client renames a task that has changed meanwhile', async () => {
  const { client, list } = await openList(1);
  const [task] = rows(list);
  if (!task) throw new Error('The list is empty.');
  await rename(client, task, 'From the phone');
  const { data } = await rename(client, task, 'From the laptop');
  expect(data?.updateTask?.task).toMatchObject({ title: 'From the laptop', version: 3 });
});

test('Apollo Client makes one task where the first answer is lost', async () => {
  const { client, list } = await openList(0);
  onTestFinished(loseNextAnswer());
  await createTask(client, 'Buy milk');
  await expect.poll(() => titles(list)).toEqual(['Buy milk']);
});

test('Apollo Client keeps what other queries have read of a due date', async () => {
  const client = connect(...(await signIn(server)));
  const create = gql`
    mutation {
      createTask(input: { title: "Call Ada", due: { date: "2026-12-01", time: "09:30" } }) {
        task { id due { date time } }
      }
    }
  `;
  await client.mutate({ mutation: create });
  await client.query({ query: gql`{ tasks { edges { node { id due { at timeZone } } } } }` });
  const both = gql`{ tasks { edges { node { id due { date time at timeZone } } } } }`;
  const [edge] =
    client.readQuery<{ tasks: { edges: { node: { due: object } }[] } }>({ query: both })?.tasks.edges ?? [];
  expect(edge?.node.due).toMatchObject({ date: '2026-12-01', time: '09:30:00', timeZone: null });
});
