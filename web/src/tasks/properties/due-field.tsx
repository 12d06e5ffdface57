import { dueText, isOverdue } from '../../dates/due.ts';
import { useDays } from '../../dates/viewer-days.tsx';
import { UpcomingIcon } from '../../design/icons.tsx';
import type { DueInput, TaskRowFragment } from '../../generated/graphql.ts';
import { useTaskActions } from '../actions/use-task-actions.ts';
import { isTrashed } from '../task.ts';
import { DuePicker } from './due-picker.tsx';
import { Property } from './property.tsx';

type Due = TaskRowFragment['due'];

/** The due date, with an optional time and time zone. */
export function DueField({ task }: { task: TaskRowFragment }) {
  const { changeProperties } = useTaskActions();
  const { timeZone, now } = useDays();
  const { due } = task;
  const setDue = (input: DueInput | null) => void changeProperties(task, { due: input }, { due: optimisticDue(input) });
  return (
    <Property
      icon={<UpcomingIcon />}
      label="Due"
      isReadOnly={isTrashed(task)}
      value={
        due ? (
          <span data-overdue={(!task.completed && isOverdue(due, timeZone, now)) || undefined}>
            {dueText(due, timeZone, now)}
          </span>
        ) : (
          <span className="quiet">No date</span>
        )
      }
    >
      {(close) => <DuePicker due={due} onChange={setDue} onDone={close} />}
    </Property>
  );
}

/** The due date to show until the response, which contains the instant of a time in a zone. */
function optimisticDue(input: DueInput | null): Due {
  if (!input) return null;
  const time = input.time ? `${input.time}:00` : null;
  return { __typename: 'Due', date: input.date, time, timeZone: input.timeZone ?? null, at: null };
}
