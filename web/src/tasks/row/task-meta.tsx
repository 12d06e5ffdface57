import { dueText, dueTimeText, isOverdue } from '../../dates/due.ts';
import { useDays } from '../../dates/viewer-days.tsx';
import { FlagIcon, ListIcon, SubtaskIcon, UpcomingIcon } from '../../design/icons.tsx';
import type { TaskRowFragment } from '../../generated/graphql.ts';
import type { View } from '../../navigation/address.ts';
import { priorityName } from '../task.ts';

/** The details below a row's title, without what the view already shows. */
export function TaskMeta({ task, view, isUnderParent }: { task: TaskRowFragment; view: View; isUnderParent: boolean }) {
  const { timeZone, now } = useDays();
  const { due, list, parent, labels, priority, subtaskCount } = task;
  const parts = subtaskCount.totalCount;
  const isLate = due !== null && !task.completed && isOverdue(due, timeZone, now);
  // In these views, the heading shows the day.
  const isUnderDay = (view.kind === 'today' || view.kind === 'upcoming') && !isLate && !isUnderParent;
  const when = due && (isUnderDay ? dueTimeText(due, timeZone) : dueText(due, timeZone, now));
  const showsList = list !== null && view.kind !== 'list' && !isUnderParent;
  const shownLabels = labels.filter(({ id }) => view.kind !== 'label' || id !== view.id);
  return (
    <span className="task-meta">
      {priority !== 'NONE' && (
        <span className="meta meta-priority" data-priority={priority}>
          <FlagIcon />
          {priorityName(priority)}
        </span>
      )}
      {when && (
        <span className="meta" data-overdue={isLate || undefined}>
          <UpcomingIcon />
          {when}
        </span>
      )}
      {parent && !isUnderParent && (
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
