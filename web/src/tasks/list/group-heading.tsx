import { useDays } from '../../dates/viewer-days.tsx';
import { useTaskActions } from '../actions/use-task-actions.ts';
import type { TaskGroup } from './task-groups.ts';

/** The heading of a group. All overdue tasks can be rescheduled to today at once. */
export function GroupHeading({ group: { heading } }: { group: TaskGroup }) {
  const { rescheduleOverdue } = useTaskActions();
  const { today } = useDays();
  const isOverdue = heading === 'Overdue';
  return (
    <div className="group-head" data-overdue={isOverdue || undefined}>
      <h2 className="group-heading">{heading}</h2>
      {isOverdue && (
        <button type="button" className="text-button" onClick={() => rescheduleOverdue(today)}>
          Reschedule to today
        </button>
      )}
    </div>
  );
}
