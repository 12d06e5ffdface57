import type { MouseEvent } from 'react';
import { GripIcon, PencilIcon } from '../../design/icons.tsx';
import type { TaskRowFragment } from '../../generated/graphql.ts';
import { taskHref, type View } from '../../navigation/address.ts';
import { Link } from '../../navigation/link.tsx';
import type { Draggable } from '../../rows/use-drag.ts';
import { useTaskActions } from '../actions/use-task-actions.ts';
import type { Selection } from '../selection/use-selection.ts';
import { isTrashed } from '../task.ts';
import { TrashButtons } from '../trash/trash-buttons.tsx';
import { TaskMeta } from './task-meta.tsx';
import { TitleEditor } from './title-editor.tsx';

interface TaskRowProps {
  task: TaskRowFragment;
  view: View;
  isUnderParent: boolean;
  isOpen: boolean;
  selection: Selection;
  isEdited: boolean;
  /** @param id null: the title is no longer edited */
  onEdit: (id: string | null) => void;
  draggable: Draggable;
}

export function TaskRow(props: TaskRowProps) {
  const { task, view, isUnderParent, isOpen, selection, isEdited, onEdit, draggable } = props;
  const isInTrash = isTrashed(task);
  const select = (event: MouseEvent) => {
    const isSelecting = selection.isActive || event.ctrlKey || event.metaKey || event.shiftKey;
    if (!isSelecting) return;
    event.preventDefault();
    selection.toggle(task.id, event.shiftKey);
  };
  return (
    <li
      className="task"
      data-done={task.completed || undefined}
      data-open={isOpen || undefined}
      data-selected={selection.has(task.id) || undefined}
      {...draggable.row}
    >
      {!isInTrash && (
        <span className="grip" aria-hidden="true" {...draggable.grip}>
          <GripIcon />
        </span>
      )}
      <RowCheckbox task={task} selection={selection} />
      {isEdited ? (
        <TitleEditor task={task} onDone={() => onEdit(null)} />
      ) : (
        <Link
          className="task-link"
          href={taskHref(view, task.id)}
          aria-current={isOpen || undefined}
          data-row-focus
          onClick={select}
          onDoubleClick={() => !isInTrash && onEdit(task.id)}
        >
          <span className="task-title" dir="auto">
            {task.title}
          </span>
          <TaskMeta task={task} view={view} isUnderParent={isUnderParent} />
        </Link>
      )}
      {!isEdited && !selection.isActive && !isInTrash && (
        <button
          type="button"
          className="icon-button row-button"
          aria-label={`Rename: ${task.title}`}
          onClick={() => onEdit(task.id)}
        >
          <PencilIcon />
        </button>
      )}
      {isInTrash && <TrashButtons task={task} />}
    </li>
  );
}

/** Completes the task, or selects it while tasks are being selected. */
function RowCheckbox({ task, selection }: { task: TaskRowFragment; selection: Selection }) {
  const { complete, reopen } = useTaskActions();
  if (selection.isActive || isTrashed(task)) {
    return (
      <label className="check check-select">
        <input
          type="checkbox"
          checked={selection.has(task.id)}
          onChange={(event) => {
            const { shiftKey } = event.nativeEvent as globalThis.MouseEvent; // of a checkbox it is a click
            selection.toggle(task.id, shiftKey);
          }}
          aria-label={`Select: ${task.title}`}
        />
      </label>
    );
  }
  const toggle = () => (task.completed ? reopen([task]) : complete([task]));
  return (
    <label className="check" data-priority={task.priority}>
      <input type="checkbox" checked={task.completed} onChange={toggle} aria-label={`Done: ${task.title}`} />
    </label>
  );
}
