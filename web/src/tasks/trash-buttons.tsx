import { useState } from 'react';
import { Dialog } from '../design/dialog.tsx';
import { RestoreIcon, TrashIcon } from '../design/icons.tsx';
import type { TaskRowFragment } from '../generated/graphql.ts';
import { useTaskActions } from './use-task-actions.ts';

/** What can be done with a task in the trash. */
export function TrashButtons({ task }: { task: TaskRowFragment }) {
  const { restore, purge } = useTaskActions();
  const [isAsking, setIsAsking] = useState(false);
  return (
    <span className="row-buttons">
      <button
        type="button"
        className="icon-button"
        aria-label={`Restore: ${task.title}`}
        title="Restore"
        onClick={() => restore([task])}
      >
        <RestoreIcon />
      </button>
      <button
        type="button"
        className="icon-button"
        aria-label={`Delete for good: ${task.title}`}
        title="Delete for good"
        onClick={() => setIsAsking(true)}
      >
        <TrashIcon />
      </button>
      {isAsking && (
        <Dialog title="Delete for good?" onClose={() => setIsAsking(false)}>
          <p>“{task.title}” and its subtasks will be gone. This cannot be undone.</p>
          <div className="form-end">
            <button type="button" className="button" onClick={() => setIsAsking(false)}>
              Keep it
            </button>
            <button type="button" className="button button-alarm" onClick={() => purge(task)}>
              Delete for good
            </button>
          </div>
        </Dialog>
      )}
    </span>
  );
}
