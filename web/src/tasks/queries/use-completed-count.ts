import { skipToken, useQuery } from '@apollo/client/react';
import { useMemo } from 'react';
import { TaskCountDocument } from '../../generated/graphql.ts';
import type { View } from '../../navigation/address.ts';
import { completedFilter } from './view-query.ts';

/** How many tasks of the inbox or of a list are done; 0 in other views, and null until it is known. */
export function useCompletedCount(view: View): number | null {
  const hasOwn = view.kind === 'inbox' || view.kind === 'list';
  const variables = useMemo(() => ({ filter: completedFilter(view) }), [view]);
  const { data } = useQuery(TaskCountDocument, hasOwn ? { variables } : skipToken);
  return hasOwn ? (data?.tasks?.totalCount ?? null) : 0;
}
