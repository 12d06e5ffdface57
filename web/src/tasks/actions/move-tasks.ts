import { MoveTasksDocument, type MoveTasksInput, type TaskRowFragment } from '../../generated/graphql.ts';
import type { Gap } from '../../rows/gaps.ts';
import { applyChange } from '../cache/cached-lists.ts';
import { nameTasks } from '../task.ts';
import { type ActionContext, currentTasks, inBatches, showFailure } from './action-context.ts';
import { movesBack } from './undo-move.ts';

type Tasks = readonly TaskRowFragment[];
type List = TaskRowFragment['list'];

export async function reorderTask(context: ActionContext, task: TaskRowFragment, gap: Gap): Promise<void> {
  const target = gap.afterId === null ? { beforeId: gap.beforeId } : { afterId: gap.afterId };
  try {
    await sendMove(context, [task], target, [task], gap.afterId);
  } catch (error) {
    showFailure(context, error);
  }
}

/** Moves tasks to the end of the top level of a list or the inbox. */
export async function moveToList(context: ActionContext, tasks: Tasks, list: List): Promise<void> {
  const done = await inBatches(context, tasks, (bulk) => {
    const moved = bulk.map((task) => ({ ...task, list, parent: null, position: '~' }));
    return sendMove(context, bulk, { listId: list?.id ?? null, parentId: null }, moved);
  });
  if (done.length === 0) return;
  const undo = { label: 'Undo', run: () => moveBack(context, done) };
  context.toasts.show(`Moved ${nameTasks(done, tasks)} to ${list?.name ?? 'the inbox'}.`, undo);
}

/** Moves each task back to its previous list, parent and position. */
async function moveBack(context: ActionContext, tasks: Tasks): Promise<void> {
  try {
    for (const { tasks: together, target } of await movesBack(context.client, tasks)) {
      let { afterId } = target;
      const done = await inBatches(context, together, async (bulk) => {
        await sendMove(context, bulk, { ...target, ...(afterId && { afterId }) }, bulk);
        if (afterId) afterId = bulk.at(-1)?.id;
      });
      if (done.length < together.length) return;
    }
  } catch (error) {
    showFailure(context, error);
  }
}

function sendMove(
  context: ActionContext,
  tasks: Tasks,
  target: Omit<MoveTasksInput, 'ids'>,
  moved: Tasks,
  afterId?: string | null,
) {
  const { client, timeZone } = context;
  const current = currentTasks(context, tasks);
  return client.mutate({
    mutation: MoveTasksDocument,
    variables: { input: { ids: tasks.map(({ id }) => id), ...target } },
    optimisticResponse: { __typename: 'Mutation', moveTasks: { __typename: 'MoveTasksPayload', tasks: [...moved] } },
    update(cache, { data }) {
      for (const after of data?.moveTasks?.tasks ?? []) {
        const before = current.find(({ id }) => id === after.id) ?? null;
        applyChange(cache, { before, after, ...(afterId !== undefined && { afterId }) }, timeZone);
      }
    },
  });
}
