import type { ViewText } from './view-text.ts';

/** Shown if a view has no tasks. */
export function EmptyView({ isDone, words }: { isDone: boolean; words: ViewText['empty'] }) {
  return (
    <div className="empty">
      <Drawing isDone={isDone} />
      <p className="empty-title">{words.title}</p>
      <p className="empty-hint">{words.hint}</p>
    </div>
  );
}

function Drawing({ isDone }: { isDone: boolean }) {
  return (
    <svg className="empty-drawing" viewBox="0 0 120 80" aria-hidden="true" focusable="false">
      <rect x="14" y="10" width="92" height="18" rx="9" />
      <rect x="14" y="34" width="92" height="18" rx="9" />
      <rect x="14" y="58" width="92" height="18" rx="9" />
      <circle cx="25" cy="19" r="4.5" />
      <circle cx="25" cy="43" r="4.5" />
      <circle cx="25" cy="67" r="4.5" />
      <path d="M38 19h40M38 43h52M38 67h28" />
      {isDone && <path className="empty-tick" d="m22 43 2.4 2.4 4.4-5.2M22 19l2.4 2.4 4.4-5.2" />}
    </svg>
  );
}
