import { dueWording, isOverdue, timeWording } from '../../dates/due.ts';
import { useDays } from '../../dates/viewer-days.tsx';
import { FlagIcon, ListIcon, SubtaskIcon, UpcomingIcon } from '../../design/icons.tsx';
import type { TaskRowFragment } from '../../generated/graphql.ts';
import type { View } from '../../navigation/address.ts';
import { priorityName } from '../task.ts';

/** What a row says of a task besides its title, without what the view says already. */
export function TaskMeta({ task, view, isPart }: { task: TaskRowFragment; view: View; isPart: boolean }) {
  const { timeZone, now } = useDays();
  const { due, list, parent, labels, priority, subtaskCount } = task;
  const parts = subtaskCount.totalCount;
  const isLate = due !== null && !task.completed && isOverdue(due, timeZone, now);
  // There the heading names the day.
  const isUnderDay = (view.kind === 'today' || view.kind === 'upcoming') && !isLate && !isPart;
  const dueText = due && (isUnderDay ? timeWording(due, timeZone) : dueWording(due, timeZone, now));
  const showsList = list !== null && view.kind !== 'list' && !isPart;
  const shownLabels = labels.filter(({ id }) => view.kind !== 'label' || id !== view.id);
  return (
    <span className="task-meta">
      {priority !== 'NONE' && (
        <span className="meta meta-priority" data-priority={priority}>
          <FlagIcon />
          {priorityName(priority)}
        </span>
      )}
      {dueText && (
        <span className="meta" data-overdue={isLate || undefined}>
          <UpcomingIcon />
          {dueText}
        </span>
      )}
      {parent && !isPart && (
        <span className="meta">
          <SubtaskIcon />
          {parent.title}
        </span>
      )}
      {parts > 0 && (
        <span className="meta">
          <ListIcon />
          {parts} {parts === 1 ? 'subtask' : 'subtasks'}
        </span>
      )}
      {showsList && (
        <span className="meta">
          <span className="dot" style={list.color ? { backgroundColor: list.color } : undefined} />
          {list.name}
        </span>
      )}
      {shownLabels.map(({ id, name, color }) => (
        <span key={id} className="meta chip" style={color ? { borderColor: color } : undefined}>
          {name}
        </span>
      ))}
    </span>
  );
}
