import { useApolloClient } from '@apollo/client/react';
import { type KeyboardEvent, useRef, useState } from 'react';
import { useToasts } from '../messages/toast-stack.tsx';
import { type Gap, gapAt, gapBeside } from '../rows/gaps.ts';
import { rowOf } from '../rows/row-focus.ts';
import { useDrag } from '../rows/use-drag.ts';
import type { ListWithCount } from '../viewer/viewer.tsx';
import { moveList } from './list-actions.ts';

/** Lists are put in order by their grips, or by Alt and the arrow keys. */
export function useListOrder(lists: readonly ListWithCount[]) {
  const client = useApolloClient();
  const toasts = useToasts();
  const ref = useRef<HTMLUListElement>(null);
  const [announcement, setAnnouncement] = useState('');
  const ids = lists.map(({ id }) => id);

  const move = (id: string, gap: Gap, index: number) => {
    const list = lists.find((other) => other.id === id);
    if (!list) return;
    const place = gap.afterId === null ? { beforeId: gap.beforeId } : { afterId: gap.afterId };
    // Until the answer tells its position: one that sorts right after the list before it.
    const before = lists.find((other) => other.id === gap.afterId);
    moveList(client, list, place, before ? `${before.position}!` : '').catch((error) => toasts.tellProblem(error));
    setAnnouncement(`${list.name}: place ${index + 1} of ${ids.length}.`);
  };
  const { drag, grip } = useDrag({
    list: ref,
    canReorder: true,
    onReorder: (id, index) => ids.indexOf(id) !== index && move(id, gapAt(ids, id, index), index),
  });
  const onKeyDown = (event: KeyboardEvent) => {
    if (!event.altKey || (event.key !== 'ArrowUp' && event.key !== 'ArrowDown')) return;
    const id = rowOf(event.target);
    const direction = event.key === 'ArrowUp' ? 'up' : 'down';
    const gap = id === null ? null : gapBeside(ids, id, direction);
    if (id === null || !gap) return;
    event.preventDefault();
    move(id, gap, ids.indexOf(id) + (direction === 'up' ? -1 : 1));
  };
  return { ref, drag, grip, onKeyDown, announcement };
}
