import { dayIn, dayName, longDay } from '../../dates/days.ts';
import { dueDay, isOverdue } from '../../dates/due.ts';
import type { ViewerDays } from '../../dates/viewer-days.tsx';
import type { TaskRowFragment } from '../../generated/graphql.ts';
import type { View } from '../../navigation/address.ts';

/** Tasks of a view under one heading. */
export interface TaskGroup {
  readonly heading: string | null;
  readonly tasks: readonly TaskRowFragment[];
}

/** Splits the sorted tasks of a view where the heading changes. */
export function groupTasks(view: View, tasks: readonly TaskRowFragment[], days: ViewerDays): readonly TaskGroup[] {
  const groups = Map.groupBy(tasks, (task) => headingOf(view, task, days));
  return [...groups].map(([heading, members]) => ({ heading, tasks: members }));
}

function headingOf(view: View, task: TaskRowFragment, { timeZone, now, today }: ViewerDays): string | null {
  if (view.kind === 'today' && task.due) return isOverdue(task.due, timeZone, now) ? 'Overdue' : 'Today';
  if (view.kind === 'upcoming' && task.due) {
    const day = dueDay(task.due, timeZone);
    const [name, long] = [dayName(day, today), longDay(day)];
    return long.startsWith(name) || long.endsWith(name) ? long : `${name}, ${long}`;
  }
  if (view.kind === 'done' && task.completedAt) return dayName(dayIn(timeZone, new Date(task.completedAt)), today);
  return null;
}
