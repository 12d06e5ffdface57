import { lazy, Suspense, useState } from 'react';
import { RestoreIcon, TrashIcon } from '../../design/icons.tsx';
import type { TaskRowFragment } from '../../generated/graphql.ts';
import { useTaskActions } from '../actions/use-task-actions.ts';

const PurgeDialog = lazy(() => import('./purge-dialog.tsx'));

/** The actions for a task in the trash. */
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
        aria-label={`Delete permanently: ${task.title}`}
        title="Delete permanently"
        onClick={() => setIsAsking(true)}
      >
        <TrashIcon />
      </button>
      <Suspense fallback={null}>
        {isAsking && <PurgeDialog title={task.title} onPurge={() => purge(task)} onClose={() => setIsAsking(false)} />}
      </Suspense>
    </span>
  );
}
