import type { ApolloClient } from '@apollo/client';
import type { TaskRowFragment } from '../../generated/graphql.ts';
import { describeProblem } from '../../graphql/problem.ts';
import type { Toasts } from '../../messages/toasts.ts';
import { readTask } from '../cache/read-task.ts';

/** What every action on tasks needs. */
export interface ActionContext {
  readonly client: ApolloClient;
  readonly toasts: Toasts;
  /** In which the viewer's days count. */
  readonly timeZone: string;
}

/** Shows what went wrong. Where a task is gone, all that is shown is loaded again, so that it leaves the screen. */
export function showFailure({ client, toasts }: ActionContext, error: unknown): void {
  toasts.showProblem(error);
  // A query that fails is shown by the view that it belongs to.
  if (describeProblem(error).code === 'NOT_FOUND') client.refetchQueries({ include: 'active' }).catch(() => undefined);
}

/** The most ids that a bulk mutation takes. */
const batchSize = 100;

/**
 * Shows progress, and what went wrong.
 * @param send is called with at most as many tasks as one request may change
 * @returns the tasks that were changed: all, or those before the first failure
 */
export async function inBatches(
  context: ActionContext,
  tasks: readonly TaskRowFragment[],
  send: (bulk: readonly TaskRowFragment[]) => Promise<unknown>,
): Promise<readonly TaskRowFragment[]> {
  let done = 0;
  try {
    for (; done < tasks.length; done += batchSize) {
      if (tasks.length > batchSize) context.toasts.showProgress(`${done} of ${tasks.length} tasks…`);
      await send(tasks.slice(done, done + batchSize));
    }
  } catch (error) {
    showFailure(context, error);
  }
  return tasks.slice(0, done);
}

/** The tasks as the screen shows them now: an undo is run with those of some seconds ago. */
export function currentTasks({ client }: ActionContext, tasks: readonly TaskRowFragment[]): readonly TaskRowFragment[] {
  return tasks.map((task) => readTask(client.cache, task.id) ?? task);
}
