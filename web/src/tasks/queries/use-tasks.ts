import { skipToken, useQuery } from '@apollo/client/react';
import { useMemo } from 'react';
import { TaskCountDocument, type TaskRowFragment, TasksDocument } from '../../generated/graphql.ts';
import { nextCursor } from '../../graphql/pages.ts';
import type { View } from '../../navigation/address.ts';
import { matchesTrash } from '../task.ts';
import { completedFilter, type ViewQuery } from './view-query.ts';

export interface LoadedTasks {
  readonly tasks: readonly TaskRowFragment[];
  readonly isLoading: boolean;
  readonly error: unknown;
  readonly hasMore: boolean;
  readonly loadMore: () => Promise<unknown>;
  readonly retry: () => void;
}

/** Tasks as far as they are loaded: from the cache at once, and from the server beside. null asks for nothing. */
export function useTasks(variables: ViewQuery | null): LoadedTasks {
  const { data, error, loading, fetchMore, refetch } = useQuery(TasksDocument, variables ? { variables } : skipToken);
  const connection = data?.tasks;
  const after = nextCursor(connection);
  return {
    // A list that goes to the trash, or comes back, takes its tasks along: those that were read before it as well.
    tasks: useMemo(
      () =>
        (connection?.edges ?? []).map(({ node }) => node).filter((task) => matchesTrash(variables?.filter ?? {}, task)),
      [connection, variables],
    ),
    isLoading: loading && !connection,
    error: connection ? undefined : error,
    hasMore: after !== null,
    loadMore: async () => after && fetchMore({ variables: { after } }),
    retry: () => void refetch().catch(() => undefined),
  };
}

/** How many tasks of the inbox or of a list are done; 0 in other views, and null until it is known. */
export function useCompletedCount(view: View): number | null {
  const hasOwn = view.kind === 'inbox' || view.kind === 'list';
  const variables = useMemo(() => ({ filter: completedFilter(view) }), [view]);
  const { data } = useQuery(TaskCountDocument, hasOwn ? { variables } : skipToken);
  return hasOwn ? (data?.tasks?.totalCount ?? null) : 0;
}
