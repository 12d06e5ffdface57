import { lazy, Suspense, useState } from 'react';
import { PencilIcon, SelectIcon } from '../design/icons.tsx';
import { useFrame } from '../layout/frame-data.tsx';
import type { View } from '../navigation/address.ts';
import type { Selection } from './use-selection.ts';

const ListDialog = lazy(() => import('../lists/list-dialog.tsx'));
const LabelDialog = lazy(() => import('../labels/label-dialog.tsx'));

interface ViewActionsProps {
  view: View;
  selection: Selection;
  canSelect: boolean;
}

/** What can be done with a view as a whole. */
export function ViewActions({ view, selection, canSelect }: ViewActionsProps) {
  const { lists, labels } = useFrame();
  const [isEditing, setIsEditing] = useState(false);
  const list = view.kind === 'list' ? lists.find(({ id }) => id === view.id) : undefined;
  const label = view.kind === 'label' ? labels.find(({ id }) => id === view.id) : undefined;
  const close = () => setIsEditing(false);
  return (
    <div className="view-actions">
      {(list || label) && (
        <button
          type="button"
          className="icon-button"
          aria-label={list ? 'Edit list' : 'Edit label'}
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
          aria-pressed={selection.isActive}
          onClick={selection.isActive ? selection.clear : selection.start}
        >
          <SelectIcon />
        </button>
      )}
      <Suspense fallback={null}>
        {isEditing && list && <ListDialog list={list} onClose={close} />}
        {isEditing && label && <LabelDialog label={label} onClose={close} />}
      </Suspense>
    </div>
  );
}
