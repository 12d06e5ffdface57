import type { RefObject } from 'react';
import type { TaskRowFragment } from '../../generated/graphql.ts';
import type { Gap } from '../../rows/gaps.ts';
import { useRowOrder } from '../../rows/use-row-order.ts';
import { useViewer } from '../../viewer/viewer.tsx';
import { useTaskActions } from '../actions/use-task-actions.ts';

interface TaskOrder {
  list: RefObject<HTMLElement | null>;
  tasks: readonly TaskRowFragment[];
  canReorder: boolean;
}

/** Reorders tasks by their grips, or with Alt and the arrow keys. Grips can also move them to another list. */
export function useTaskOrder({ list, tasks, canReorder }: TaskOrder) {
  const actions = useTaskActions();
  const { lists } = useViewer();
  const withTask = (id: string, act: (task: TaskRowFragment) => unknown) => {
    const task = tasks.find((other) => other.id === id);
    if (task) act(task);
  };
  return useRowOrder({
    list,
    rows: tasks.map(({ id, title }) => ({ id, name: title })),
    canReorder,
    onMove: (id: string, gap: Gap) => withTask(id, (task) => actions.reorder(task, gap)),
    onDropOnList: (id, listId) =>
      withTask(id, (task) => {
        const target = lists.find((other) => other.id === listId) ?? null;
        if (task.list?.id !== target?.id) void actions.moveToList([task], target);
      }),
  });
}
