import { useApolloClient } from '@apollo/client/react';
import { useEffect, useState } from 'react';
import type { TaskRowFragment } from '../../generated/graphql.ts';
import { readTask } from '../cache/read-task.ts';
import { isTrashed } from '../task.ts';

type Tasks = readonly TaskRowFragment[];

/** Milliseconds for which a completed task is still seen, ticked, where it was. */
const lingering = 1_000;

/** The tasks of a view, and for a moment those that have left it because they were completed. */
export function useLingeringTasks(tasks: Tasks, viewKey: string): Tasks {
  const { cache } = useApolloClient();
  const [state, setState] = useState({ tasks, shown: tasks, viewKey });
  let { shown } = state;
  if (state.tasks !== tasks || state.viewKey !== viewKey) {
    // While rendering, so that a row that stays is never taken out of the page and put back.
    const completed = (id: string) => {
      const task = readTask(cache, id);
      return task?.completed && !isTrashed(task) ? task : null;
    };
    shown = state.viewKey === viewKey ? withLeavingTasks(state.shown, tasks, completed) : tasks;
    setState({ tasks, shown, viewKey });
  }
  useEffect(() => {
    if (shown === tasks) return undefined;
    const timer = setTimeout(() => setState({ tasks, shown: tasks, viewKey }), lingering);
    return () => clearTimeout(timer);
  }, [shown, tasks, viewKey]);
  return shown;
}

/** @param completed the task as it is now, where that is why it left */
function withLeavingTasks(before: Tasks, now: Tasks, completed: (id: string) => TaskRowFragment | null): Tasks {
  const ids = new Set(now.map(({ id }) => id));
  let result = now;
  before.forEach((task, index) => {
    const left = ids.has(task.id) ? null : completed(task.id);
    if (left) result = result.toSpliced(index, 0, left);
  });
  return result;
}
