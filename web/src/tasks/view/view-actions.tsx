import { lazy, Suspense, useState } from 'react';
import { PencilIcon, SelectIcon } from '../../design/icons.tsx';
import type { Selection } from '../selection/use-selection.ts';
import type { Subject } from './use-subject.ts';

const ListDialog = lazy(() => import('../../lists/list-dialog.tsx'));
const EmptyTrash = lazy(() => import('../trash/empty-trash.tsx'));
const LabelDialog = lazy(() => import('../../labels/label-dialog.tsx'));

interface ViewActionsProps {
  subject: Subject;
  selection: Selection;
  canSelect: boolean;
  isTrash: boolean;
}

/** The actions on a view as a whole. */
export function ViewActions({ subject: { list, label }, selection, canSelect, isTrash }: ViewActionsProps) {
  const [isEditing, setIsEditing] = useState(false);
  const close = () => setIsEditing(false);
  return (
    <div className="view-actions">
      {(list || label) && (
        <button
          type="button"
          className="icon-button"
          aria-label={list ? 'Edit list' : 'Edit label'}
          title={list ? 'Edit list' : 'Edit label'}
          aria-haspopup="dialog"
          onClick={() => setIsEditing(true)}
        >
          <PencilIcon />
        </button>
      )}
      {canSelect && (
        <button
          type="button"
          className="icon-button"
          aria-label="Select tasks"
          title="Select tasks"
          aria-pressed={selection.isActive}
          onClick={selection.isActive ? selection.clear : selection.start}
        >
          <SelectIcon />
        </button>
      )}
      <Suspense fallback={null}>
        {isTrash && <EmptyTrash hasTasks={canSelect} />}
        {isEditing && list && <ListDialog list={list} onClose={close} />}
        {isEditing && label && <LabelDialog label={label} onClose={close} />}
      </Suspense>
    </div>
  );
}
