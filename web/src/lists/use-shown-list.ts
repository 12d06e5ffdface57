import { skipToken, useQuery } from '@apollo/client/react';
import { ListDocument, type ListRowFragment } from '../generated/graphql.ts';
import type { View } from '../navigation/address.ts';
import { useViewer } from '../viewer/viewer.tsx';

/** The list that a view is about, put aside or not; null where there is none, undefined until that is known. */
export function useShownList(view: View): ListRowFragment | null | undefined {
  const { lists } = useViewer();
  const id = view.kind === 'list' ? view.id : null;
  const known = lists.find((list) => list.id === id);
  const { data } = useQuery(ListDocument, id !== null && !known ? { variables: { id } } : skipToken);
  if (id === null) return null;
  if (known) return known;
  const list = data?.list;
  return list?.deletedAt ? null : list;
}
