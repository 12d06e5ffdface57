import type { TaskFilter, TaskRowFragment } from '../generated/graphql.ts';

/** Whether a task is in the trash: by itself or with its parent, or because its list is. */
export function isTrashed({ deletedAt, list }: Pick<TaskRowFragment, 'deletedAt' | 'list'>): boolean {
  return deletedAt !== null || Boolean(list?.deletedAt);
}

/** Whether a filter lets a task pass for being in the trash or not. */
export function passesTrash({ trash }: TaskFilter, task: TaskRowFragment): boolean {
  if (trash === 'INCLUDE') return true;
  return (trash === 'ONLY') === isTrashed(task);
}
