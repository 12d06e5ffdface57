import type { ApolloCache } from '@apollo/client';
import {
  DeleteTasksDocument,
  EmptyTrashDocument,
  PurgeTaskDocument,
  RestoreTasksDocument,
  type TaskRowFragment,
} from '../../generated/graphql.ts';
import { serverClock } from '../../graphql/server-clock.ts';
import { applyChange, applyChanges } from '../cache/cached-lists.ts';
import { readTask } from '../cache/read-task.ts';
import { nameTasks } from '../task.ts';
import { type ActionContext, currentTasks, inBatches, showFailure } from './action-context.ts';

type Tasks = readonly TaskRowFragment[];

export async function deleteTasks(context: ActionContext, tasks: Tasks): Promise<void> {
  const deletedAt = new Date(serverClock.now()).toISOString();
  const done = await inBatches(context, tasks, (bulk) => sendDelete(context, bulk, deletedAt));
  if (done.length === 0) return;
  const undo = { label: 'Undo', run: () => restoreTasks(context, done) };
  context.toasts.show(`Deleted ${nameTasks(done, tasks)}.`, undo);
}

export async function restoreTasks(context: ActionContext, tasks: Tasks): Promise<void> {
  const done = await inBatches(context, tasks, (bulk) => sendRestore(context, bulk));
  if (done.length > 0) context.toasts.show(`Restored ${nameTasks(done, tasks)}.`);
}

/** Deletes a task permanently. */
export async function purgeTask(context: ActionContext, task: TaskRowFragment): Promise<void> {
  try {
    await context.client.mutate({
      mutation: PurgeTaskDocument,
      variables: { input: { id: task.id } },
      optimisticResponse: {
        __typename: 'Mutation',
        purgeTask: { __typename: 'PurgeTaskPayload', purgedIds: [task.id] },
      },
      update(cache, { data }) {
        for (const id of data?.purgeTask?.purgedIds ?? []) cache.evict({ id: `Task:${id}` });
        cache.gc();
      },
    });
    context.toasts.show(`Permanently deleted ${nameTasks([task])}.`);
  } catch (error) {
    showFailure(context, error);
  }
}

/** Permanently deletes all tasks and lists in the trash. */
export async function emptyTrash(context: ActionContext): Promise<void> {
  try {
    await context.client.mutate({ mutation: EmptyTrashDocument });
    await context.client.refetchQueries({ include: 'active' });
    context.toasts.show('Emptied the trash.');
  } catch (error) {
    showFailure(context, error);
  }
}

function sendDelete({ client, timeZone }: ActionContext, tasks: Tasks, deletedAt: string) {
  const ids = tasks.map(({ id }) => id);
  return client.mutate({
    mutation: DeleteTasksDocument,
    variables: { input: { ids } },
    optimisticResponse: {
      __typename: 'Mutation',
      deleteTasks: {
        __typename: 'DeleteTasksPayload',
        deletedIds: ids,
        tasks: tasks.map((task) => ({ ...task, deletedAt })),
      },
    },
    update(cache, { data }) {
      const answer = data?.deleteTasks;
      if (!answer) return;
      applyChanges(cache, tasks, answer.tasks, timeZone);
      applyToOthers(cache, answer.deletedIds, answer.tasks, deletedAt, timeZone);
    },
  });
}

function sendRestore(context: ActionContext, tasks: Tasks) {
  const { client, timeZone } = context;
  const current = currentTasks(context, tasks);
  const ids = tasks.map(({ id }) => id);
  return client.mutate({
    mutation: RestoreTasksDocument,
    variables: { input: { ids } },
    optimisticResponse: {
      __typename: 'Mutation',
      restoreTasks: {
        __typename: 'RestoreTasksPayload',
        restoredIds: ids,
        tasks: current.map((task) => ({ ...task, deletedAt: null, list: listAfterRestore(task) })),
      },
    },
    update(cache, { data }) {
      const answer = data?.restoreTasks;
      if (!answer) return;
      applyChanges(cache, current, answer.tasks, timeZone);
      applyToOthers(cache, answer.restoredIds, answer.tasks, null, timeZone);
    },
  });
}

/** Subtasks that were deleted or restored with their task; the response has only their ids. */
function applyToOthers(
  cache: ApolloCache,
  ids: readonly string[],
  answered: readonly TaskRowFragment[],
  deletedAt: string | null,
  timeZone: string,
): void {
  for (const id of ids) {
    const before = answered.some((task) => task.id === id) ? null : readTask(cache, id);
    if (!before) continue;
    const after = { ...before, deletedAt, list: deletedAt === null ? listAfterRestore(before) : before.list };
    const list = (existing: unknown) => (after.list === before.list ? existing : null);
    cache.modify({ id: `Task:${id}`, fields: { deletedAt: () => deletedAt, list } });
    applyChange(cache, { before, after }, timeZone);
  }
}

/** A task that is restored without its list moves to the inbox. */
function listAfterRestore({ list }: TaskRowFragment): TaskRowFragment['list'] {
  return list?.deletedAt ? null : list;
}
