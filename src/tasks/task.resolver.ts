import { Arg, Args, Authorized, Ctx, Mutation, Query, Resolver } from 'type-graphql';
import type { Reader } from '../database/database.ts';
import { type Context, CurrentViewer, type Viewer } from '../graphql/context.ts';
import type { Page } from '../graphql/pages/connection.ts';
import type { Keyed } from '../graphql/pages/page-request.ts';
import { required } from '../graphql/record-problems.ts';
import { Selected, type Selection, selectionAt } from '../graphql/selection.ts';
import { setCompleted } from './complete-task.ts';
import { createTask } from './create-task.ts';
import { moveTasks } from './move-task.ts';
import { purgeTask } from './purge-task.ts';
import { Task } from './task.entity.ts';
import {
  CompleteTaskInput,
  CreateTaskInput,
  DeleteTaskInput,
  MoveTaskInput,
  PurgeTaskInput,
  ReopenTaskInput,
  RestoreTaskInput,
  TaskArgs,
  UpdateTaskInput,
} from './task.inputs.ts';
import {
  CompleteTaskPayload,
  CreateTaskPayload,
  DeleteTaskPayload,
  MoveTaskPayload,
  PurgeTaskPayload,
  ReopenTaskPayload,
  RestoreTaskPayload,
  TaskConnection,
  UpdateTaskPayload,
} from './task.payloads.ts';
import { TasksArgs } from './task-page.inputs.ts';
import { findTask, findTasks } from './task-queries.ts';
import { updateTask } from './tasks.ts';
import { deleteTasks, restoreTasks } from './trash.ts';

@Resolver()
export class TaskResolver {
  @Authorized()
  @Query(() => Task, {
    nullable: true,
    description: 'One of your tasks, in the trash or not; null where you have none of that id.',
  })
  task(
    @Args(() => TaskArgs) { id }: TaskArgs,
    @Ctx() { database }: Context,
    @CurrentViewer() viewer: Viewer,
    @Selected() selection: Selection,
  ): Promise<object | null> {
    return findTask(database, viewer, id, selection);
  }

  @Authorized()
  @Query(() => TaskConnection, { nullable: true, description: 'Your tasks that are not in the trash, newest first.' })
  tasks(
    @Args(() => TasksArgs) args: TasksArgs,
    @Ctx() { database }: Context,
    @CurrentViewer() viewer: Viewer,
    @Selected() selection: Selection,
  ): Promise<Page<Keyed>> {
    return findTasks(database, viewer, args, selection);
  }

  @Authorized()
  @Mutation(() => CreateTaskPayload, {
    nullable: true,
    description: 'Makes a task. CONFLICT, NOT_FOUND, LIMIT_EXCEEDED.',
  })
  async createTask(
    @Arg('input', () => CreateTaskInput, { description: 'The task.' }) input: CreateTaskInput,
    @Ctx() { database }: Context,
    @CurrentViewer() viewer: Viewer,
    @Selected() selection: Selection,
  ): Promise<CreateTaskPayload> {
    return { task: await createTask(database, viewer, input, selectionAt(selection, 'task')) };
  }

  @Authorized()
  @Mutation(() => UpdateTaskPayload, {
    nullable: true,
    description: 'Changes the fields that are given. NOT_FOUND, STALE_VERSION, LIMIT_EXCEEDED.',
  })
  async updateTask(
    @Arg('input', () => UpdateTaskInput, { description: 'The task and what to change.' }) input: UpdateTaskInput,
    @Ctx() { database }: Context,
    @CurrentViewer() viewer: Viewer,
    @Selected() selection: Selection,
  ): Promise<UpdateTaskPayload> {
    return database.change(viewer, async (_em, transaction, reader) => {
      await updateTask(transaction, viewer, input);
      return { task: await changedTask(reader, viewer, input, selection) };
    });
  }

  @Authorized()
  @Mutation(() => CompleteTaskPayload, { nullable: true, description: 'Marks a task as done. NOT_FOUND.' })
  async completeTask(
    @Arg('input', () => CompleteTaskInput, { description: 'Which task.' }) input: CompleteTaskInput,
    @Ctx() { database }: Context,
    @CurrentViewer() viewer: Viewer,
    @Selected() selection: Selection,
  ): Promise<CompleteTaskPayload> {
    return { task: await setCompleted(database, viewer, input.id, true, selectionAt(selection, 'task')) };
  }

