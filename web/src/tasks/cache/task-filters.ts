import { type Due, dueDay } from '../../dates/due.ts';
import type { TaskFilter, TaskRowFragment } from '../../generated/graphql.ts';
import { matchesTrash } from '../task.ts';

/** Whether a task matches a filter, by the rules of the API; null if only the API can decide, such as for a search. */
export function matchesFilter(filter: TaskFilter, task: TaskRowFragment, viewerZone: string): boolean | null {
  const answers = [
    matchesTrash(filter, task),
    isSet(filter.completed) ? filter.completed === task.completed : true,
    isSet(filter.topLevel) ? filter.topLevel === (task.parent === null) : true,
    isSet(filter.inbox) ? filter.inbox === (task.list === null) : true,
    isSet(filter.listId) ? filter.listId === task.list?.id : true,
    (filter.labelIds ?? []).every((id) => task.labels.some((label) => label.id === id)),
    isDueWithin(filter, task.due, viewerZone),
  ];
  if (answers.includes(false)) return false;
  return isSet(filter.search) || isSet(filter.priorities) || isSet(filter.overdue) ? null : true;
}

function isDueWithin({ dueFrom, dueTo }: TaskFilter, due: Due | null, viewerZone: string): boolean {
  if (!isSet(dueFrom) && !isSet(dueTo)) return true;
  if (due === null) return false;
  const day = dueDay(due, viewerZone);
  return (!isSet(dueFrom) || day >= dueFrom) && (!isSet(dueTo) || day <= dueTo);
}

/** In filters, null means "not given". */
const isSet = <T>(value: T | null | undefined): value is T => value !== null && value !== undefined;
