import { CreateTaskDocument, type TaskRowFragment } from '../../generated/graphql.ts';
import { serverClock } from '../../graphql/server-clock.ts';
import { applyChanges } from '../cache/cached-lists.ts';
import type { ActionContext } from './action-context.ts';

/** A task as quick add makes it: a title, and what the view that it is added in says of it. */
export interface NewTask {
  readonly id: string;
  readonly title: string;
  readonly due: { readonly date: string } | null;
  readonly list: TaskRowFragment['list'];
  readonly labels: TaskRowFragment['labels'];
  readonly parent: TaskRowFragment['parent'];
}

/** On the screen at once. Sent again under its id, it makes no second task. What fails is thrown. */
export async function createTask({ client, timeZone }: ActionContext, task: NewTask): Promise<void> {
  const { id, title, due, list, parent, labels } = task;
  await client.mutate({
    mutation: CreateTaskDocument,
    variables: {
      input: {
        id,
        title,
        ...(due && { due }),
        // Below a parent it is in that one's list.
        ...(parent ? { parentId: parent.id } : list && { listId: list.id }),
        ...(labels.length > 0 && { labelIds: labels.map((label) => label.id) }),
      },
    },
    optimisticResponse: {
      __typename: 'Mutation',
      createTask: { __typename: 'CreateTaskPayload', task: optimisticTask(task) },
    },
    update: (cache, { data }) => applyChanges(cache, [], data?.createTask ? [data.createTask.task] : [], timeZone),
  });
}

function optimisticTask({ id, title, due, list, parent, labels }: NewTask): TaskRowFragment {
  const now = new Date(serverClock.now()).toISOString();
  return {
    __typename: 'Task',
    id,
    title: title.trim(),
    completed: false,
    completedAt: null,
    priority: 'NONE',
    due: due && { __typename: 'Due', date: due.date, time: null, timeZone: null, at: null },
    list,
    parent,
    labels,
    subtaskCount: { __typename: 'TaskConnection', totalCount: 0 },
    position: '~', // the last one of ASCII that can be seen: it comes after its siblings
    version: 1,
    createdAt: now,
    updatedAt: now,
    deletedAt: null,
  };
}