  @Authorized()
  @Mutation(() => ReopenTaskPayload, { nullable: true, description: 'Marks a task as open again. NOT_FOUND.' })
  async reopenTask(
    @Arg('input', () => ReopenTaskInput, { description: 'Which task.' }) input: ReopenTaskInput,
    @Ctx() { database }: Context,
    @CurrentViewer() viewer: Viewer,
    @Selected() selection: Selection,
  ): Promise<ReopenTaskPayload> {
    return { task: await setCompleted(database, viewer, input.id, false, selectionAt(selection, 'task')) };
  }

  @Authorized()
  @Mutation(() => MoveTaskPayload, {
    nullable: true,
    description:
      'Puts a task, its subtasks with it, into a list, below a task, and to a place there, in one step. NOT_FOUND, ' +
      'BAD_USER_INPUT, LIMIT_EXCEEDED.',
  })
  async moveTask(
    @Arg('input', () => MoveTaskInput, { description: 'The task and where to.' }) input: MoveTaskInput,
    @Ctx() { database }: Context,
    @CurrentViewer() viewer: Viewer,
    @Selected() selection: Selection,
  ): Promise<MoveTaskPayload> {
    return database.change(viewer, async (_em, transaction, reader) => {
      await moveTasks(transaction, viewer, input);
      return { task: await changedTask(reader, viewer, input, selection) };
    });
  }

  @Authorized()
  @Mutation(() => DeleteTaskPayload, {
    nullable: true,
    description: 'Puts a task in the trash, its subtasks with it. NOT_FOUND, STALE_VERSION.',
  })
  async deleteTask(
    @Arg('input', () => DeleteTaskInput, { description: 'Which task.' }) input: DeleteTaskInput,
    @Ctx() { database }: Context,
    @CurrentViewer() viewer: Viewer,
    @Selected() selection: Selection,
  ): Promise<DeleteTaskPayload> {
    return database.change(viewer, async (_em, transaction, reader) => {
      const deletedIds = await deleteTasks(transaction, viewer, input);
      return { task: await changedTask(reader, viewer, input, selection), deletedIds };
    });
  }

  @Authorized()
  @Mutation(() => RestoreTaskPayload, {
    nullable: true,
    description:
      'Takes a task, and the subtasks that went with it, out of the trash, back to its place; where its list is in the ' +
      'trash, to the end of the inbox. NOT_FOUND, LIMIT_EXCEEDED.',
  })
  async restoreTask(
    @Arg('input', () => RestoreTaskInput, { description: 'Which task.' }) input: RestoreTaskInput,
    @Ctx() { database }: Context,
    @CurrentViewer() viewer: Viewer,
    @Selected() selection: Selection,
  ): Promise<RestoreTaskPayload> {
    return database.change(viewer, async (_em, transaction, reader) => {
      const restoredIds = await restoreTasks(transaction, viewer, input);
      return { task: await changedTask(reader, viewer, input, selection), restoredIds };
    });
  }

  @Authorized()
  @Mutation(() => PurgeTaskPayload, {
    nullable: true,
    description:
      'Removes a task in the trash and its subtasks for good. NOT_FOUND, BAD_USER_INPUT where it is not in the trash.',
  })
  async purgeTask(
    @Arg('input', () => PurgeTaskInput, { description: 'Which task.' }) input: PurgeTaskInput,
    @Ctx() { database }: Context,
    @CurrentViewer() viewer: Viewer,
  ): Promise<PurgeTaskPayload> {
    return {
      purgedIds: await database.change(viewer, (em, transaction) => purgeTask(em, transaction, viewer, input.id)),
    };
  }
}

/** The selected fields of the task that a mutation has changed. */
async function changedTask(
  reader: Reader,
  viewer: Viewer,
  { id }: { readonly id: string },
  selection: Selection,
): Promise<Record<string, unknown>> {
  return required('task', await findTask(reader, viewer, id, selectionAt(selection, 'task')));
}
