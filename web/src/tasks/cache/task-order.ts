import { dueSortKey } from '../../dates/due.ts';
import type { TaskOrder, TaskRowFragment } from '../../generated/graphql.ts';

/** Compares two tasks by the rules of the API; negative if the first one comes first. */
export function compareTasks(
  order: TaskOrder | null | undefined,
  viewerZone: string,
): (a: TaskRowFragment, b: TaskRowFragment) => number {
  const { field, direction } = order ?? { field: 'CREATED_AT', direction: 'DESC' };
  const sign = direction === 'DESC' ? -1 : 1;
  return (a, b) => {
    if (field === 'DUE' && (a.due === null) !== (b.due === null)) return a.due === null ? 1 : -1;
    const [keyA, keyB] = [sortKey(field, a, viewerZone), sortKey(field, b, viewerZone)];
    if (keyA === keyB) return a.id < b.id ? -sign : sign;
    return keyA < keyB ? -sign : sign;
  };
}

function sortKey(field: TaskOrder['field'], task: TaskRowFragment, viewerZone: string): string {
  if (field === 'DUE') return task.due === null ? '' : dueSortKey(task.due, viewerZone);
  if (field === 'POSITION') return task.position;
  if (field === 'UPDATED_AT') return task.updatedAt;
  return task.createdAt;
}
