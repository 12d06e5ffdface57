import { useApolloClient } from '@apollo/client/react';
import { useMemo } from 'react';
import type { Day } from '../../dates/days.ts';
import { useDays } from '../../dates/viewer-days.tsx';
import type { TaskRowFragment } from '../../generated/graphql.ts';
import { useToasts } from '../../messages/toast-stack.tsx';
import type { Gap } from '../../rows/gaps.ts';
import type { NewTask } from './create-task.ts';
import type { PropertyChange } from './edit-task.ts';

type Task = TaskRowFragment;
type Tasks = readonly TaskRowFragment[];

/** Not loaded with the first view, but soon after it, or with the first change. */
const loadActions = () => import('./all-actions.ts');

/** Actions on tasks. Changes are shown at once, and reverted if the server rejects them. */
export function useTaskActions() {
  const client = useApolloClient();
  const toasts = useToasts();
  const { timeZone } = useDays();
  return useMemo(() => {
    const context = { client, toasts, timeZone };
    type Actions = Awaited<ReturnType<typeof loadActions>>;
    /** For actions that show errors as a toast: all except those that a field waits for. */
    const run = (action: (actions: Actions) => Promise<void>) =>
      loadActions().then(action, (error) => toasts.showProblem(error));
    return {
      create: async (task: NewTask) => (await loadActions()).createTask(context, task),
      rename: async (task: Task, title: string, base: { text: string; version: number }) =>
        (await loadActions()).renameTask(context, task, title, base),
      changeDescription: async (task: Task, text: string, base: { text: string; version: number }) =>
        (await loadActions()).changeDescription(context, task, text, base),
      changeProperties: (task: Task, change: PropertyChange, expected: Partial<Task>) =>
        run(({ changeProperties }) => changeProperties(context, task, change, expected)),
      rescheduleOverdue: (day: Day) => run(({ rescheduleOverdue }) => rescheduleOverdue(context, day)),
      complete: (tasks: Tasks) => run(({ completeTasks }) => completeTasks(context, tasks)),
      reopen: (tasks: Tasks) => run(({ reopenTasks }) => reopenTasks(context, tasks)),
      reorder: (task: Task, gap: Gap) => run(({ reorderTask }) => reorderTask(context, task, gap)),
      moveToList: (tasks: Tasks, list: Task['list']) => run(({ moveToList }) => moveToList(context, tasks, list)),
      delete: (tasks: Tasks) => run(({ deleteTasks }) => deleteTasks(context, tasks)),
      restore: (tasks: Tasks) => run(({ restoreTasks }) => restoreTasks(context, tasks)),
      purge: (task: Task) => run(({ purgeTask }) => purgeTask(context, task)),
      emptyTrash: () => run(({ emptyTrash }) => emptyTrash(context)),
    };
  }, [client, toasts, timeZone]);
}
