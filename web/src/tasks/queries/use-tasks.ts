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

/** The loaded tasks, at once from the cache, then from the server. null: loads nothing. */
export function useTasks(variables: ViewQuery | null): LoadedTasks {
  const { data, error, loading, fetchMore, refetch } = useQuery(TasksDocument, variables ? { variables } : skipToken);
  const connection = data?.tasks;
  const after = nextCursor(connection);
  return {
    // Tasks that were loaded earlier go to the trash with their list, and come back with it.
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

/** The number of completed tasks in the inbox or a list; null while it loads, 0 in other views. */
export function useCompletedCount(view: View): number | null {
  const hasOwn = view.kind === 'inbox' || view.kind === 'list';
  const variables = useMemo(() => ({ filter: completedFilter(view) }), [view]);
  const { data } = useQuery(TaskCountDocument, hasOwn ? { variables } : skipToken);
  return hasOwn ? (data?.tasks?.totalCount ?? null) : 0;
}
