import { Arg, Args, Authorized, Ctx, Mutation, Query, Resolver } from 'type-graphql';
import type { Context } from '../graphql/server/context.ts';
import type { Page } from '../read/pages/connection.ts';
import type { PageRow } from '../read/pages/page-request.ts';
import { Selected, type Selection } from '../read/selection.ts';
import { setCompleted } from './changing/complete-task.ts';
import { createTask } from './changing/create-task.ts';
import { updateTask } from './changing/update-task.ts';
import { TasksArgs } from './reading/task-page.inputs.ts';
import { findTask, findTasks } from './reading/task-queries.ts';
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
import { purgeTask } from './trash/purge-task.ts';
import { deleteTasks, restoreTasks } from './trash/trash.ts';
import { moveTasks } from './tree/move-task.ts';

@Authorized()
@Resolver()
export class TaskResolver {
  @Query(() => Task, {
    nullable: true,
    description: 'One of your tasks, even in the trash; null if you have none with this id.',
  })
  task(
    @Args(() => TaskArgs) { id }: TaskArgs,
    @Ctx() { db }: Context,
    @Selected() selection: Selection,
  ): Promise<object | null> {
    return findTask(db, id, selection);
  }

  @Query(() => TaskConnection, { nullable: true, description: 'Your tasks that are not in the trash, newest first.' })
  tasks(
    @Args(() => TasksArgs) args: TasksArgs,
    @Ctx() { db }: Context,
    @Selected() selection: Selection,
  ): Promise<Page<PageRow>> {
    return findTasks(db, args, selection);
  }

  @Mutation(() => CreateTaskPayload, {
    nullable: true,
    description: 'Creates a task. CONFLICT, NOT_FOUND, LIMIT_EXCEEDED.',
  })
  async createTask(
    @Arg('input', () => CreateTaskInput, { description: 'The task.' }) input: CreateTaskInput,
    @Ctx() { db }: Context,
    @Selected('task') selection: Selection,
  ): Promise<CreateTaskPayload> {
    return { task: await createTask(db, input, selection) };
  }

  @Mutation(() => UpdateTaskPayload, {
    nullable: true,
    description: 'Changes the fields that are given. NOT_FOUND, STALE_VERSION, LIMIT_EXCEEDED.',
  })
  async updateTask(
    @Arg('input', () => UpdateTaskInput, { description: 'The task and what to change.' }) input: UpdateTaskInput,
    @Ctx() { db }: Context,
    @Selected('task') selection: Selection,
  ): Promise<UpdateTaskPayload> {
    return db.change(async (change) => {
      await updateTask(change, input);
      return { task: await findTask(change, input.id, selection) };
    });
  }

  @Mutation(() => CompleteTaskPayload, { nullable: true, description: 'Marks a task as completed. NOT_FOUND.' })
  async completeTask(
    @Arg('input', () => CompleteTaskInput, { description: 'Which task.' }) input: CompleteTaskInput,
    @Ctx() { db }: Context,
    @Selected('task') selection: Selection,
  ): Promise<CompleteTaskPayload> {
    return { task: await setCompleted(db, input.id, true, selection) };
  }

  @Mutation(() => ReopenTaskPayload, { nullable: true, description: 'Marks a task as open again. NOT_FOUND.' })
  async reopenTask(
    @Arg('input', () => ReopenTaskInput, { description: 'Which task.' }) input: ReopenTaskInput,
    @Ctx() { db }: Context,
    @Selected('task') selection: Selection,
  ): Promise<ReopenTaskPayload> {
    return { task: await setCompleted(db, input.id, false, selection) };
  }

  @Mutation(() => MoveTaskPayload, {
    nullable: true,
    description:
      'Moves a task with its subtasks to a list, below a task, and to a position there, in one step. NOT_FOUND, ' +
      'BAD_USER_INPUT, LIMIT_EXCEEDED.',
  })
  async moveTask(
    @Arg('input', () => MoveTaskInput, { description: 'The task and where to move it.' }) input: MoveTaskInput,
    @Ctx() { db }: Context,
    @Selected('task') selection: Selection,
  ): Promise<MoveTaskPayload> {
    return db.change(async (change) => {
      await moveTasks(change, input);
      return { task: await findTask(change, input.id, selection) };
    });
  }

  @Mutation(() => DeleteTaskPayload, {
    nullable: true,
    description: 'Moves a task with its subtasks to the trash. NOT_FOUND, STALE_VERSION.',
  })
  async deleteTask(
    @Arg('input', () => DeleteTaskInput, { description: 'Which task.' }) input: DeleteTaskInput,
    @Ctx() { db }: Context,
    @Selected('task') selection: Selection,
  ): Promise<DeleteTaskPayload> {
    return db.change(async (change) => {
      const deletedIds = await deleteTasks(change, input);
      return { task: await findTask(change, input.id, selection), deletedIds };
    });
  }

  @Mutation(() => RestoreTaskPayload, {
    nullable: true,
    description:
      'Restores a task, with the subtasks that were deleted with it, to its position. If its list is in the trash, it ' +
      'moves to the end of the inbox. NOT_FOUND, LIMIT_EXCEEDED.',
  })
  async restoreTask(
    @Arg('input', () => RestoreTaskInput, { description: 'Which task.' }) input: RestoreTaskInput,
    @Ctx() { db }: Context,
    @Selected('task') selection: Selection,
  ): Promise<RestoreTaskPayload> {
    return db.change(async (change) => {
      const restoredIds = await restoreTasks(change, input);
      return { task: await findTask(change, input.id, selection), restoredIds };
    });
  }

  @Mutation(() => PurgeTaskPayload, {
    nullable: true,
    description:
      'Permanently removes a task in the trash, with its subtasks. NOT_FOUND; BAD_USER_INPUT if it is not in the trash.',
  })
  async purgeTask(
    @Arg('input', () => PurgeTaskInput, { description: 'Which task.' }) input: PurgeTaskInput,
    @Ctx() { db }: Context,
  ): Promise<PurgeTaskPayload> {
    return { purgedIds: await db.change((change) => purgeTask(change, input.id)) };
  }
}
