import type { TaskFilter, TaskPriority, TaskRowFragment } from '../generated/graphql.ts';

/** Whether a task is in the trash: by itself, with its parent or with its list. */
export function isTrashed({ deletedAt, list }: Pick<TaskRowFragment, 'deletedAt' | 'list'>): boolean {
  return deletedAt !== null || Boolean(list?.deletedAt);
}

/** Whether a task matches the `trash` condition of a filter. */
export function matchesTrash({ trash }: TaskFilter, task: TaskRowFragment): boolean {
  if (trash === 'INCLUDE') return true;
  return (trash === 'ONLY') === isTrashed(task);
}

/** “Buy milk”, "3 tasks", or "100 of 250 tasks" if not all have been changed. */
export function nameTasks(tasks: readonly TaskRowFragment[], meant = tasks): string {
  const [only] = tasks;
  if (tasks.length < meant.length) return `${tasks.length} of ${meant.length} tasks`;
  if (tasks.length !== 1 || !only) return `${tasks.length} tasks`;
  const characters = Array.from(only.title);
  return characters.length > 40 ? `“${characters.slice(0, 38).join('').trimEnd()}…”` : `“${only.title}”`;
}

const priorityNames: Readonly<Record<string, string>> = {
  NONE: 'None',
  LOW: 'Low',
  MEDIUM: 'Medium',
  HIGH: 'High',
  URGENT: 'Urgent',
};

export const priorities: readonly TaskPriority[] = ['NONE', 'LOW', 'MEDIUM', 'HIGH', 'URGENT'];

/** A later version of the API may have more of them. */
export const priorityName = (priority: TaskPriority): string => priorityNames[priority] ?? priority.toLowerCase();
