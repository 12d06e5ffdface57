import { type RefObject, useState } from 'react';
import { type Gap, gapAt } from './gaps.ts';
import { useDrag } from './use-drag.ts';

interface RowOrder {
  list: RefObject<HTMLElement | null>;
  rows: readonly { readonly id: string; readonly name: string }[];
  /** Whether the user can reorder them. */
  canReorder: boolean;
  onMove: (id: string, gap: Gap) => void;
  /** @param listId null: the inbox. If omitted, rows cannot be dropped on lists. */
  onDropOnList?: (id: string, listId: string | null) => void;
}

/** Reorders rows by their grips, or by one step with `moveBy`. Announces each move to screen readers. */
export function useRowOrder({ list, rows, canReorder, onMove, onDropOnList }: RowOrder) {
  const [announcement, setAnnouncement] = useState('');
  const ids = rows.map(({ id }) => id);
  const moveTo = (id: string, index: number) => {
    const gap = canReorder ? gapAt(ids, id, index) : null;
    if (!gap) return;
    onMove(id, gap);
    setAnnouncement(`${rows[ids.indexOf(id)]?.name}: position ${index + 1} of ${ids.length}.`);
  };
  const draggable = useDrag({ list, ids, canReorder, onReorder: moveTo, onDropOnList });
  const moveBy = (id: string, step: 1 | -1) => moveTo(id, ids.indexOf(id) + step);
  return { draggable, moveBy, announcement };
}
