import { FlagIcon } from '../../design/icons.tsx';
import { useChoice } from '../../forms/use-choice.ts';
import type { TaskPriority, TaskRowFragment } from '../../generated/graphql.ts';
import { useTaskActions } from '../actions/use-task-actions.ts';
import { isTrashed, priorities, priorityName } from '../task.ts';
import { Property } from './property.tsx';

export function PriorityField({ task }: { task: TaskRowFragment }) {
  const { changeProperties } = useTaskActions();
  return (
    <Property
      icon={<FlagIcon />}
      label="Priority"
      isReadOnly={isTrashed(task)}
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
        <PriorityChoice
          value={task.priority}
          onChoose={(priority) => void changeProperties(task, { priority }, { priority })}
        />
      )}
    </Property>
  );
}

function PriorityChoice({ value, onChoose }: { value: TaskPriority; onChoose: (priority: TaskPriority) => void }) {
  const choice = useChoice(value, onChoose);
  return (
    <fieldset className="segments segments-wide" {...choice.handlers}>
      <legend className="visually-hidden">Priority</legend>
      {priorities.map((priority) => (
        <label key={priority}>
          <input
            type="radio"
            name="priority"
            checked={priority === choice.value}
            onChange={() => choice.choose(priority)}
          />
          <span>{priorityName(priority)}</span>
        </label>
      ))}
    </fieldset>
  );
}
