import { type FocusEvent, type KeyboardEvent, useRef } from 'react';
import { useDraft } from './use-draft.ts';

/**
 * A choice among several values. A click sends it at once. The arrow keys pass other values on the way, so that their choice
 * is sent when the field is left or Enter is pressed; Escape reverts it.
 */
export function useChoice<T>(saved: T, send: (value: T) => void) {
  const draft = useDraft(saved, send);
  const isByKey = useRef(false);
  const choose = (value: T) => {
    draft.change(value);
    if (!isByKey.current) draft.commit();
  };
  const handlers = {
    onPointerDown() {
      isByKey.current = false;
    },
    onKeyDown(event: KeyboardEvent) {
      isByKey.current = true;
      if (event.key === 'Enter') draft.commit();
      if (event.key !== 'Escape' || !draft.isChanged) return;
      event.preventDefault();
      event.stopPropagation();
      draft.revert();
    },
    onBlur(event: FocusEvent) {
      if (!event.currentTarget.contains(event.relatedTarget)) draft.commit();
    },
  };
  return { value: draft.value, choose, handlers };
}
