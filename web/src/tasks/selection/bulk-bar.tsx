import { useEffect, useState } from 'react';
import { CloseIcon } from '../../design/icons.tsx';
import { useTaskActions } from '../actions/use-task-actions.ts';
import { MoveDialog } from './move-dialog.tsx';
import type { Selection } from './use-selection.ts';

interface BulkBarProps {
  /** What the tasks are that can be selected. */
  kind: 'open' | 'done' | 'trash';
  selection: Selection;
}

/** Actions on all selected tasks at once. Each can be undone. */
export default function BulkBar({ kind, selection }: BulkBarProps) {
  const actions = useTaskActions();
  const [isMoving, setIsMoving] = useState(false);
  const { tasks, clear } = selection;
  useEffect(() => focusHeadingWhenGone, []);
  // Not while more are being loaded.
  const isNone = tasks.length === 0 || selection.isLoading;
  const act = (change: (selected: typeof tasks) => unknown) => () => {
    if (isNone) return;
    void change(tasks);
    clear();
  };
  return (
    <div className="bulk-bar" role="toolbar" aria-label="Selected tasks">
      <p aria-live="polite">{statusOf(selection)}</p>
      <button type="button" className="text-button" aria-label="Select all" onClick={selection.selectAll}>
        All
      </button>
      {kind === 'trash' ? (
        <button type="button" className="button" aria-disabled={isNone} onClick={act(actions.restore)}>
          Restore
        </button>
      ) : (
        <>
          {kind === 'done' ? (
            <button type="button" className="button" aria-disabled={isNone} onClick={act(actions.reopen)}>
              Reopen
            </button>
          ) : (
            <button type="button" className="button" aria-disabled={isNone} onClick={act(actions.complete)}>
              Complete
            </button>
          )}
          <button type="button" className="button" aria-disabled={isNone} onClick={() => !isNone && setIsMoving(true)}>
            Move…
          </button>
          <button type="button" className="button button-alarm" aria-disabled={isNone} onClick={act(actions.delete)}>
            Delete
          </button>
        </>
      )}
      <button type="button" className="icon-button" aria-label="Cancel" onClick={clear}>
        <CloseIcon />
      </button>
      {isMoving && <MoveDialog tasks={tasks} onMoved={clear} onClose={() => setIsMoving(false)} />}
    </div>
  );
}

function statusOf({ isLoading, tasks }: Selection): string {
  if (isLoading) return 'Loading…';
  return tasks.length === 0 ? 'Select tasks' : `${tasks.length} selected`;
}

/** The pressed button disappears with the bar, so focus moves to the heading. */
function focusHeadingWhenGone(): void {
  setTimeout(() => document.activeElement === document.body && document.querySelector('h1')?.focus());
}
