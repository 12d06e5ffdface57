import type { Day } from '../days/days.ts';
import { type TaskRowFragment, UpdateTasksDocument } from '../generated/graphql.ts';
import { type ActionContext, applyAll, currentTasks, inBulks, nameTasks, tellFailure } from './action-context.ts';

type Tasks = readonly TaskRowFragment[];
type Due = TaskRowFragment['due'];

/** To a day as a whole: the times that have passed go. */
export async function rescheduleTasks(context: ActionContext, tasks: Tasks, date: Day): Promise<void> {
  const due: Due = { __typename: 'Due', date, time: null, timeZone: null, at: null };
  try {
    await inBulks(tasks, (bulk) => sendDue(context, bulk, due));
    const undo = { label: 'Undo', run: () => giveBack(context, tasks) };
    context.toasts.tell(`${nameTasks(tasks)}: due today.`, undo);
  } catch (error) {
    tellFailure(context, error);
  }
}

/** To each task the due that it had. */
async function giveBack(context: ActionContext, tasks: Tasks): Promise<void> {
  const groups = Map.groupBy(tasks, ({ due }) => JSON.stringify(due));
  try {
    for (const group of groups.values()) {
      await inBulks(group, (bulk) => sendDue(context, bulk, group[0]?.due ?? null));
    }
  } catch (error) {
    tellFailure(context, error);
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
    update: (cache, { data }) => applyAll(cache, current, data?.updateTasks?.tasks ?? [], timeZone),
  });
}
