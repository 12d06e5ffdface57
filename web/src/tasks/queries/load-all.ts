import type { ApolloClient } from '@apollo/client';
import { TaskDetailDocument, type TaskRowFragment, TasksDocument } from '../../generated/graphql.ts';
import { nextCursor } from '../../graphql/pages.ts';
import type { ViewQuery } from './view-query.ts';

type Tasks = readonly TaskRowFragment[];

/** A page of a connection, as far as it is needed here. */
interface Page<T> {
  readonly edges: readonly { readonly node: T }[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
}

/**
 * All records of a connection, page by page. To be loaded past the cache: what is shown does not grow by them.
 * @param isEnough ends it before the last page
 */
export async function loadPages<T>(
  load: (after: string | null) => Promise<Page<T> | null | undefined>,
  isEnough: (loaded: readonly T[]) => boolean = () => false,
): Promise<readonly T[]> {
  const loaded: T[] = [];
  let after: string | null = null;
  do {
    const page: Page<T> | null | undefined = await load(after);
    loaded.push(...(page?.edges ?? []).map(({ node }) => node));
    after = nextCursor(page);
  } while (after !== null && !isEnough(loaded));
  return loaded;
}

/** All tasks that a view shows, also those that it has not loaded yet. */
export function loadAllTasks(client: ApolloClient, query: ViewQuery): Promise<Tasks> {
  return loadPages(async (after) => {
    const variables = { ...query, first: 100, after };
    const { data } = await client.query({ query: TasksDocument, variables, fetchPolicy: 'no-cache' });
    return data?.tasks;
  });
}

export function loadAllSubtasks(client: ApolloClient, id: string): Promise<Tasks> {
  return loadPages(async (subtasksAfter) => {
    const variables = { id, subtasksAfter };
    const { data } = await client.query({ query: TaskDetailDocument, variables, fetchPolicy: 'no-cache' });
    return data?.task?.subtasks;
  });
}
