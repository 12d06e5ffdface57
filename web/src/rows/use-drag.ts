import { type PointerEvent, type RefObject, useRef, useState } from 'react';
import { focusRow } from './row-focus.ts';

/** The dragged row, and where it would be dropped. */
interface Drag {
  readonly id: string;
  /** Vertical movement in pixels. */
  readonly offset: number;
  /** The new index among the other rows; null: not between rows. */
  readonly index: number | null;
}

interface DragRules {
  list: RefObject<HTMLElement | null>;
  /** The ids of the rows, in order. */
  ids: readonly string[];
  canReorder: boolean;
  onReorder: (id: string, index: number) => void;
  /** @param listId null: the inbox. If omitted, rows cannot be dropped on lists. */
  onDropOnList: ((id: string, listId: string | null) => void) | undefined;
}

/** The props for the element of a row, and for its grip. */
export type Draggable = ReturnType<ReturnType<typeof useDrag>>;

/** Pixels from the edge of the window where dragging scrolls. */
const edge = 56;

/** Drags a row by its grip to another position, or onto a list in the sidebar. Keyboard alternatives exist elsewhere. */
export function useDrag({ list, ids, canReorder, onReorder, onDropOnList }: DragRules) {
  const [drag, setDrag] = useState<Drag | null>(null);
  const start = useRef(0);
  const over = useRef<HTMLElement | null>(null);

  const markTarget = (target: HTMLElement | null) => {
    if (over.current !== target) delete over.current?.dataset.dropTarget;
    if (target) target.dataset.dropTarget = 'true';
    over.current = target;
  };
  const finish = () => {
    markTarget(null);
    setDrag(null);
  };

  const grip = (id: string) => ({
    onPointerDown(event: PointerEvent<HTMLElement>) {
      if (event.button !== 0) return;
      event.preventDefault();
      event.currentTarget.setPointerCapture(event.pointerId);
      start.current = event.clientY + scrollY;
      setDrag({ id, offset: 0, index: null });
    },
    onPointerMove(event: PointerEvent<HTMLElement>) {
      if (drag?.id !== id) return;
      scrollNearEdge(event.clientY);
      if (onDropOnList) markTarget(listUnder(event));
      const index = canReorder && !over.current ? indexUnder(list.current, id, event.clientY) : null;
      setDrag({ id, offset: event.clientY + scrollY - start.current, index });
    },
    onPointerUp() {
      if (drag?.id !== id) return;
      const listId = over.current?.dataset.dropList;
      if (listId !== undefined) onDropOnList?.(id, listId === 'inbox' ? null : listId);
      else if (drag.index !== null) onReorder(id, drag.index);
      finish();
      focusRow(list.current, id);
    },
    onPointerCancel: finish,
  });
  return (id: string) => ({ row: rowAttributes(ids, id, drag), grip: grip(id) });
}

function rowAttributes(ids: readonly string[], id: string, drag: Drag | null) {
  if (drag?.id !== id) return { 'data-row': id, 'data-drop': dropSide(ids, id, drag) };
  return { 'data-row': id, 'data-dragged': true, style: { transform: `translateY(${drag.offset}px)` } };
}

/** Whether the drop indicator is above or below this row. */
function dropSide(ids: readonly string[], id: string, drag: Drag | null): 'above' | 'below' | undefined {
  if (!drag || drag.index === null) return undefined;
  const others = ids.filter((other) => other !== drag.id);
  if (others[drag.index] === id) return 'above';
  return drag.index === others.length && others.at(-1) === id ? 'below' : undefined;
}

function scrollNearEdge(y: number): void {
  if (y < edge) scrollBy(0, -8);
  if (y > innerHeight - edge) scrollBy(0, 8);
}

function listUnder({ clientX, clientY }: PointerEvent): HTMLElement | null {
  return document.elementFromPoint(clientX, clientY)?.closest<HTMLElement>('[data-drop-list]') ?? null;
}

/** The number of other rows whose middle is above the pointer. */
function indexUnder(list: HTMLElement | null, id: string, y: number): number {
  const rows = [...(list?.querySelectorAll<HTMLElement>('[data-row]') ?? [])].filter((row) => row.dataset.row !== id);
  return rows.filter((row) => {
    const { top, height } = row.getBoundingClientRect();
    return top + height / 2 < y;
  }).length;
}
