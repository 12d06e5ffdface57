import { type ApolloClient, CombinedGraphQLErrors, type ObservableQuery } from '@apollo/client';
import { v7 as uuidv7 } from 'uuid';
import { find } from './errors.ts';
import {
  CompleteTaskDocument,
  CreateTaskDocument,
  DeleteTaskDocument,
  type TaskRowFragment,
  type TasksQuery,
  type TasksQueryVariables,
  UpdateTaskDocument,
} from './generated/graphql.ts';

/** Adds the next page to the list on the screen. In React, fetchMore comes from useQuery. */
export async function loadMore(list: ObservableQuery<TasksQuery, TasksQueryVariables>): Promise<void> {
  const after = list.getCurrentResult().data?.tasks?.pageInfo?.endCursor;
  if (after) await list.fetchMore({ variables: { after } });
}

/** Safe to retry for the RetryLink: the id is generated here, once. */
export function createTask(client: ApolloClient, title: string) {
  const input = { id: uuidv7(), title };
  return client.mutate({ mutation: CreateTaskDocument, variables: { input }, refetchQueries: 'active' });
}

/** Shown as completed at once, and as open again if the server rejects it. */
export function completeTask(client: ApolloClient, task: TaskRowFragment) {
  return client.mutate({
    mutation: CompleteTaskDocument,
    variables: { input: { id: task.id } },
    optimisticResponse: {
      __typename: 'Mutation',
      completeTask: { __typename: 'CompleteTaskPayload', task: { ...task, completed: true } },
    },
  });
}

/** Evicting a task removes it from all lists. */
export function deleteTask(client: ApolloClient, id: string) {
  return client.mutate({
    mutation: DeleteTaskDocument,
    variables: { input: { id } },
    update(cache, { data }) {
      for (const deletedId of data?.deleteTask?.deletedIds ?? []) cache.evict({ id: `Task:${deletedId}` });
      cache.gc();
    },
  });
}

/** If the task was changed in the meantime, the new title wins; an app may show both instead, and ask. */
export async function rename(client: ApolloClient, { id, version }: TaskRowFragment, title: string) {
  const send = (expectedVersion: number) =>
    client.mutate({ mutation: UpdateTaskDocument, variables: { input: { id, title, expectedVersion } } });
  try {
    return await send(version);
  } catch (error) {
    const stale = CombinedGraphQLErrors.is(error) ? find(error.errors, 'STALE_VERSION') : undefined;
    if (stale?.currentVersion === undefined) throw error;
    return send(stale.currentVersion);
  }
}
