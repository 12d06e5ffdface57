import { useApolloClient } from '@apollo/client/react';
import { useEffect, useState } from 'react';
import type { TaskRowFragment } from '../../generated/graphql.ts';
import { readTask } from '../cache/read-task.ts';
import { isTrashed } from '../task.ts';

type Tasks = readonly TaskRowFragment[];

/** Milliseconds for which a completed task stays visible in its place. */
const lingering = 1_000;

/** The tasks of a view, including, for a moment, those that were just completed. */
export function useLingeringTasks(tasks: Tasks, viewKey: string): Tasks {
  const { cache } = useApolloClient();
  const [state, setState] = useState({ tasks, shown: tasks, viewKey });
  let { shown } = state;
  if (state.tasks !== tasks || state.viewKey !== viewKey) {
    // During rendering, so that a row that stays is never removed and added again.
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

/** @param completed the completed task, if that is why it left the view */
function withLeavingTasks(before: Tasks, now: Tasks, completed: (id: string) => TaskRowFragment | null): Tasks {
  const ids = new Set(now.map(({ id }) => id));
  let result = now;
  before.forEach((task, index) => {
    const left = ids.has(task.id) ? null : completed(task.id);
    if (left) result = result.toSpliced(index, 0, left);
  });
  return result;
}
