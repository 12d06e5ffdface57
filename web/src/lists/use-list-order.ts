import { useApolloClient } from '@apollo/client/react';
import { type KeyboardEvent, useRef } from 'react';
import { useToasts } from '../messages/toast-stack.tsx';
import type { Gap } from '../rows/gaps.ts';
import { rowIdOf } from '../rows/row-focus.ts';
import { useRowOrder } from '../rows/use-row-order.ts';
import type { ListWithCount } from '../viewer/viewer.tsx';
import { moveList } from './list-actions.ts';

const steps: Readonly<Record<string, 1 | -1>> = { ArrowUp: -1, ArrowDown: 1 };

/** Reorders lists by their grips, or with Alt and the arrow keys. */
export function useListOrder(lists: readonly ListWithCount[]) {
  const client = useApolloClient();
  const toasts = useToasts();
  const ref = useRef<HTMLUListElement>(null);

  const onMove = (id: string, gap: Gap) => {
    const list = lists.find((other) => other.id === id);
    if (!list) return;
    const target = gap.afterId === null ? { beforeId: gap.beforeId } : { afterId: gap.afterId };
    // Until the response has its position: one that sorts right after the previous list.
    const before = lists.find((other) => other.id === gap.afterId);
    moveList(client, list, target, before ? `${before.position}!` : '').catch((error) => toasts.showProblem(error));
  };
  const { moveBy, ...order } = useRowOrder({ list: ref, rows: lists, canReorder: true, onMove });
  const onKeyDown = (event: KeyboardEvent) => {
    const step = steps[event.key];
    const id = rowIdOf(event.target);
    if (!event.altKey || !step || id === null) return;
    event.preventDefault();
    moveBy(id, step);
  };
  return { ref, onKeyDown, ...order };
}
