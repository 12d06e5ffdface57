import { useMemo, useState } from 'react';
import type { View } from '../../navigation/address.ts';
import { useRowFocus } from '../../rows/row-focus.ts';
import { useTaskActions } from '../actions/use-task-actions.ts';
import { TaskRow } from '../row/task-row.tsx';
import type { Selection } from '../selection/use-selection.ts';
import { isTrashed } from '../task.ts';
import { GroupHeading } from './group-heading.tsx';
import type { TaskGroup } from './task-groups.ts';
import { useRowKeys } from './use-row-keys.ts';
import { useTaskOrder } from './use-task-order.ts';

interface TaskListProps {
  view: View;
  groups: readonly TaskGroup[];
  /** The task that the detail pane shows. */
  openId: string | null;
  selection: Selection;
  /** Whether the user can reorder the rows. */
  canReorder?: boolean;
  /** Whether they are shown below their parent. */
  isUnderParent?: boolean;
}

/** Rows that can be navigated, changed, selected and reordered, by pointer and by keyboard. */
export function TaskList(props: TaskListProps) {
  const { view, groups, openId, selection, canReorder = isOrderedByUser(view), isUnderParent = false } = props;
  const actions = useTaskActions();
  const tasks = useMemo(() => groups.flatMap((group) => group.tasks), [groups]);
  const ids = useMemo(() => tasks.map(({ id }) => id), [tasks]);
  const [editedId, setEditedId] = useState<string | null>(null);
  const { list, onFocus } = useRowFocus(ids);
  const { draggable, moveBy, announcement } = useTaskOrder({ list, tasks, canReorder });
  const onKeyDown = useRowKeys({
    tasks,
    onEdit: (task) => setEditedId(task.id),
    onToggle: (task) => (task.completed ? actions.reopen([task]) : actions.complete([task])),
    onSelect: (task, isRange) => selection.toggle(task.id, isRange),
    onDelete: (task) => !isTrashed(task) && actions.delete([task]),
    onMove: (task, step) => moveBy(task.id, step),
  });

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: keys that its rows let through
    <div
      className="task-groups"
      data-ordered={canReorder || undefined}
      ref={list}
      onFocus={onFocus}
      onKeyDown={onKeyDown}
    >
      <p className="visually-hidden" aria-live="assertive">
        {announcement}
      </p>
      {groups.map((group) => (
        <div key={group.heading}>
          {group.heading && <GroupHeading group={group} />}
          <ul aria-label={group.heading ?? 'Tasks'}>
            {group.tasks.map((task) => (
              <TaskRow
                key={task.id}
                task={task}
                view={view}
                isUnderParent={isUnderParent}
                isOpen={task.id === openId}
                selection={selection}
                isEdited={task.id === editedId}
                onEdit={setEditedId}
                draggable={draggable(task.id)}
              />
            ))}
          </ul>
        </div>
      ))}
    </div>
  );
}

const isOrderedByUser = (view: View): boolean => view.kind === 'inbox' || view.kind === 'list';
