import { Arg, Args, Authorized, Ctx, Mutation, Query, Resolver } from 'type-graphql';
import { type Context, CurrentViewer, type Viewer } from '../graphql/context.ts';
import { connectionOf, type Page } from '../graphql/pages/connection.ts';
import { Selected, type Selection } from '../graphql/selection.ts';
import { createTask } from './create-task.ts';
import { Task } from './task.entity.ts';
import {
  CompleteTaskInput,
  CreateTaskInput,
  DeleteTaskInput,
  PurgeTaskInput,
  ReopenTaskInput,
  RestoreTaskInput,
  TaskArgs,
  TasksArgs,
  UpdateTaskInput,
} from './task.inputs.ts';
import {
  CompleteTaskPayload,
  CreateTaskPayload,
  DeleteTaskPayload,
  PurgeTaskPayload,
  ReopenTaskPayload,
  RestoreTaskPayload,
  UpdateTaskPayload,
} from './task.payloads.ts';
import { findTask, findTasks, type TaskRow } from './task-queries.ts';
import { completeTasks, deleteTasks, purgeTask, reopenTasks, restoreTasks, updateTask } from './tasks.ts';

const TaskConnection = connectionOf(Task);

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
  ): Promise<TaskRow | null> {
    return findTask(database, viewer, id, selection);
  }

  @Authorized()
  @Query(() => TaskConnection, { nullable: true, description: 'Your tasks that are not in the trash, newest first.' })
  tasks(
    @Args(() => TasksArgs) args: TasksArgs,
    @Ctx() { database }: Context,
    @CurrentViewer() viewer: Viewer,
    @Selected() selection: Selection,
  ): Promise<Page<TaskRow>> {
    return findTasks(database, viewer, args, selection);
  }

  @Authorized()
  @Mutation(() => CreateTaskPayload, { nullable: true, description: 'Makes a task. CONFLICT.' })
  async createTask(
    @Arg('input', () => CreateTaskInput, { description: 'The task.' }) input: CreateTaskInput,
    @Ctx() { database }: Context,
    @CurrentViewer() viewer: Viewer,
  ): Promise<CreateTaskPayload> {
    return { task: await createTask(database, viewer, input) };
  }

  @Authorized()
  @Mutation(() => UpdateTaskPayload, {
    nullable: true,
    description: 'Changes the fields that are given. NOT_FOUND, STALE_VERSION.',
  })
  async updateTask(
    @Arg('input', () => UpdateTaskInput, { description: 'The task and what to change.' }) input: UpdateTaskInput,
    @Ctx() { database }: Context,
    @CurrentViewer() viewer: Viewer,
  ): Promise<UpdateTaskPayload> {
    return { task: one(await database.change((em) => updateTask(em, viewer, input))) };
  }

  @Authorized()
  @Mutation(() => CompleteTaskPayload, { nullable: true, description: 'Marks a task as done. NOT_FOUND.' })
  async completeTask(
    @Arg('input', () => CompleteTaskInput, { description: 'Which task.' }) input: CompleteTaskInput,
    @Ctx() { database }: Context,
    @CurrentViewer() viewer: Viewer,
  ): Promise<CompleteTaskPayload> {
    return { task: one(await database.change((em) => completeTasks(em, viewer, input))) };
  }

  @Authorized()
  @Mutation(() => ReopenTaskPayload, { nullable: true, description: 'Marks a task as open again. NOT_FOUND.' })
  async reopenTask(
    @Arg('input', () => ReopenTaskInput, { description: 'Which task.' }) input: ReopenTaskInput,
    @Ctx() { database }: Context,
    @CurrentViewer() viewer: Viewer,
  ): Promise<ReopenTaskPayload> {
    return { task: one(await database.change((em) => reopenTasks(em, viewer, input))) };
  }

  @Authorized()
  @Mutation(() => DeleteTaskPayload, {
    nullable: true,
    description: 'Puts a task in the trash. NOT_FOUND, STALE_VERSION.',
  })
  async deleteTask(
    @Arg('input', () => DeleteTaskInput, { description: 'Which task.' }) input: DeleteTaskInput,
    @Ctx() { database }: Context,
    @CurrentViewer() viewer: Viewer,
  ): Promise<DeleteTaskPayload> {
    const task = one(await database.change((em) => deleteTasks(em, viewer, input)));
    return { task, deletedIds: [task.id] };
  }

  @Authorized()
  @Mutation(() => RestoreTaskPayload, { nullable: true, description: 'Takes a task out of the trash. NOT_FOUND.' })
  async restoreTask(
    @Arg('input', () => RestoreTaskInput, { description: 'Which task.' }) input: RestoreTaskInput,
    @Ctx() { database }: Context,
    @CurrentViewer() viewer: Viewer,
  ): Promise<RestoreTaskPayload> {
    const task = one(await database.change((em) => restoreTasks(em, viewer, input)));
    return { task, restoredIds: [task.id] };
  }

  @Authorized()
  @Mutation(() => PurgeTaskPayload, {
    nullable: true,
    description: 'Removes a task in the trash for good. NOT_FOUND, BAD_USER_INPUT where it is not in the trash.',
  })
  async purgeTask(
    @Arg('input', () => PurgeTaskInput, { description: 'Which task.' }) input: PurgeTaskInput,
    @Ctx() { database }: Context,
    @CurrentViewer() viewer: Viewer,
  ): Promise<PurgeTaskPayload> {
    await database.change((em) => purgeTask(em, viewer, input.id));
    return { purgedIds: [input.id] };
  }
}

/** The task of a mutation that names one. */
function one([task]: readonly Task[]): Task {
  if (!task) throw new Error('A mutation on one task answers with one.');
  return task;
}
