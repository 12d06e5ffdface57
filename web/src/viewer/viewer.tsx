import { useQuery } from '@apollo/client/react';
import { createContext, use, useEffect } from 'react';
import { type LabelRowFragment, type ListRowFragment, ViewerDocument, type ViewerQuery } from '../generated/graphql.ts';
import { nextCursor } from '../graphql/pages.ts';
import { useToasts } from '../messages/toast-stack.tsx';

/** A list with the number of its open tasks. */
export interface ListWithCount extends ListRowFragment {
  readonly openTasks: number;
}

/** The signed-in user, with all lists that are neither archived nor in the trash, and all labels. */
export interface Viewer {
  readonly me: ViewerQuery['me'];
  /** Whether the server sends mail. */
  readonly mailEnabled: boolean;
  readonly lists: readonly ListWithCount[];
  readonly labels: readonly LabelRowFragment[];
}

export const ViewerContext = createContext<Viewer | null>(null);

export function useViewer(): Viewer {
  const viewer = use(ViewerContext);
  if (!viewer) throw new Error('useViewer needs a ViewerContext around it.');
  return viewer;
}

export function useViewerQuery() {
  const { data, error, refetch, fetchMore } = useQuery(ViewerDocument);
  const toasts = useToasts();
  const [listsAfter, labelsAfter] = [nextCursor(data?.lists), nextCursor(data?.labels)];
  // All pages, because each must be available in pickers.
  useEffect(() => {
    if (listsAfter || labelsAfter)
      fetchMore({ variables: { listsAfter, labelsAfter } }).catch((error) => toasts.showProblem(error));
  }, [listsAfter, labelsAfter, fetchMore, toasts]);
  if (!data) return { viewer: null, error, refetch };
  const lists = (data.lists?.edges ?? [])
    .map(({ node }) => ({ ...node, openTasks: node.tasks.totalCount }))
    .filter(({ archived, deletedAt }) => !archived && deletedAt === null)
    .sort((a, b) => (a.position < b.position ? -1 : 1));
  const labels = (data.labels?.edges ?? []).map(({ node }) => node).sort((a, b) => a.name.localeCompare(b.name));
  return { viewer: { me: data.me, mailEnabled: data.mailEnabled, lists, labels }, error, refetch };
}
