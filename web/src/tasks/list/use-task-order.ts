import { type RefObject, useState } from 'react';
import type { TaskRowFragment } from '../../generated/graphql.ts';
import { type Gap, gapAt, gapBeside } from '../../rows/gaps.ts';
import { useDrag } from '../../rows/use-drag.ts';
import { useViewer } from '../../viewer/viewer.tsx';
import { useTaskActions } from '../actions/use-task-actions.ts';

interface TaskOrder {
  list: RefObject<HTMLElement | null>;
  tasks: readonly TaskRowFragment[];
  /** Whether they have an order of the user's own. */
  canReorder: boolean;
}

/** Tasks are put in order, or into another list, by their grips; in order by Alt and the arrow keys too. */
export function useTaskOrder({ list, tasks, canReorder }: TaskOrder) {
  const actions = useTaskActions();
  const { lists } = useViewer();
  const [announcement, setAnnouncement] = useState('');
  const ids = tasks.map(({ id }) => id);

  const place = (task: TaskRowFragment, gap: Gap, index: number) => {
    void actions.reorder(task, gap);
    setAnnouncement(`${task.title}: place ${index + 1} of ${ids.length}.`);
  };
  const reorder = (task: TaskRowFragment, direction: 'up' | 'down') => {
    const gap = canReorder ? gapBeside(ids, task.id, direction) : null;
    if (gap) place(task, gap, ids.indexOf(task.id) + (direction === 'up' ? -1 : 1));
  };
  const { drag, grip } = useDrag({
    list,
    canReorder,
    onReorder(id, index) {
      const task = tasks.find((other) => other.id === id);
      if (task && ids.indexOf(id) !== index) place(task, gapAt(ids, id, index), index);
    },
    onDropOnList(id, listId) {
      const task = tasks.find((other) => other.id === id);
      const target = lists.find((other) => other.id === listId);
      if (task && task.list?.id !== target?.id) void actions.moveToList([task], target ?? null);
    },
  });
  return { drag, grip, reorder, announcement };
}
