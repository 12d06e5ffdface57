import { sql } from 'kysely';
import { v7 as uuidv7 } from 'uuid';
import type { Change, Database } from '../../database/database.ts';
import { AppError, badUserInput, type FieldProblem, notFound } from '../../errors.ts';
import type { Selection } from '../../read/selection.ts';
import { hashOf, idTaken, usedIds } from '../../records/create-idempotently.ts';
import { link, missingLabels, namedLabels } from '../changing/task-labels.ts';
import { type StoredDue, storedDue } from '../due/due.ts';
import { findTasksById } from '../reading/task-queries.ts';
import type { CreateTaskInput } from '../task.inputs.ts';
import { insertTasks } from './insert-tasks.ts';
import { locateTasks, requireRoom } from './new-task-locations.ts';
import type { CreateTasksInput } from './task-bulk.inputs.ts';

/** A task to create. */
export interface NewTask {
  readonly id: string;
  readonly input: CreateTaskInput;
  /** Of the task in the input of the mutation. */
  readonly path: FieldProblem['path'];
  readonly due: StoredDue;
  /** null if the client gave no id. */
  readonly inputHash: string | null;
}

/**
 * Creates all of the tasks or none, in their order, and returns the selected fields. Those that an earlier call created with the
 * same id and input are returned as they are now. Errors, with every bad index: BAD_USER_INPUT, CONFLICT, NOT_FOUND,
 * LIMIT_EXCEEDED.
 */
export async function createTasks(
  db: Database,
  input: CreateTasksInput,
  selection: Selection,
): Promise<Record<string, unknown>[]> {
  const tasks = newTasks(input);
  return db.change(async (change) => {
    const missing = await withoutEarlier(change, tasks);
    if (missing.length > 0) await addTasks(change, missing);
    const ids = tasks.map(({ id }) => id);
    const rows = await findTasksById(change, ids, selection);
    // An earlier call created the others, and they are being purged with their list.
    const found = new Set(rows.map(({ id }) => id));
    refuse(
      idTaken,
      tasks.filter(({ id }) => !found.has(id)),
    );
    return rows;
  });
}

/** Errors: BAD_USER_INPUT for ids that are given twice, and for dues. */
function newTasks({ tasks }: CreateTasksInput): NewTask[] {
  const problems: FieldProblem[] = [];
  const given = new Set<string>();
  const all = tasks.map((input, index) => {
    const path = ['input', 'tasks', index];
    if (input.id && given.has(input.id)) {
      problems.push({ path: [...path, 'id'], code: 'DUPLICATE', message: 'Another task of this call has this id.' });
    }
    if (input.id) given.add(input.id);
    return { id: input.id ?? uuidv7(), input, path, inputHash: input.id ? hashOf(input) : null };
  });
  const complete = all.map((task) => ({ ...task, due: dueOf(task, problems) }));
  if (problems.length > 0) throw badUserInput(problems);
  return complete;
}

function dueOf({ input, path }: Pick<NewTask, 'input' | 'path'>, problems: FieldProblem[]): StoredDue {
  try {
    return storedDue(input.due, [...path, 'due']);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    problems.push(...(error.details.fields ?? []));
    return storedDue(null, path);
  }
}

/** Leaves out what an earlier call created with the same input. Errors: CONFLICT for ids that are taken otherwise. */
async function withoutEarlier(db: Change, tasks: readonly NewTask[]): Promise<NewTask[]> {
  const ids = tasks.flatMap(({ input: { id } }) => id ?? []);
  if (ids.length === 0) return [...tasks];
  const { rows } = await sql<{ id: string; inputHash: string | null }>`
    select id, input_hash as "inputHash" from task where user_id = ${db.viewer.id} and id = any(${ids}::uuid[])`.execute(
    db.kysely,
  );
  const hashes = new Map(rows.map(({ id, inputHash }) => [id, inputHash]));
  const others = tasks.filter(({ id, inputHash }) => inputHash === null || hashes.get(id) !== inputHash);
  const used = await usedIds(db, ids);
  refuse(
    idTaken,
    others.filter(({ id }) => used.has(id)),
  );
  return others;
}

function refuse(errorAt: (...paths: FieldProblem['path'][]) => AppError, tasks: readonly NewTask[]): void {
  if (tasks.length > 0) throw errorAt(...tasks.map(({ path }) => [...path, 'id']));
}

async function addTasks(db: Change, tasks: readonly NewTask[]): Promise<void> {
  const { located, unknown, misplaced } = await locateTasks(db, tasks);
  const labels = tasks.flatMap(({ input: { labelIds }, path }) => namedLabels({ labelIds: labelIds ?? [] }, path));
  const missing = [...unknown, ...(await missingLabels(db, labels))];
  if (missing.length > 0) throw notFound(...missing);
  if (misplaced.length > 0) throw badUserInput(misplaced);
  await requireRoom(db, located);
  await insertTasks(db, located);
  await link(
    db,
    tasks.flatMap(({ id, input }) => [...new Set(input.labelIds)].map((labelId) => ({ taskId: id, labelId }))),
  );
}
