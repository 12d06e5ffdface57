import type { ApolloClient } from '@apollo/client';
import { TaskDetailDocument, type TaskRowFragment, TasksDocument } from '../../generated/graphql.ts';
import { nextCursor } from '../../graphql/pages.ts';
import type { ViewQuery } from './view-query.ts';

type Tasks = readonly TaskRowFragment[];

/** The part of a connection that is needed here. */
interface Page<T> {
  readonly edges: readonly { readonly node: T }[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
}

/**
 * Loads all records of a connection, page by page. Callers bypass the cache, so that views do not grow.
 * @param isEnough whether to stop before the last page
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

/** All tasks of a view, including those that are not loaded yet. */
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
