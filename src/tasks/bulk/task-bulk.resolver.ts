import { Arg, Authorized, Ctx, Mutation, Resolver } from 'type-graphql';
import type { Context } from '../../graphql/server/context.ts';
import { Selected, type Selection } from '../../read/selection.ts';
import { completeTasks, reopenTasks } from '../changing/complete-task.ts';
import { updateTasks } from '../changing/update-task.ts';
import { findTasksById } from '../reading/task-queries.ts';
import {
  CompleteTasksPayload,
  CreateTasksPayload,
  DeleteTasksPayload,
  MoveTasksPayload,
  ReopenTasksPayload,
  RestoreTasksPayload,
  UpdateTasksPayload,
} from '../task.payloads.ts';
import { deleteTasks, restoreTasks } from '../trash/trash.ts';
import { moveTasks } from '../tree/move-task.ts';
import { createTasks } from './create-tasks.ts';
import {
  CompleteTasksInput,
  CreateTasksInput,
  DeleteTasksInput,
  MoveTasksInput,
  ReopenTasksInput,
  RestoreTasksInput,
  UpdateTasksInput,
} from './task-bulk.inputs.ts';

@Authorized()
@Resolver()
export class TaskBulkResolver {
  @Mutation(() => CreateTasksPayload, {
    nullable: true,
    description:
      'Creates several tasks, with subtasks among them. BAD_USER_INPUT, CONFLICT, NOT_FOUND and LIMIT_EXCEEDED with every ' +
      'bad index.',
  })
  async createTasks(
    @Arg('input', () => CreateTasksInput, { description: 'The tasks.' }) input: CreateTasksInput,
    @Ctx() { db }: Context,
    @Selected('tasks') selection: Selection,
  ): Promise<CreateTasksPayload> {
    return { tasks: await createTasks(db, input, selection) };
  }

  @Mutation(() => UpdateTasksPayload, {
    nullable: true,
    description: 'Changes the same fields of several tasks. NOT_FOUND with every bad index; LIMIT_EXCEEDED.',
  })
  async updateTasks(
    @Arg('input', () => UpdateTasksInput, { description: 'Which tasks, and what to change.' }) input: UpdateTasksInput,
    @Ctx() { db }: Context,
    @Selected('tasks') selection: Selection,
  ): Promise<UpdateTasksPayload> {
    return db.change(async (change) => {
      await updateTasks(change, input);
      return { tasks: await findTasksById(change, input.ids, selection) };
    });
  }

  @Mutation(() => MoveTasksPayload, {
    nullable: true,
    description:
      'Moves several tasks to one location, one after another. NOT_FOUND with every bad index; BAD_USER_INPUT, ' +
      'LIMIT_EXCEEDED.',
  })
  async moveTasks(
    @Arg('input', () => MoveTasksInput, { description: 'Which tasks, and where to move them.' }) input: MoveTasksInput,
    @Ctx() { db }: Context,
    @Selected('tasks') selection: Selection,
  ): Promise<MoveTasksPayload> {
    return db.change(async (change) => {
      await moveTasks(change, input);
      return { tasks: await findTasksById(change, input.ids, selection) };
    });
  }

  @Mutation(() => CompleteTasksPayload, {
    nullable: true,
    description: 'Marks tasks as completed. NOT_FOUND with every bad index.',
  })
  async completeTasks(
    @Arg('input', () => CompleteTasksInput, { description: 'Which tasks.' }) input: CompleteTasksInput,
    @Ctx() { db }: Context,
    @Selected('tasks') selection: Selection,
  ): Promise<CompleteTasksPayload> {
    return db.change(async (change) => {
      await completeTasks(change, input);
      return { tasks: await findTasksById(change, input.ids, selection) };
    });
  }

  @Mutation(() => ReopenTasksPayload, {
    nullable: true,
    description: 'Marks tasks as open again. NOT_FOUND with every bad index.',
  })
  async reopenTasks(
    @Arg('input', () => ReopenTasksInput, { description: 'Which tasks.' }) input: ReopenTasksInput,
    @Ctx() { db }: Context,
    @Selected('tasks') selection: Selection,
  ): Promise<ReopenTasksPayload> {
    return db.change(async (change) => {
      await reopenTasks(change, input);
      return { tasks: await findTasksById(change, input.ids, selection) };
    });
  }

  @Mutation(() => DeleteTasksPayload, {
    nullable: true,
    description: 'Moves tasks to the trash. NOT_FOUND with every bad index.',
  })
  async deleteTasks(
    @Arg('input', () => DeleteTasksInput, { description: 'Which tasks.' }) input: DeleteTasksInput,
    @Ctx() { db }: Context,
    @Selected('tasks') selection: Selection,
  ): Promise<DeleteTasksPayload> {
    return db.change(async (change) => {
      const deletedIds = await deleteTasks(change, input);
      return { tasks: await findTasksById(change, input.ids, selection), deletedIds };
    });
  }

  @Mutation(() => RestoreTasksPayload, {
    nullable: true,
    description: 'Restores tasks from the trash. NOT_FOUND with every bad index.',
  })
  async restoreTasks(
    @Arg('input', () => RestoreTasksInput, { description: 'Which tasks.' }) input: RestoreTasksInput,
    @Ctx() { db }: Context,
    @Selected('tasks') selection: Selection,
  ): Promise<RestoreTasksPayload> {
    return db.change(async (change) => {
      const restoredIds = await restoreTasks(change, input);
      return { tasks: await findTasksById(change, input.ids, selection), restoredIds };
    });
  }
}
