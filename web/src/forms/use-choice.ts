import { type FocusEvent, type KeyboardEvent, useRef } from 'react';
import { useDraft } from './use-draft.ts';

/**
 * One of several values. A click sends it at once; the arrow keys pass others on the way, so that theirs is sent when the
 * field is left or Enter is pressed, and Escape takes it back.
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
