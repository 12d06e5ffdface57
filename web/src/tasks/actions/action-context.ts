import type { ApolloClient } from '@apollo/client';
import type { TaskRowFragment } from '../../generated/graphql.ts';
import { describeProblem } from '../../graphql/problem.ts';
import type { Toasts } from '../../messages/toasts.ts';
import { readTask } from '../cache/read-task.ts';

/** What every change of tasks needs. */
export interface ActionContext {
  readonly client: ApolloClient;
  readonly toasts: Toasts;
  /** In which the viewer's days count. */
  readonly timeZone: string;
}

/** Tells what went wrong. What is gone is taken off the screen: all that is shown is asked for again. */
export function tellFailure({ client, toasts }: ActionContext, error: unknown): void {
  toasts.tellProblem(error);
  // What fails here is told by the views whose query it is.
  if (describeProblem(error).code === 'NOT_FOUND') client.refetchQueries({ include: 'active' }).catch(() => undefined);
}

/** Ids of a bulk mutation at most. */
const bulkSize = 100;

/**
 * Tells how far it is, and what went wrong.
 * @param send is called with at most as many tasks as one request may change
 * @returns the tasks that were changed: all, or those before the first failure
 */
export async function inBulks(
  context: ActionContext,
  tasks: readonly TaskRowFragment[],
  send: (bulk: readonly TaskRowFragment[]) => Promise<unknown>,
): Promise<readonly TaskRowFragment[]> {
  let done = 0;
  try {
    for (; done < tasks.length; done += bulkSize) {
      if (tasks.length > bulkSize) context.toasts.showProgress(`${done} of ${tasks.length} tasks…`);
      await send(tasks.slice(done, done + bulkSize));
    }
  } catch (error) {
    tellFailure(context, error);
  }
  return tasks.slice(0, done);
}

/** The tasks as the screen shows them now: an undo is run with those of some seconds ago. */
export function currentTasks({ client }: ActionContext, tasks: readonly TaskRowFragment[]): readonly TaskRowFragment[] {
  return tasks.map((task) => readTask(client.cache, task.id) ?? task);
}
