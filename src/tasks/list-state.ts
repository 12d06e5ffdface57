/** Of a task's list, as far as it makes a difference to the task; null: it is there, or the task is in the inbox. */
export type ListState = 'trashed' | 'purged' | null;

/** SQL for it, in the row of a task. @param task the row's alias */
export function listStateSql(_columns: unknown, task: { toString(): string }): string {
  return `(
    select case when purged_at is null then 'trashed' else 'purged' end from task_list
    where user_id = ${task}.user_id and id = ${task}.list_id and deleted_at is not null)`;
}
