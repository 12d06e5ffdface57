import { useApolloClient } from '@apollo/client/react';
import { useMemo } from 'react';
import type { Day } from '../days/days.ts';
import { useDays } from '../days/viewer-days.tsx';
import type { TaskRowFragment } from '../generated/graphql.ts';
import { useToasts } from '../layout/toast-stack.tsx';
import { completeTasks, reopenTasks } from './complete-tasks.ts';
import { createTask, type NewTask } from './create-task.ts';
import { type Choice, chooseForTask, describeTask, renameTask } from './edit-task.ts';
import type { Gap } from './gaps.ts';
import { moveToList, reorderTask } from './move-tasks.ts';
import { rescheduleOverdue } from './reschedule-tasks.ts';
import { deleteTasks, purgeTask, restoreTasks } from './trash-tasks.ts';

type Task = TaskRowFragment;
type Tasks = readonly TaskRowFragment[];

/** What can be done with tasks: shown at once, taken back where the server refuses. */
export function useTaskActions() {
  const client = useApolloClient();
  const toasts = useToasts();
  const { timeZone } = useDays();
  return useMemo(() => {
    const context = { client, toasts, timeZone };
    return {
      create: (task: NewTask) => createTask(context, task),
      rename: (task: Task, title: string) => renameTask(context, task, title),
      describe: (task: Task, text: string, base: { text: string; version: number }) =>
        describeTask(context, task, text, base),
      choose: (task: Task, choice: Choice, expected: Partial<Task>) => chooseForTask(context, task, choice, expected),
      rescheduleOverdue: (day: Day) => rescheduleOverdue(context, day),
      complete: (tasks: Tasks) => completeTasks(context, tasks),
      reopen: (tasks: Tasks) => reopenTasks(context, tasks),
      reorder: (task: Task, gap: Gap) => reorderTask(context, task, gap),
      moveToList: (tasks: Tasks, list: Task['list']) => moveToList(context, tasks, list),
      delete: (tasks: Tasks) => deleteTasks(context, tasks),
      restore: (tasks: Tasks) => restoreTasks(context, tasks),
      purge: (task: Task) => purgeTask(context, task),
    };
  }, [client, toasts, timeZone]);
}
