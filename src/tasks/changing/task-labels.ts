import { sql } from 'kysely';
import type { Change } from '../../database/database.ts';
import { badUserInput, type FieldProblem, notFound, unknownId } from '../../errors.ts';
import { maximumLabels } from '../task.entity.ts';
import { limitExceeded } from '../tree/task-tree.ts';

/** Either all labels, or those to add and to remove. */
export interface LabelChange {
  readonly labelIds?: readonly string[] | null | undefined;
  readonly addLabelIds?: readonly string[] | null | undefined;
  readonly removeLabelIds?: readonly string[] | null | undefined;
}

/**
 * Changes the labels of locked tasks. Errors: NOT_FOUND with every bad index, LIMIT_EXCEEDED.
 * @param path of the change in the input @returns the ids of the tasks that have changed
 */
export async function changeLabels(
  db: Change,
  taskIds: readonly string[],
  change: LabelChange,
  path: FieldProblem['path'] = ['input'],
): Promise<Set<string>> {
  requireOneWay(change, path);
  const { labelIds, addLabelIds, removeLabelIds } = change;
  if (labelIds === undefined && !addLabelIds?.length && !removeLabelIds?.length) return new Set();
  await requireLabels(db, change, path);
  const current = await labelsOf(db, taskIds);
  const changes = taskIds.map((taskId) => {
    const before = current.get(taskId) ?? new Set<string>();
    const wanted = labelIds === undefined ? before.union(new Set(addLabelIds)) : new Set(labelIds);
    const after = wanted.difference(new Set(removeLabelIds));
    if (after.size > maximumLabels) throw limitExceeded(`A task can have at most ${maximumLabels} labels.`);
    return { taskId, added: [...after.difference(before)], removed: [...before.difference(after)] };
  });
  await unlink(
    db,
    changes.flatMap(({ taskId, removed }) => removed.map((labelId) => ({ taskId, labelId }))),
  );
  await link(
    db,
    changes.flatMap(({ taskId, added }) => added.map((labelId) => ({ taskId, labelId }))),
  );
  const changed = changes.filter(({ added, removed }) => added.length + removed.length > 0);
  return new Set(changed.map(({ taskId }) => taskId));
}

function requireOneWay({ labelIds, addLabelIds, removeLabelIds }: LabelChange, path: FieldProblem['path']): void {
  if (labelIds === undefined || (!addLabelIds && !removeLabelIds)) return;
  const message = 'Give either labelIds, or addLabelIds and removeLabelIds.';
  throw badUserInput([{ path: [...path, 'labelIds'], code: 'NOT_WITH_OTHERS', message }]);
}

async function requireLabels(db: Change, change: LabelChange, path: FieldProblem['path']): Promise<void> {
  const missing = await missingLabels(db, namedLabels(change, path));
  if (missing.length > 0) throw notFound(...missing);
}

/** A label in an input. */
interface NamedLabel {
  readonly id: string;
  readonly path: FieldProblem['path'];
}

export function namedLabels(change: LabelChange, path: FieldProblem['path']): NamedLabel[] {
  return (['labelIds', 'addLabelIds', 'removeLabelIds'] as const).flatMap((field) =>
    (change[field] ?? []).map((id, index) => ({ id, path: [...path, field, index] })),
  );
}

/** Locks the labels until the transaction ends, so that none is deleted before its link is written. @returns the missing ones */
export async function missingLabels(db: Change, named: readonly NamedLabel[]): Promise<FieldProblem[]> {
  if (named.length === 0) return [];
  const ids = [...new Set(named.map(({ id }) => id))].sort();
  const { rows } = await sql<{ id: string }>`
    select id from label where user_id = ${db.viewer.id} and id = any(${ids}::uuid[]) and purged_at is null
    order by id for share`.execute(db.kysely);
  const known = new Set(rows.map(({ id }) => id));
  return named.filter(({ id }) => !known.has(id)).map((label) => unknownId('label', label.path));
}

async function labelsOf(db: Change, taskIds: readonly string[]): Promise<Map<string, Set<string>>> {
  const { rows } = await sql<Link>`
    select task_id as "taskId", label_id as "labelId"
    from task_label join label on label.user_id = task_label.user_id and label.id = task_label.label_id
    where task_label.user_id = ${db.viewer.id} and task_id = any(${taskIds}::uuid[]) and label.purged_at is null`.execute(
    db.kysely,
  );
  const byTask = Map.groupBy(rows, ({ taskId }) => taskId);
  return new Map([...byTask].map(([taskId, links]) => [taskId, new Set(links.map(({ labelId }) => labelId))]));
}

interface Link {
  readonly taskId: string;
  readonly labelId: string;
}

/** Adds labels that the tasks do not have yet. */
export async function link(db: Change, links: readonly Link[]): Promise<void> {
  if (links.length === 0) return;
  await sql`
    insert into task_label (user_id, task_id, label_id, created_at)
    select task.user_id, task.id, link.label, task.created_at
    from unnest(${links.map(({ taskId }) => taskId)}::uuid[], ${links.map(({ labelId }) => labelId)}::uuid[])
      as link(task, label)
    join task on task.user_id = ${db.viewer.id} and task.id = link.task`.execute(db.kysely);
}

async function unlink(db: Change, links: readonly Link[]): Promise<void> {
  if (links.length === 0) return;
  await sql`
    delete from task_label using unnest(${links.map(({ taskId }) => taskId)}::uuid[],
      ${links.map(({ labelId }) => labelId)}::uuid[]) as gone(task, label)
    where user_id = ${db.viewer.id} and task_id = gone.task and label_id = gone.label`.execute(db.kysely);
}
