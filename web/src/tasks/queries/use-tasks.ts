import { skipToken, useQuery } from '@apollo/client/react';
import { useMemo } from 'react';
import { type TaskRowFragment, TasksDocument } from '../../generated/graphql.ts';
import { nextPage } from '../../graphql/pages.ts';
import { passesTrash } from '../task.ts';
import type { ViewQuery } from './view-query.ts';

export interface ViewTasks {
  readonly tasks: readonly TaskRowFragment[];
  readonly isLoading: boolean;
  readonly error: unknown;
  readonly hasMore: boolean;
  readonly loadMore: () => Promise<unknown>;
  readonly retry: () => void;
}

/** Tasks as far as they are loaded: from the cache at once, and from the server beside. null asks for nothing. */
export function useViewTasks(variables: ViewQuery | null): ViewTasks {
  const { data, error, loading, fetchMore, refetch } = useQuery(TasksDocument, variables ? { variables } : skipToken);
  const connection = data?.tasks;
  const after = nextPage(connection);
  return {
    // A list that goes to the trash, or comes back, takes its tasks along: those that were read before it as well.
    tasks: useMemo(
      () =>
        (connection?.edges ?? []).map(({ node }) => node).filter((task) => passesTrash(variables?.filter ?? {}, task)),
      [connection, variables],
    ),
    isLoading: loading && !connection,
    error: connection ? undefined : error,
    hasMore: after !== null,
    loadMore: async () => after && fetchMore({ variables: { after } }),
    retry: () => void refetch().catch(() => undefined),
  };
}
