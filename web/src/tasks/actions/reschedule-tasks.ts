import type { Day } from '../../dates/days.ts';
import { type TaskRowFragment, UpdateTasksDocument } from '../../generated/graphql.ts';
import { applyChanges } from '../cache/cached-lists.ts';
import { loadAllTasks } from '../queries/load-all.ts';
import { nameTasks } from '../task.ts';
import { type ActionContext, currentTasks, inBatches, showFailure } from './action-context.ts';

type Tasks = readonly TaskRowFragment[];
type Due = TaskRowFragment['due'];

/** Reschedules all overdue tasks to a day, including those that are not loaded yet. Removes their times. */
export async function rescheduleOverdue(context: ActionContext, date: Day): Promise<void> {
  const due: Due = { __typename: 'Due', date, time: null, timeZone: null, at: null };
  const query = { filter: { overdue: true }, orderBy: { field: 'DUE', direction: 'ASC' } } as const;
  try {
    const tasks = await loadAllTasks(context.client, query);
    const done = await inBatches(context, tasks, (bulk) => sendDue(context, bulk, due));
    if (done.length === 0) return;
    const undo = { label: 'Undo', run: () => restoreDues(context, done) };
    context.toasts.show(`${nameTasks(done, tasks)}: due today.`, undo);
  } catch (error) {
    showFailure(context, error);
  }
}

/** Restores the previous due dates. */
async function restoreDues(context: ActionContext, tasks: Tasks): Promise<void> {
  for (const group of Map.groupBy(tasks, ({ due }) => JSON.stringify(due)).values()) {
    const done = await inBatches(context, group, (bulk) => sendDue(context, bulk, group[0]?.due ?? null));
    if (done.length < group.length) return;
  }
}

function sendDue(context: ActionContext, tasks: Tasks, due: Due) {
  const { client, timeZone } = context;
  const current = currentTasks(context, tasks);
  const input = due && { date: due.date, time: due.time, timeZone: due.timeZone };
  return client.mutate({
    mutation: UpdateTasksDocument,
    variables: { input: { ids: tasks.map(({ id }) => id), set: { due: input } } },
    optimisticResponse: {
      __typename: 'Mutation',
      updateTasks: { __typename: 'UpdateTasksPayload', tasks: current.map((task) => ({ ...task, due })) },
    },
    update: (cache, { data }) => applyChanges(cache, current, data?.updateTasks?.tasks ?? [], timeZone),
  });
}
