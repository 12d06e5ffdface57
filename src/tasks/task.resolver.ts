import { Arg, Args, Authorized, Ctx, Field, Mutation, ObjectType, Query, Resolver } from 'type-graphql';
import { type Context, CurrentViewer, type Viewer } from '../graphql/context.ts';
import { connectionOf, type Page } from '../graphql/pages/connection.ts';
import { Selected, type Selection } from '../graphql/selection.ts';
import { Task } from './task.entity.ts';
import {
  CompleteTaskInput,
  CreateTaskInput,
  DeleteTaskInput,
  ReopenTaskInput,
  TaskArgs,
  TasksArgs,
  UpdateTaskInput,
} from './task.inputs.ts';
import { findTask, findTasks, type TaskRow } from './task-queries.ts';
import { completeTask, createTask, deleteTask, reopenTask, updateTask } from './tasks.ts';

const TaskConnection = connectionOf(Task);

@ObjectType({ simpleResolvers: true, description: 'The task that was made.' })
class CreateTaskPayload {
  @Field(() => Task, { description: 'The new task.' })
  task!: Task;
}

@ObjectType({ simpleResolvers: true })
abstract class ChangedTaskPayload {
  @Field(() => Task, { description: 'The task as it is now.' })
  task!: Task;
}

@ObjectType({ simpleResolvers: true, description: 'The task after the change.' })
class UpdateTaskPayload extends ChangedTaskPayload {}

@ObjectType({ simpleResolvers: true, description: 'The completed task.' })
class CompleteTaskPayload extends ChangedTaskPayload {}

@ObjectType({ simpleResolvers: true, description: 'The open task.' })
class ReopenTaskPayload extends ChangedTaskPayload {}

@ObjectType({ simpleResolvers: true, description: 'The task in the trash.' })
class DeleteTaskPayload extends ChangedTaskPayload {}

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
  @Mutation(() => CreateTaskPayload, { nullable: true, description: 'Makes a task.' })
  async createTask(
    @Arg('input', () => CreateTaskInput, { description: 'The task.' }) input: CreateTaskInput,
    @Ctx() { database }: Context,
    @CurrentViewer() viewer: Viewer,
  ): Promise<CreateTaskPayload> {
    return { task: await database.change(async (em) => createTask(em, viewer, input)) };
  }

  @Authorized()
  @Mutation(() => UpdateTaskPayload, { nullable: true, description: 'Changes the fields that are given. NOT_FOUND.' })
  async updateTask(
    @Arg('input', () => UpdateTaskInput, { description: 'The task and what to change.' }) input: UpdateTaskInput,
    @Ctx() { database }: Context,
    @CurrentViewer() viewer: Viewer,
  ): Promise<UpdateTaskPayload> {
    return { task: await database.change((em) => updateTask(em, viewer, input)) };
  }

  @Authorized()
  @Mutation(() => CompleteTaskPayload, { nullable: true, description: 'Marks a task as done. NOT_FOUND.' })
  async completeTask(
    @Arg('input', () => CompleteTaskInput, { description: 'Which task.' }) { id }: CompleteTaskInput,
    @Ctx() { database }: Context,
    @CurrentViewer() viewer: Viewer,
  ): Promise<CompleteTaskPayload> {
    return { task: await database.change((em) => completeTask(em, viewer, id)) };
  }

  @Authorized()
  @Mutation(() => ReopenTaskPayload, { nullable: true, description: 'Marks a task as open again. NOT_FOUND.' })
  async reopenTask(
    @Arg('input', () => ReopenTaskInput, { description: 'Which task.' }) { id }: ReopenTaskInput,
    @Ctx() { database }: Context,
    @CurrentViewer() viewer: Viewer,
  ): Promise<ReopenTaskPayload> {
    return { task: await database.change((em) => reopenTask(em, viewer, id)) };
  }

  @Authorized()
  @Mutation(() => DeleteTaskPayload, { nullable: true, description: 'Puts a task in the trash. NOT_FOUND.' })
  async deleteTask(
    @Arg('input', () => DeleteTaskInput, { description: 'Which task.' }) { id }: DeleteTaskInput,
    @Ctx() { database }: Context,
    @CurrentViewer() viewer: Viewer,
  ): Promise<DeleteTaskPayload> {
    return { task: await database.change((em) => deleteTask(em, viewer, id)) };
  }
}
