import { Field, ID, ObjectType } from 'type-graphql';
import { connectionOf } from '../read/pages/connection.ts';
import { Task } from './task.entity.ts';

export const TaskConnection = connectionOf(Task);

/** A task with the selected fields. */
type TaskRow = Readonly<Record<string, unknown>>;

@ObjectType({ simpleResolvers: true, description: 'The task that was created.' })
export class CreateTaskPayload {
  @Field(() => Task, { description: 'The new task.' })
  task!: TaskRow;
}

/** Read in the transaction that changed it, so it exists. */
@ObjectType({ simpleResolvers: true })
abstract class ChangedTaskPayload {
  @Field(() => Task, { description: 'The task as it is now.' })
  task!: TaskRow | null;
}

@ObjectType({ simpleResolvers: true })
abstract class ChangedTasksPayload {
  @Field(() => [Task], { description: 'The tasks as they are now, in the order of the input.' })
  tasks!: TaskRow[];
}

@ObjectType({ simpleResolvers: true, description: 'The task after the change.' })
export class UpdateTaskPayload extends ChangedTaskPayload {}

@ObjectType({ simpleResolvers: true, description: 'The completed task.' })
export class CompleteTaskPayload extends ChangedTaskPayload {}

@ObjectType({ simpleResolvers: true, description: 'The reopened task.' })
export class ReopenTaskPayload extends ChangedTaskPayload {}

@ObjectType({ simpleResolvers: true, description: 'The task at its new location.' })
export class MoveTaskPayload extends ChangedTaskPayload {}

@ObjectType({ simpleResolvers: true, description: 'The task in the trash.' })
export class DeleteTaskPayload extends ChangedTaskPayload {
  @Field(() => [ID], {
    description: 'The ids of all tasks that are in the trash because of this, to be evicted from caches.',
  })
  deletedIds!: string[];
}

@ObjectType({ simpleResolvers: true, description: 'The restored task.' })
export class RestoreTaskPayload extends ChangedTaskPayload {
  @Field(() => [ID], { description: 'The ids of all tasks that were restored with it.' })
  restoredIds!: string[];
}

@ObjectType({ simpleResolvers: true, description: 'The purged tasks.' })
export class PurgeTaskPayload {
  @Field(() => [ID], { description: 'The ids of all tasks that were removed.' })
  purgedIds!: string[];
}

@ObjectType({ simpleResolvers: true, description: 'The tasks that were created.' })
export class CreateTasksPayload extends ChangedTasksPayload {}

@ObjectType({ simpleResolvers: true, description: 'The tasks after the change.' })
export class UpdateTasksPayload extends ChangedTasksPayload {}

@ObjectType({ simpleResolvers: true, description: 'The tasks at their new locations.' })
export class MoveTasksPayload extends ChangedTasksPayload {}

@ObjectType({ simpleResolvers: true, description: 'The completed tasks.' })
export class CompleteTasksPayload extends ChangedTasksPayload {}

@ObjectType({ simpleResolvers: true, description: 'The reopened tasks.' })
export class ReopenTasksPayload extends ChangedTasksPayload {}

@ObjectType({ simpleResolvers: true, description: 'The tasks in the trash.' })
export class DeleteTasksPayload extends ChangedTasksPayload {
  @Field(() => [ID], {
    description: 'The ids of all tasks that are in the trash because of this, to be evicted from caches.',
  })
  deletedIds!: string[];
}

@ObjectType({ simpleResolvers: true, description: 'The restored tasks.' })
export class RestoreTasksPayload extends ChangedTasksPayload {
  @Field(() => [ID], { description: 'The ids of all tasks that were restored with them.' })
  restoredIds!: string[];
}
