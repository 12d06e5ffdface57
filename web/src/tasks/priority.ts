import type { TaskPriority } from '../generated/graphql.ts';

const names: Readonly<Record<string, string>> = {
  NONE: 'None',
  LOW: 'Low',
  MEDIUM: 'Medium',
  HIGH: 'High',
  URGENT: 'Urgent',
};

export const priorities: readonly TaskPriority[] = ['NONE', 'LOW', 'MEDIUM', 'HIGH', 'URGENT'];

/** A later version of the API may know more of them. */
export const priorityName = (priority: TaskPriority): string => names[priority] ?? priority.toLowerCase();
