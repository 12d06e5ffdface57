import { lazy, type ReactNode, Suspense, useEffect, useRef, useState } from 'react';
import { useMediaQuery } from '../../design/use-media-query.ts';
import { ToastStack } from '../../messages/toast-stack.tsx';
import { taskHref, type View } from '../../navigation/address.ts';
import { navigate } from '../../navigation/navigate.ts';
import { focusRow } from '../../rows/row-focus.ts';
import { UnsavedNotes } from '../drafts/unsaved-notes.ts';

const TaskDetail = lazy(() => import('./task-detail.tsx'));

/** From this width, there is room for a third column. */
const wide = '(width >= 75rem)';

/** The details of a task, next to the list if there is room, otherwise over it. */
export function TaskPane({ view, taskId }: { view: View; taskId: string | null }) {
  const isWide = useMediaQuery(wide);
  const [unsaved] = useState(() => new Map<string, string>());
  if (taskId === null) return null;
  const close = () => {
    navigate(taskHref(view, null));
    setTimeout(() => focusRow(document, taskId));
  };
  const detail = (
    <UnsavedNotes value={unsaved}>
      <Suspense fallback={<div className="detail" aria-busy />}>
        <TaskDetail key={taskId} id={taskId} view={view} onClose={close} />
      </Suspense>
    </UnsavedNotes>
  );
  if (!isWide) return <Sheet onClose={close}>{detail}</Sheet>;
  return (
    <aside
      className="detail-column"
      aria-label="Task"
      onKeyDown={(event) => event.key === 'Escape' && !event.defaultPrevented && close()}
    >
      {detail}
    </aside>
  );
}

function Sheet({ onClose, children }: { onClose: () => void; children: ReactNode }) {
  const ref = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    ref.current?.showModal();
  }, []);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Escape closes a dialog by itself
    <dialog
      ref={ref}
      className="sheet"
      aria-label="Task"
      onCancel={(event) => {
        if (event.target !== ref.current) return;
        event.preventDefault();
        onClose();
      }}
      onClick={(event) => event.target === ref.current && onClose()}
    >
      {children}
      <ToastStack />
    </dialog>
  );
}
