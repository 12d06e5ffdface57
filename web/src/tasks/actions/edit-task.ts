import { CombinedGraphQLErrors } from '@apollo/client/errors';
import {
  type DueInput,
  TaskDetailDocument,
  type TaskPriority,
  type TaskRowFragment,
  UpdateDescriptionDocument,
  UpdateTaskDocument,
} from '../../generated/graphql.ts';
import { findError } from '../../graphql/problem.ts';
import { applyChanges } from '../cache/cached-lists.ts';
import { type ActionContext, showFailure } from './action-context.ts';

/** Changes properties; the last change wins. Shows errors as a toast. */
export interface PropertyChange {
  readonly priority?: TaskPriority;
  readonly due?: DueInput | null;
  readonly addLabelIds?: string[];
  readonly removeLabelIds?: string[];
}

export async function changeProperties(
  context: ActionContext,
  task: TaskRowFragment,
  change: PropertyChange,
  expected: Partial<TaskRowFragment>,
): Promise<void> {
  try {
    await sendUpdate(context, task, { ...change, id: task.id }, expected);
  } catch (error) {
    showFailure(context, error);
  }
}

/**
 * Editing text takes a while: if the task was changed in the meantime, the user decides. Throws errors.
 * @param base the text before the edit, and its version
 */
export async function renameTask(
  context: ActionContext,
  task: TaskRowFragment,
  title: string,
  base: Omit<Base, 'what'>,
): Promise<void> {
  const send = (expectedVersion: number | null) =>
    sendUpdate(context, task, { id: task.id, title, expectedVersion }, { title });
  await sendOrAsk(context, task, { what: 'title', ...base }, send);
}

/** Like `renameTask`. */
export async function changeDescription(
  context: ActionContext,
  task: TaskRowFragment,
  description: string,
  base: Omit<Base, 'what'>,
): Promise<void> {
  const send = (expectedVersion: number | null) =>
    context.client.mutate({
      mutation: UpdateDescriptionDocument,
      variables: { input: { id: task.id, description, expectedVersion } },
      update: (cache, { data }) =>
        applyChanges(cache, [task], data?.updateTask ? [data.updateTask.task] : [], context.timeZone),
    });
  await sendOrAsk(context, task, { what: 'description', ...base }, send);
}

/** A text before the edit. */
interface Base {
  readonly what: 'title' | 'description';
  readonly text: string;
  readonly version: number;
}

async function sendUpdate(
  { client, timeZone }: ActionContext,
  task: TaskRowFragment,
  input: PropertyChange & { id: string; title?: string; expectedVersion?: number | null },
  expected: Partial<TaskRowFragment>,
): Promise<void> {
  await client.mutate({
    mutation: UpdateTaskDocument,
    variables: { input },
    optimisticResponse: {
      __typename: 'Mutation',
      updateTask: { __typename: 'UpdateTaskPayload', task: { ...task, ...expected } },
    },
    update: (cache, { data }) => applyChanges(cache, [task], data?.updateTask ? [data.updateTask.task] : [], timeZone),
  });
}

async function sendOrAsk(
  context: ActionContext,
  task: TaskRowFragment,
  base: Base,
  send: (expectedVersion: number | null) => Promise<unknown>,
): Promise<void> {
  try {
    await send(base.version);
  } catch (error) {
    const isStale = CombinedGraphQLErrors.is(error) && findError(error.errors, 'STALE_VERSION') !== undefined;
    if (!isStale) throw error;
    const variables = { id: task.id };
    const { data } = await context.client.query({ query: TaskDetailDocument, variables, fetchPolicy: 'network-only' });
    const newer = data?.task;
    // If only another field has changed, there is no conflict.
    if (newer?.[base.what] === base.text) return sendOrAsk(context, task, { ...base, version: newer.version }, send);
    askWhichVersion(context, task, base.what, newer?.title, () => send(null));
  }
}

/** Asks whether to keep the newer text, which is already in the cache, or to overwrite it. */
function askWhichVersion(
  { toasts }: ActionContext,
  task: TaskRowFragment,
  what: Base['what'],
  newer: string | undefined,
  insist: () => Promise<unknown>,
): void {
  toasts.ask(
    newer && what === 'title'
      ? `The title was changed to “${newer}” on another device.`
      : `“${newer ?? task.title}” was changed on another device.`,
    { label: 'Keep mine', run: () => insist().catch((error) => toasts.showProblem(error)) },
    { label: 'Use the newer version', run: () => undefined },
  );
}
