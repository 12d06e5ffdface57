import type { Client } from '@urql/core';
import { v7 as uuidv7 } from 'uuid';
import { find } from './errors.ts';
import {
  CreateTaskDocument,
  type TaskFilter,
  type TaskRowFragment,
  TasksDocument,
  UpdateTaskDocument,
} from './generated/graphql.ts';

/** Yields page after page. Each is a separate query in the cache; the app joins them. */
export async function* pagesOfTasks(client: Client, first: number, filter: TaskFilter = {}) {
  let after: string | null = null;
  do {
    // The response of an empty page contains no type, so the cache needs to know what can change it.
    const context = { additionalTypenames: ['Task'] };
    const { data, error } = await client.query(TasksDocument, { first, after, filter }, context).toPromise();
    if (!data?.tasks) throw error;
    yield data.tasks.edges.map(({ node }): TaskRowFragment => node);
    after = data.tasks.pageInfo.hasNextPage ? data.tasks.pageInfo.endCursor : null;
  } while (after);
}

/** Retries once after a network failure. Safe, because the id is generated here, once. */
export async function createTask(client: Client, title: string) {
  const input = { id: uuidv7(), title };
  const send = () => client.mutation(CreateTaskDocument, { input }).toPromise();
  const result = await send();
  return result.error?.networkError ? send() : result;
}

/** If the task was changed in the meantime, the new title wins; an app may show both instead, and ask. */
export async function rename(client: Client, { id, version }: TaskRowFragment, title: string) {
  const send = (expectedVersion: number) =>
    client.mutation(UpdateTaskDocument, { input: { id, title, expectedVersion } }).toPromise();
  const result = await send(version);
  const stale = find(result.error?.graphQLErrors ?? [], 'STALE_VERSION');
  return stale?.currentVersion === undefined ? result : send(stale.currentVersion);
}
