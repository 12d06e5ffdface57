import type { TaskRowFragment } from '../generated/graphql.ts';

/** Whether a task is in the trash: by itself or with its parent, or because its list is. */
export function isTrashed({ deletedAt, list }: Pick<TaskRowFragment, 'deletedAt' | 'list'>): boolean {
  return deletedAt !== null || Boolean(list?.deletedAt);
}
