import type { ApolloCache, ApolloClient } from '@apollo/client';
import type { TaskRowFragment } from '../generated/graphql.ts';
import { describeProblem } from '../graphql/problem.ts';
import type { Toasts } from '../messages/toasts.ts';
import { applyChange } from './cached-lists.ts';
import { readTask } from './read-task.ts';

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

/** Moves changed tasks between the lists in the cache. */
export function applyAll(
  cache: ApolloCache,
  before: readonly TaskRowFragment[],
  after: readonly TaskRowFragment[],
  timeZone: string,
): void {
  const known = new Map(before.map((task) => [task.id, task]));
  for (const task of after) applyChange(cache, { before: known.get(task.id) ?? null, after: task }, timeZone);
}

/** Subtasks that went to the trash, or came back, with their task: the answer names only their ids. */
export function applyToOthers(
  cache: ApolloCache,
  ids: readonly string[],
  told: readonly TaskRowFragment[],
  deletedAt: string | null,
  timeZone: string,
): void {
  for (const id of ids) {
    const before = told.some((task) => task.id === id) ? null : readTask(cache, id);
    if (!before) continue;
    const after = { ...before, deletedAt, list: deletedAt === null ? listAfterRestore(before) : before.list };
    const list = (existing: unknown) => (after.list === before.list ? existing : null);
    cache.modify({ id: `Task:${id}`, fields: { deletedAt: () => deletedAt, list } });
    applyChange(cache, { before, after }, timeZone);
  }
}

/** What comes out of the trash without its list goes to the inbox. */
export function listAfterRestore({ list }: TaskRowFragment): TaskRowFragment['list'] {
  return list?.deletedAt ? null : list;
}
