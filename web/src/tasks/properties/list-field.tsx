import { useId } from 'react';
import { ListIcon } from '../../design/icons.tsx';
import { ChoiceSelect } from '../../forms/choice-select.tsx';
import type { TaskRowFragment } from '../../generated/graphql.ts';
import { useViewer } from '../../viewer/viewer.tsx';
import { useTaskActions } from '../actions/use-task-actions.ts';
import { isTrashed } from '../task.ts';

/** The list of the task. A subtask that moves to another list leaves its parent. */
export function ListField({ task }: { task: TaskRowFragment }) {
  const { lists } = useViewer();
  const { moveToList } = useTaskActions();
  const id = useId();
  const { list } = task;
  const others = list && !lists.some((other) => other.id === list.id) ? [list, ...lists] : lists;
  const move = (listId: string) => {
    const target = lists.find((other) => other.id === listId);
    void moveToList([task], target ?? null);
  };
  return (
    <div className="property">
      <div className="property-line">
        <ListIcon />
        <label className="property-label" htmlFor={id}>
          List
        </label>
        <ChoiceSelect
          id={id}
          className="property-select"
          value={list?.id ?? ''}
          disabled={isTrashed(task)}
          onChoose={move}
        >
          <option value="">Inbox</option>
          {others.map((other) => (
            <option key={other.id} value={other.id}>
              {other.name}
            </option>
          ))}
        </ChoiceSelect>
      </div>
    </div>
  );
}
