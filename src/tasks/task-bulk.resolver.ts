import { Arg, Authorized, Ctx, Mutation, Resolver } from 'type-graphql';
import type { Reader } from '../database/database.ts';
import { type Context, CurrentViewer, type Viewer } from '../graphql/context.ts';
import { Selected, type Selection, selectionAt } from '../graphql/selection.ts';
import { moveTasks } from './move-task.ts';
import {
  CompleteTasksPayload,
  DeleteTasksPayload,
  MoveTasksPayload,
  ReopenTasksPayload,
  RestoreTasksPayload,
  UpdateTasksPayload,
} from './task.payloads.ts';
import {
  CompleteTasksInput,
  DeleteTasksInput,
  MoveTasksInput,
  ReopenTasksInput,
  RestoreTasksInput,
  UpdateTasksInput,
} from './task-bulk.inputs.ts';
import { findTasksById } from './task-queries.ts';
import { completeTasks, reopenTasks, updateTasks } from './tasks.ts';
import { deleteTasks, restoreTasks } from './trash.ts';

@Resolver()
export class TaskBulkResolver {
  @Authorized()
  @Mutation(() => UpdateTasksPayload, {
    nullable: true,
    description: 'Changes the same fields of several tasks. NOT_FOUND names every bad index; LIMIT_EXCEEDED.',
  })
  async updateTasks(
    @Arg('input', () => UpdateTasksInput, { description: 'Which tasks, and what to change.' }) input: UpdateTasksInput,
    @Ctx() { database }: Context,
    @CurrentViewer() viewer: Viewer,
    @Selected() selection: Selection,
  ): Promise<UpdateTasksPayload> {
    return database.change(viewer, async (_em, transaction, reader) => {
      await updateTasks(transaction, viewer, input);
      return { tasks: await changedTasks(reader, viewer, input, selection) };
    });
  }

  @Authorized()
  @Mutation(() => MoveTasksPayload, {
    nullable: true,
    description:
      'Puts several tasks into one place, one behind the other. NOT_FOUND names every bad index; BAD_USER_INPUT, ' +
      'LIMIT_EXCEEDED.',
  })
  async moveTasks(
    @Arg('input', () => MoveTasksInput, { description: 'Which tasks, and where to.' }) input: MoveTasksInput,
    @Ctx() { database }: Context,
    @CurrentViewer() viewer: Viewer,
    @Selected() selection: Selection,
  ): Promise<MoveTasksPayload> {
    return database.change(viewer, async (_em, transaction, reader) => {
      await moveTasks(transaction, viewer, input);
      return { tasks: await changedTasks(reader, viewer, input, selection) };
    });
  }

  @Authorized()
  @Mutation(() => CompleteTasksPayload, {
    nullable: true,
    description: 'Marks tasks as done. NOT_FOUND names every bad index.',
  })
  async completeTasks(
    @Arg('input', () => CompleteTasksInput, { description: 'Which tasks.' }) input: CompleteTasksInput,
    @Ctx() { database }: Context,
    @CurrentViewer() viewer: Viewer,
    @Selected() selection: Selection,
  ): Promise<CompleteTasksPayload> {
    return database.change(viewer, async (_em, transaction, reader) => {
      await completeTasks(transaction, viewer, input);
      return { tasks: await changedTasks(reader, viewer, input, selection) };
    });
  }

  @Authorized()
  @Mutation(() => ReopenTasksPayload, {
    nullable: true,
    description: 'Marks tasks as open again. NOT_FOUND names every bad index.',
  })
  async reopenTasks(
    @Arg('input', () => ReopenTasksInput, { description: 'Which tasks.' }) input: ReopenTasksInput,
    @Ctx() { database }: Context,
    @CurrentViewer() viewer: Viewer,
    @Selected() selection: Selection,
  ): Promise<ReopenTasksPayload> {
    return database.change(viewer, async (_em, transaction, reader) => {
      await reopenTasks(transaction, viewer, input);
      return { tasks: await changedTasks(reader, viewer, input, selection) };
    });
  }

  @Authorized()
  @Mutation(() => DeleteTasksPayload, {
    nullable: true,
    description: 'Puts tasks in the trash. NOT_FOUND names every bad index.',
  })
  async deleteTasks(
    @Arg('input', () => DeleteTasksInput, { description: 'Which tasks.' }) input: DeleteTasksInput,
    @Ctx() { database }: Context,
    @CurrentViewer() viewer: Viewer,
    @Selected() selection: Selection,
  ): Promise<DeleteTasksPayload> {
    return database.change(viewer, async (_em, transaction, reader) => {
      const deletedIds = await deleteTasks(transaction, viewer, input);
      return { tasks: await changedTasks(reader, viewer, input, selection), deletedIds };
    });
  }

  @Authorized()
  @Mutation(() => RestoreTasksPayload, {
    nullable: true,
    description: 'Takes tasks out of the trash. NOT_FOUND names every bad index.',
  })
  async restoreTasks(
    @Arg('input', () => RestoreTasksInput, { description: 'Which tasks.' }) input: RestoreTasksInput,
    @Ctx() { database }: Context,
    @CurrentViewer() viewer: Viewer,
    @Selected() selection: Selection,
  ): Promise<RestoreTasksPayload> {
    return database.change(viewer, async (_em, transaction, reader) => {
      const restoredIds = await restoreTasks(transaction, viewer, input);
      return { tasks: await changedTasks(reader, viewer, input, selection), restoredIds };
    });
  }
}

/** The selected fields of the tasks that a mutation has changed, each once, in the order in which they are named. */
function changedTasks(
  reader: Reader,
  viewer: Viewer,
  { ids }: { readonly ids: readonly string[] },
  selection: Selection,
): Promise<Record<string, unknown>[]> {
  return findTasksById(reader, viewer, [...new Set(ids)], selectionAt(selection, 'tasks'));
}
