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

/** Sent again by the RetryLink, it makes no second task: the id is made here, once. */
export function createTask(client: ApolloClient, title: string) {
  const input = { id: uuidv7(), title };
  return client.mutate({ mutation: CreateTaskDocument, variables: { input }, refetchQueries: 'active' });
}

/** Done on the screen at once, and open again should the server refuse. */
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

/** An evicted task leaves every list that is shown. */
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

/** Where the task has changed meanwhile, the new title wins; an app may rather show both and ask. */
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
