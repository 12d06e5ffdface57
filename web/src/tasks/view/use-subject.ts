import { skipToken, useQuery } from '@apollo/client/react';
import { type LabelRowFragment, ListDocument, type ListRowFragment } from '../../generated/graphql.ts';
import type { View } from '../../navigation/address.ts';
import { useViewer } from '../../viewer/viewer.tsx';

/** The list or label of a view; null if it does not exist. */
export interface Subject {
  readonly list: ListRowFragment | null | undefined;
  readonly label: LabelRowFragment | null;
}

export function useSubject(view: View): Subject {
  const { labels } = useViewer();
  const list = useShownList(view);
  const label = (view.kind === 'label' && labels.find(({ id }) => id === view.id)) || null;
  return { list, label };
}

/** The list of a view, archived or not; null if there is none, undefined while it loads. */
function useShownList(view: View): ListRowFragment | null | undefined {
  const { lists } = useViewer();
  const id = view.kind === 'list' ? view.id : null;
  const known = lists.find((list) => list.id === id);
  const { data } = useQuery(ListDocument, id !== null && !known ? { variables: { id } } : skipToken);
  if (id === null) return null;
  if (known) return known;
  const list = data?.list;
  return list?.deletedAt ? null : list;
}
