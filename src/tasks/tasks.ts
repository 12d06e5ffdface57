import { LockMode } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/postgresql';
import { v7 as uuidv7 } from 'uuid';
import { AppError, ErrorCode } from '../errors.ts';
import type { Viewer } from '../graphql/context.ts';
import { User } from '../users/user.entity.ts';
import { Task, type TaskChange, TaskPriority } from './task.entity.ts';
import type { CreateTaskInput, UpdateTaskInput } from './task.inputs.ts';

/** Makes a task of the viewer's. */
export function createTask(em: EntityManager, viewer: Viewer, input: CreateTaskInput): Task {
  const now = new Date();
  return em.create(Task, {
    user: em.getReference(User, viewer.id, { wrapped: true }),
    id: uuidv7(),
    title: input.title,
    description: input.description ?? '',
    priority: input.priority ?? TaskPriority.NONE,
    completedAt: null,
    version: 1,
    createdAt: now,
    updatedAt: now,
    deletedAt: null,
  });
}

/** Changes the fields that are given. Errors: NOT_FOUND. */
export async function updateTask(em: EntityManager, viewer: Viewer, input: UpdateTaskInput): Promise<Task> {
  const { id, title, description, priority } = input;
  return changeTask(em, viewer, id, () => ({
    ...(title === undefined ? {} : { title }),
    ...(description === undefined ? {} : { description: description ?? '' }),
    ...(priority === undefined ? {} : { priority: priority ?? TaskPriority.NONE }),
  }));
}

/** A task that is completed already keeps its completedAt. Errors: NOT_FOUND. */
export function completeTask(em: EntityManager, viewer: Viewer, id: string): Promise<Task> {
  return changeTask(em, viewer, id, ({ completedAt }) => ({ completedAt: completedAt ?? new Date() }));
}

/** Errors: NOT_FOUND. */
export function reopenTask(em: EntityManager, viewer: Viewer, id: string): Promise<Task> {
  return changeTask(em, viewer, id, () => ({ completedAt: null }));
}

/** Puts the task in the trash; one that lies there already stays as it is. Errors: NOT_FOUND. */
export function deleteTask(em: EntityManager, viewer: Viewer, id: string): Promise<Task> {
  return changeTask(em, viewer, id, ({ deletedAt }) => ({ deletedAt: deletedAt ?? new Date() }));
}

/**
 * Every change of an existing task goes through here. The row stays locked until the transaction ends, so that
 * simultaneous changes queue up instead of overwriting each other.
 */
async function changeTask(
  em: EntityManager,
  viewer: Viewer,
  id: string,
  changeOf: (task: Task) => TaskChange,
): Promise<Task> {
  const task = await em.findOne(Task, { user: viewer.id, id }, { lockMode: LockMode.PESSIMISTIC_WRITE });
  // Another user's task and one that never was are the same answer: ids cannot be probed.
  if (!task) throw new AppError(ErrorCode.NOT_FOUND, 'There is no such task.');
  const wasInTrash = task.deletedAt !== null;
  const hasChanged = task.change(changeOf(task));
  // Thrown after the comparison, so that a retry of what holds already still succeeds; the transaction is rolled back.
  if (hasChanged && wasInTrash) throw new AppError(ErrorCode.NOT_FOUND, 'This task is in the trash.');
  return task;
}
