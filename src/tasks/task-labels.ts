import { sql } from 'kysely';
import type { Transaction } from '../database/database.ts';
import { badUserInput, type FieldProblem } from '../errors.ts';
import type { Viewer } from '../graphql/context.ts';
import { noSuch, notFound } from '../graphql/record-problems.ts';
import { maximumLabels } from './task.entity.ts';
import { tooMuch } from './task-tree.ts';

/** The whole set, or what to add to it and to take from it. */
export interface LabelChange {
  readonly labelIds?: readonly string[] | null | undefined;
  readonly addLabelIds?: readonly string[] | null | undefined;
  readonly removeLabelIds?: readonly string[] | null | undefined;
}

/**
 * Changes the labels of a task that is locked. Errors: NOT_FOUND naming each bad index, LIMIT_EXCEEDED.
 * @returns whether it makes a difference
 */
export async function changeLabels(
  transaction: Transaction,
  viewer: Viewer,
  taskId: string,
  change: LabelChange,
): Promise<boolean> {
  requireOneWay(change);
  const { labelIds, addLabelIds, removeLabelIds } = change;
  if (labelIds === undefined && !addLabelIds?.length && !removeLabelIds?.length) return false;
  await requireLabels(transaction, viewer, change);
  const current = await labelsOf(transaction, viewer, taskId);
  const wanted = labelIds === undefined ? current.union(new Set(addLabelIds)) : new Set(labelIds);
  const next = wanted.difference(new Set(removeLabelIds));
  if (next.size > maximumLabels) throw tooMuch(`A task has at most ${maximumLabels} labels.`);
  const [added, removed] = [[...next.difference(current)], [...current.difference(next)]];
  if (removed.length > 0) {
    await sql`
      delete from task_label where user_id = ${viewer.id} and task_id = ${taskId}
        and label_id = any(${removed}::uuid[])`.execute(transaction);
  }
  if (added.length > 0) {
    await sql`
      insert into task_label (user_id, task_id, label_id)
      select ${viewer.id}::uuid, ${taskId}::uuid, unnest(${added}::uuid[])`.execute(transaction);
  }
  return added.length + removed.length > 0;
}

function requireOneWay({ labelIds, addLabelIds, removeLabelIds }: LabelChange): void {
  if (labelIds === undefined || (!addLabelIds && !removeLabelIds)) return;
  const message = 'Give either all labels, or those to add and to take off.';
  throw badUserInput([{ path: ['input', 'labelIds'], code: 'NOT_WITH_OTHERS', message }]);
}

/** Held until the transaction ends, so that no label is removed between this look and the link to it. */
async function requireLabels(transaction: Transaction, viewer: Viewer, change: LabelChange): Promise<void> {
  const named = (['labelIds', 'addLabelIds', 'removeLabelIds'] as const).flatMap((field) =>
    (change[field] ?? []).map((id, index) => ({ id, path: ['input', field, index] satisfies FieldProblem['path'] })),
  );
  const ids = [...new Set(named.map(({ id }) => id))].sort();
  const { rows } = await sql<{ id: string }>`
    select id from label where user_id = ${viewer.id} and id = any(${ids}::uuid[])
    order by id for key share`.execute(transaction);
  const known = new Set(rows.map(({ id }) => id));
  const missing = named.filter(({ id }) => !known.has(id));
  if (missing.length > 0) throw notFound(...missing.map(({ path }) => noSuch('label', path)));
}

async function labelsOf(transaction: Transaction, viewer: Viewer, taskId: string): Promise<Set<string>> {
  const { rows } = await sql<{ id: string }>`
    select label_id as id from task_label where user_id = ${viewer.id} and task_id = ${taskId}`.execute(transaction);
  return new Set(rows.map(({ id }) => id));
}
