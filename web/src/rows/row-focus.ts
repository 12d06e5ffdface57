import { type FocusEvent, useEffect, useRef } from 'react';

/** If the focused row disappears, focuses the row that takes its place. */
export function useRowFocus(ids: readonly string[]) {
  const list = useRef<HTMLDivElement>(null);
  const focused = useRef<{ id: string; index: number } | null>(null);
  const onFocus = ({ target }: FocusEvent<HTMLElement>) => {
    const id = rowIdOf(target);
    focused.current = id === null ? null : { id, index: ids.indexOf(id) };
  };
  useEffect(() => {
    const lost = focused.current;
    if (!lost || ids.includes(lost.id) || document.activeElement !== document.body) return;
    const next = ids[Math.min(Math.max(lost.index, 0), ids.length - 1)];
    if (next) focusRow(list.current, next);
    else document.querySelector<HTMLElement>('[data-quick-add], h1')?.focus();
  }, [ids]);
  return { list, onFocus };
}

/** The id of the task whose row contains an element. */
export function rowIdOf(target: EventTarget): string | null {
  return target instanceof Element ? (target.closest<HTMLElement>('[data-row]')?.dataset.row ?? null) : null;
}

export function focusRow(list: ParentNode | null, id: string): void {
  list?.querySelector<HTMLElement>(`[data-row="${CSS.escape(id)}"] [data-row-focus]`)?.focus();
}
