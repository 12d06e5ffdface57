import { useEffect, useRef, useState } from 'react';

/**
 * A value during editing. It is sent once, when it is committed, at the latest when its field disappears; not if it was
 * reverted or has not changed.
 */
export function useDraft<T>(saved: T, send: (value: T) => void) {
  const [draft, setDraft] = useState<{ readonly value: T } | null>(null);
  // A ref, because several events may occur before the next render.
  const latest = useRef({ draft, saved, send });
  latest.current = { ...latest.current, saved, send };
  const keep = (next: typeof draft) => {
    latest.current.draft = next;
    setDraft(next);
  };
  const commit = () => {
    const { draft, saved, send } = latest.current;
    keep(null);
    if (draft && JSON.stringify(draft.value) !== JSON.stringify(saved)) send(draft.value);
  };
  const onGone = useRef(commit);
  onGone.current = commit;
  useEffect(() => () => onGone.current(), []);
  return {
    value: draft ? draft.value : saved,
    isChanged: draft !== null,
    change: (value: T) => keep({ value }),
    commit,
    revert: () => keep(null),
  };
}
