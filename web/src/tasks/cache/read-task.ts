import type { ApolloCache } from '@apollo/client';
import { type TaskRowFragment, TaskRowFragmentDoc } from '../../generated/graphql.ts';

/** A task from the cache, optimistic changes included. */
export function readTask(cache: ApolloCache, id: string): TaskRowFragment | null {
  return cache.readFragment({
    id: `Task:${id}`,
    fragment: TaskRowFragmentDoc,
    fragmentName: 'TaskRow',
    optimistic: true,
  });
}
