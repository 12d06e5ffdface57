import { Arg, Authorized, Ctx, Mutation, Resolver } from 'type-graphql';
import { type Context, CurrentViewer, type Viewer } from '../graphql/context.ts';
import { CompleteTasksInput, DeleteTasksInput, ReopenTasksInput, RestoreTasksInput } from './task.inputs.ts';
import { CompleteTasksPayload, DeleteTasksPayload, ReopenTasksPayload, RestoreTasksPayload } from './task.payloads.ts';
import { completeTasks, deleteTasks, reopenTasks, restoreTasks } from './tasks.ts';

@Resolver()
export class TaskBulkResolver {
  @Authorized()
  @Mutation(() => CompleteTasksPayload, {
    nullable: true,
    description: 'Marks tasks as done. NOT_FOUND names every bad index.',
  })
  async completeTasks(
    @Arg('input', () => CompleteTasksInput, { description: 'Which tasks.' }) input: CompleteTasksInput,
    @Ctx() { database }: Context,
    @CurrentViewer() viewer: Viewer,
  ): Promise<CompleteTasksPayload> {
    return { tasks: await database.change((em) => completeTasks(em, viewer, input)) };
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
  ): Promise<ReopenTasksPayload> {
    return { tasks: await database.change((em) => reopenTasks(em, viewer, input)) };
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
  ): Promise<DeleteTasksPayload> {
    const tasks = await database.change((em) => deleteTasks(em, viewer, input));
    return { tasks, deletedIds: tasks.map(({ id }) => id) };
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
  ): Promise<RestoreTasksPayload> {
    const tasks = await database.change((em) => restoreTasks(em, viewer, input));
    return { tasks, restoredIds: tasks.map(({ id }) => id) };
  }
}
