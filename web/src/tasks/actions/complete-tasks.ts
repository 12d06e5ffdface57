import { CompleteTasksDocument, ReopenTasksDocument, type TaskRowFragment } from '../../generated/graphql.ts';
import { serverClock } from '../../graphql/server-clock.ts';
import { applyChanges } from '../cache/cached-lists.ts';
import { nameTasks } from '../task.ts';
import { type ActionContext, currentTasks, inBatches } from './action-context.ts';

type Tasks = readonly TaskRowFragment[];

/** Shows tasks as completed at once, and as open again if the server rejects it. */
export async function completeTasks(context: ActionContext, tasks: Tasks): Promise<void> {
  const done = await inBatches(context, tasks, (bulk) => sendComplete(context, bulk));
  if (done.length === 0) return;
  const undo = { label: 'Undo', run: () => reopenTasks(context, done) };
  context.toasts.show(`Completed ${nameTasks(done, tasks)}.`, undo);
}

export async function reopenTasks(context: ActionContext, tasks: Tasks): Promise<void> {
  await inBatches(context, tasks, (bulk) => sendReopen(context, bulk));
}

function sendComplete({ client, timeZone }: ActionContext, tasks: Tasks) {
  return client.mutate({
    mutation: CompleteTasksDocument,
    variables: { input: { ids: tasks.map(({ id }) => id) } },
    optimisticResponse: {
      __typename: 'Mutation',
      completeTasks: { __typename: 'CompleteTasksPayload', tasks: tasks.map(completed) },
    },
    update: (cache, { data }) => applyChanges(cache, tasks, data?.completeTasks?.tasks ?? [], timeZone),
  });
}

function sendReopen(context: ActionContext, tasks: Tasks) {
  const { client, timeZone } = context;
  const current = currentTasks(context, tasks);
  const opened = current.map((task) => ({ ...task, completed: false, completedAt: null }));
  return client.mutate({
    mutation: ReopenTasksDocument,
    variables: { input: { ids: tasks.map(({ id }) => id) } },
    optimisticResponse: {
      __typename: 'Mutation',
      reopenTasks: { __typename: 'ReopenTasksPayload', tasks: opened },
    },
    update: (cache, { data }) => applyChanges(cache, current, data?.reopenTasks?.tasks ?? [], timeZone),
  });
}

function completed(task: TaskRowFragment): TaskRowFragment {
  const now = new Date(serverClock.now()).toISOString();
  return { ...task, completed: true, completedAt: now, updatedAt: now };
}
