import { MoveTasksDocument, type MoveTasksInput, type TaskRowFragment } from '../generated/graphql.ts';
import { type ActionContext, currentTasks, inBulks, nameTasks, tellFailure } from './action-context.ts';
import { applyChange } from './cached-lists.ts';
import type { Gap } from './gaps.ts';

type Tasks = readonly TaskRowFragment[];
type List = TaskRowFragment['list'];

export async function reorderTask(context: ActionContext, task: TaskRowFragment, gap: Gap): Promise<void> {
  const place = gap.afterId === null ? { beforeId: gap.beforeId } : { afterId: gap.afterId };
  try {
    await sendMove(context, [task], place, [task], gap.afterId);
  } catch (error) {
    tellFailure(context, error);
  }
}

/** To the end of the top level of a list, or of the inbox. */
export async function moveToList(context: ActionContext, tasks: Tasks, list: List): Promise<void> {
  try {
    await inBulks(tasks, (bulk) => {
      const moved = bulk.map((task) => ({ ...task, list, parent: null, position: '~' }));
      return sendMove(context, bulk, { listId: list?.id ?? null, parentId: null }, moved);
    });
    const undo = { label: 'Undo', run: () => moveBack(context, tasks) };
    context.toasts.tell(`Moved ${nameTasks(tasks)} to ${list?.name ?? 'the inbox'}.`, undo);
  } catch (error) {
    tellFailure(context, error);
  }
}

/** Each to the list and parent that it came from. */
async function moveBack(context: ActionContext, tasks: Tasks): Promise<void> {
  const groups = Map.groupBy(tasks, ({ list, parent }) => `${list?.id} ${parent?.id}`);
  try {
    for (const group of groups.values()) {
      const { list, parent } = group[0] ?? {};
      const place = { listId: list?.id ?? null, parentId: parent?.id ?? null };
      await inBulks(group, (bulk) => sendMove(context, bulk, place, bulk));
    }
  } catch (error) {
    tellFailure(context, error);
  }
}

function sendMove(
  context: ActionContext,
  tasks: Tasks,
  place: Omit<MoveTasksInput, 'ids'>,
  moved: Tasks,
  afterId?: string | null,
) {
  const { client, timeZone } = context;
  const current = currentTasks(context, tasks);
  return client.mutate({
    mutation: MoveTasksDocument,
    variables: { input: { ids: tasks.map(({ id }) => id), ...place } },
    optimisticResponse: { __typename: 'Mutation', moveTasks: { __typename: 'MoveTasksPayload', tasks: [...moved] } },
    update(cache, { data }) {
      for (const after of data?.moveTasks?.tasks ?? []) {
        const before = current.find(({ id }) => id === after.id) ?? null;
        applyChange(cache, { before, after, ...(afterId !== undefined && { afterId }) }, timeZone);
      }
    },
  });
}
