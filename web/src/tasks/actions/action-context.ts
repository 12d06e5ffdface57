import type { ApolloClient } from '@apollo/client';
import type { TaskRowFragment } from '../../generated/graphql.ts';
import { describeProblem } from '../../graphql/problem.ts';
import type { Toasts } from '../../messages/toasts.ts';
import { readTask } from '../cache/read-task.ts';

/** The dependencies of all actions on tasks. */
export interface ActionContext {
  readonly client: ApolloClient;
  readonly toasts: Toasts;
  /** The viewer's time zone. */
  readonly timeZone: string;
}

/** Shows an error. If a task no longer exists, reloads the active queries, so that it disappears from the page. */
export function showFailure({ client, toasts }: ActionContext, error: unknown): void {
  toasts.showProblem(error);
  // Views show the errors of their own queries.
  if (describeProblem(error).code === 'NOT_FOUND') client.refetchQueries({ include: 'active' }).catch(() => undefined);
}

/** The maximum number of ids in a bulk mutation. */
const batchSize = 100;

/**
 * Changes tasks in batches. Shows progress and errors.
 * @param send changes the tasks of one batch
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

/** The current state of tasks in the cache: an undo is called with older copies. */
export function currentTasks({ client }: ActionContext, tasks: readonly TaskRowFragment[]): readonly TaskRowFragment[] {
  return tasks.map((task) => readTask(client.cache, task.id) ?? task);
}
