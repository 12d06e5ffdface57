import { CreateTaskDocument, type TaskRowFragment } from '../../generated/graphql.ts';
import { serverClock } from '../../graphql/server-clock.ts';
import { applyChanges } from '../cache/cached-lists.ts';
import type { ActionContext } from './action-context.ts';

/** A task from quick add: its title, and values from the view that it is added in. */
export interface NewTask {
  readonly id: string;
  readonly title: string;
  readonly due: { readonly date: string } | null;
  readonly list: TaskRowFragment['list'];
  readonly labels: TaskRowFragment['labels'];
  readonly parent: TaskRowFragment['parent'];
}

/** Shows the task at once. A retry with the same id creates no second task. Throws errors. */
export async function createTask({ client, timeZone }: ActionContext, task: NewTask): Promise<void> {
  const { id, title, due, list, parent, labels } = task;
  await client.mutate({
    mutation: CreateTaskDocument,
    variables: {
      input: {
        id,
        title,
        ...(due && { due }),
        // A subtask gets the list of its parent.
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
    position: '~', // the last printable ASCII character, so that it is sorted after its siblings
    version: 1,
    createdAt: now,
    updatedAt: now,
    deletedAt: null,
  };
}
