import { addDays, type Day } from '../../dates/days.ts';
import type { TaskFilter, TaskOrder } from '../../generated/graphql.ts';
import type { View } from '../../navigation/address.ts';

/** Which tasks a view shows, and in which order. */
export interface ViewQuery {
  readonly filter: TaskFilter;
  readonly orderBy: TaskOrder;
}

const byPosition: TaskOrder = { field: 'POSITION', direction: 'ASC' };
const byDue: TaskOrder = { field: 'DUE', direction: 'ASC' };
const newestFirst: TaskOrder = { field: 'CREATED_AT', direction: 'DESC' };
const lastChangedFirst: TaskOrder = { field: 'UPDATED_AT', direction: 'DESC' };

/** null: the view has no query. */
export function viewQuery(view: View, today: Day): ViewQuery | null {
  switch (view.kind) {
    case 'inbox':
      return { filter: { inbox: true, topLevel: true, completed: false }, orderBy: byPosition };
    case 'list':
      return { filter: { listId: view.id, topLevel: true, completed: false }, orderBy: byPosition };
    case 'today':
      return { filter: { dueTo: today, completed: false }, orderBy: byDue };
    case 'upcoming':
      return { filter: { dueFrom: addDays(today, 1), completed: false }, orderBy: byDue };
    case 'label':
      return { filter: { labelIds: [view.id], completed: false }, orderBy: newestFirst };
    case 'done':
      return { filter: { completed: true }, orderBy: lastChangedFirst };
    case 'trash':
      return { filter: { trash: 'ONLY' }, orderBy: lastChangedFirst };
    case 'search':
      return view.text.trim() === '' ? null : { filter: { search: view.text }, orderBy: newestFirst };
    default:
      return null;
  }
}

/** The completed tasks of the inbox or a list; these views show open tasks. */
export function completedFilter(view: View): TaskFilter {
  const location = view.kind === 'list' ? { listId: view.id } : { inbox: true };
  return { ...location, topLevel: true, completed: true };
}
