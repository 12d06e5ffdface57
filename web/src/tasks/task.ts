import type { TaskFilter, TaskPriority, TaskRowFragment } from '../generated/graphql.ts';

/** Whether a task is in the trash: by itself or with its parent, or because its list is. */
export function isTrashed({ deletedAt, list }: Pick<TaskRowFragment, 'deletedAt' | 'list'>): boolean {
  return deletedAt !== null || Boolean(list?.deletedAt);
}

/** Whether a filter lets a task pass for being in the trash or not. */
export function matchesTrash({ trash }: TaskFilter, task: TaskRowFragment): boolean {
  if (trash === 'INCLUDE') return true;
  return (trash === 'ONLY') === isTrashed(task);
}

/** “Buy milk”, "3 tasks", or "100 of 250 tasks" where more were meant. */
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

/** A later version of the API may know more of them. */
export const priorityName = (priority: TaskPriority): string => priorityNames[priority] ?? priority.toLowerCase();
