import { useQuery } from '@apollo/client/react';
import { createContext, use, useEffect } from 'react';
import { FrameDocument, type LabelRowFragment, type ListRowFragment } from '../generated/graphql.ts';
import { nextPage } from '../graphql/pages.ts';
import { useToasts } from './toast-stack.tsx';

/** A list of the sidebar, and how many open tasks it has. */
export interface ListInFrame extends ListRowFragment {
  readonly openTasks: number;
}

export interface FrameData {
  readonly me: { readonly id: string; readonly email: string; readonly timeZone: string };
  readonly lists: readonly ListInFrame[];
  readonly labels: readonly LabelRowFragment[];
}

export const FrameContext = createContext<FrameData | null>(null);

export function useFrame(): FrameData {
  const frame = use(FrameContext);
  if (!frame) throw new Error('useFrame needs a Frame around it.');
  return frame;
}

export function useFrameQuery() {
  const { data, error, refetch, fetchMore } = useQuery(FrameDocument);
  const toasts = useToasts();
  const [listsAfter, labelsAfter] = [nextPage(data?.lists), nextPage(data?.labels)];
  // All of them, page by page: whatever is chosen from them must be there.
  useEffect(() => {
    if (listsAfter || labelsAfter)
      fetchMore({ variables: { listsAfter, labelsAfter } }).catch((error) => toasts.tellProblem(error));
  }, [listsAfter, labelsAfter, fetchMore, toasts]);
  if (!data) return { frame: null, error, refetch };
  const lists = (data.lists?.edges ?? [])
    .map(({ node }) => ({ ...node, openTasks: node.tasks.totalCount }))
    .filter(({ archived, deletedAt }) => !archived && deletedAt === null)
    .sort((a, b) => (a.position < b.position ? -1 : 1));
  const labels = (data.labels?.edges ?? []).map(({ node }) => node).sort((a, b) => a.name.localeCompare(b.name));
  return { frame: { me: data.me, lists, labels }, error, refetch };
}
