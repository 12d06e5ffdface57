import type { Client, Reply } from './client.ts';
import type { TestServer } from './server.ts';

export interface Location {
  readonly listId?: string | null;
  readonly parentId?: string | null;
}
export type MoveTarget = Location & { readonly afterId?: string | null; readonly beforeId?: string | null };

export async function createTask(user: Client, title: string, fields: object = {}): Promise<string> {
  const operation = 'mutation ($input: CreateTaskInput!) { createTask(input: $input) { task { id } } }';
  return (await user.run(operation, { input: { title, ...fields } })).data.createTask.task.id;
}

/** Tasks in this order, one after the other. */
export async function createTasks<Title extends string>(
  user: Client,
  titles: readonly Title[],
  location: Location = {},
) {
  const ids: Partial<Record<Title, string>> = {};
  for (const title of titles) ids[title] = await createTask(user, title, location);
  return ids as Record<Title, string>;
}

export async function createList(user: Client): Promise<string> {
  return (await user.run('mutation { createList(input: { name: "list" }) { list { id } } }')).data.createList.list.id;
}

export function moveTask(user: Client, id: string, to: MoveTarget = {}): Promise<Reply> {
  const operation = `mutation ($input: MoveTaskInput!) {
    moveTask(input: $input) { task { id position list { id } parent { id } } } }`;
  return user.run(operation, { input: { id, ...to } });
}

/** The titles in a location, by position. */
export async function titlesIn(user: Client, { listId, parentId }: Location = {}): Promise<string[]> {
  if (parentId) {
    const operation = 'query ($id: ID!) { task(id: $id) { subtasks(first: 100) { nodes { title } } } }';
    const { task } = (await user.run(operation, { id: parentId })).data;
    return task.subtasks.nodes.map(({ title }: { title: string }) => title);
  }
  const operation = `query ($filter: TaskFilter!) {
    tasks(first: 100, filter: $filter, orderBy: { field: POSITION, direction: ASC }) { nodes { title } } }`;
  const filter = { topLevel: true, ...(listId ? { listId } : { inbox: true }) };
  return (await user.run(operation, { filter })).data.tasks.nodes.map(({ title }: { title: string }) => title);
}

/** Titles and positions of all of a user's tasks, by position. */
export function positionsOf(server: TestServer, user: Client) {
  return server.sql<{ title: string; position: string }>(
    'select t.title, t.position from task t join "user" u on u.id = t.user_id where u.email = $1 order by t.position',
    [user.email],
  );
}
