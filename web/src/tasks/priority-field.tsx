import { FlagIcon } from '../design/icons.tsx';
import type { TaskRowFragment } from '../generated/graphql.ts';
import { priorities, priorityName } from './priority.ts';
import { Property } from './property.tsx';
import { useTaskActions } from './use-task-actions.ts';

export function PriorityField({ task }: { task: TaskRowFragment }) {
  const { choose } = useTaskActions();
  return (
    <Property
      icon={<FlagIcon />}
      label="Priority"
      isReadOnly={task.deletedAt !== null}
      value={
        task.priority === 'NONE' ? (
          <span className="quiet">None</span>
        ) : (
          <span className="meta-priority" data-priority={task.priority}>
            {priorityName(task.priority)}
          </span>
        )
      }
    >
      {() => (
        <fieldset className="segments segments-wide">
          <legend className="visually-hidden">Priority</legend>
          {priorities.map((priority) => (
            <label key={priority}>
              <input
                type="radio"
                name="priority"
                checked={priority === task.priority}
                onChange={() => choose(task, { priority }, { priority })}
              />
              <span>{priorityName(priority)}</span>
            </label>
          ))}
        </fieldset>
      )}
    </Property>
  );
}
