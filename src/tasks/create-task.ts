import { createHash } from 'node:crypto';
import type { EntityManager } from '@mikro-orm/postgresql';
import { v7 as uuidv7 } from 'uuid';
import type { Database } from '../database/database.ts';
import { takenId } from '../database/failures.ts';
import { AppError, ErrorCode } from '../errors.ts';
import type { Viewer } from '../graphql/context.ts';
import { User } from '../users/user.entity.ts';
import { Task, TaskPriority } from './task.entity.ts';
import type { CreateTaskInput } from './task.inputs.ts';

/**
 * Makes a task of the viewer's. With an id of the client's the call may be repeated: the same input answers the task as
 * it is now. Errors: CONFLICT where the id is taken, by anyone, or was made with other input.
 */
export async function createTask(database: Database, viewer: Viewer, input: CreateTaskInput): Promise<Task> {
  const { id } = input;
  if (!id) return database.insert((em) => newTask(em, viewer, input, uuidv7(), null));
  const inputHash = hashOf(input);
  try {
    return await database.change(async (em) => {
      const task = newTask(em, viewer, input, id, inputHash);
      // Stored first: the unique index makes this wait for a purge of the same id, which is then seen.
      await em.flush();
      await refuseUsed(em, id);
      return task;
    });
  } catch (error) {
    if (!(error instanceof AppError && error.code === ErrorCode.CONFLICT)) throw error;
    const existing = await database.change((em) => em.findOne(Task, { user: viewer.id, id }));
    if (existing?.inputHash !== inputHash) throw error;
    return existing;
  }
}

function newTask(
  em: EntityManager,
  viewer: Viewer,
  input: CreateTaskInput,
  id: string,
  inputHash: string | null,
): Task {
  const now = new Date();
  return em.create(Task, {
    user: em.getReference(User, viewer.id, { wrapped: true }),
    id,
    title: input.title,
    description: input.description ?? '',
    priority: input.priority ?? TaskPriority.NONE,
    completedAt: null,
    version: 1,
    createdAt: now,
    updatedAt: now,
    deletedAt: null,
    inputHash,
  });
}

/** The table's own index knows its own ids; these are the others that have been given to something. */
async function refuseUsed(em: EntityManager, id: string): Promise<void> {
  const used = await em.execute(
    'select from purged_task where id = ? union all select from "user" where id = ? union all select from session where id = ?',
    [id, id, id],
  );
  if (used.length === 0) return;
  const fields = [{ path: ['input', 'id'], code: 'TAKEN', message: takenId }];
  throw new AppError(ErrorCode.CONFLICT, takenId, { fields });
}

/** Of what is given, in a fixed order: a field that the input gains later leaves the hash of older calls alone. */
function hashOf(input: CreateTaskInput): string {
  const given = Object.entries(input).filter(([, value]) => value !== null && value !== undefined);
  return createHash('sha256').update(JSON.stringify(given.sort())).digest('base64url');
}
