// All actions, to be loaded as one chunk: see useTaskActions.
export { completeTasks, reopenTasks } from './complete-tasks.ts';
export { createTask } from './create-task.ts';
export { changeDescription, changeProperties, renameTask } from './edit-task.ts';
export { moveToList, reorderTask } from './move-tasks.ts';
export { rescheduleOverdue } from './reschedule-tasks.ts';
export { deleteTasks, emptyTrash, purgeTask, restoreTasks } from './trash-tasks.ts';
