import { Field, ID, ObjectType } from 'type-graphql';
import { connectionOf } from '../read/pages/connection.ts';
import { Task } from './task.entity.ts';

export const TaskConnection = connectionOf(Task);

/** A task with the selected fields. */
type TaskRow = Readonly<Record<string, unknown>>;

@ObjectType({ simpleResolvers: true, description: 'The task that was made.' })
export class CreateTaskPayload {
  @Field(() => Task, { description: 'The new task.' })
  task!: TaskRow;
}

/** Read in the transaction that has changed it, so that it is there. */
@ObjectType({ simpleResolvers: true })
abstract class ChangedTaskPayload {
  @Field(() => Task, { description: 'The task as it is now.' })
  task!: TaskRow | null;
}

@ObjectType({ simpleResolvers: true })
abstract class ChangedTasksPayload {
  @Field(() => [Task], { description: 'The tasks as they are now, in the order in which they were named.' })
  tasks!: TaskRow[];
}

@ObjectType({ simpleResolvers: true, description: 'The task after the change.' })
export class UpdateTaskPayload extends ChangedTaskPayload {}

@ObjectType({ simpleResolvers: true, description: 'The completed task.' })
export class CompleteTaskPayload extends ChangedTaskPayload {}

@ObjectType({ simpleResolvers: true, description: 'The open task.' })
export class ReopenTaskPayload extends ChangedTaskPayload {}

@ObjectType({ simpleResolvers: true, description: 'The task in its new place.' })
export class MoveTaskPayload extends ChangedTaskPayload {}

@ObjectType({ simpleResolvers: true, description: 'The task in the trash.' })
export class DeleteTaskPayload extends ChangedTaskPayload {
  @Field(() => [ID], { description: 'All that is in the trash because of this, for caches to drop.' })
  deletedIds!: string[];
}

@ObjectType({ simpleResolvers: true, description: 'The task out of the trash.' })
export class RestoreTaskPayload extends ChangedTaskPayload {
  @Field(() => [ID], { description: 'All that came back with it.' })
  restoredIds!: string[];
}

@ObjectType({ simpleResolvers: true, description: 'What is gone.' })
export class PurgeTaskPayload {
  @Field(() => [ID], { description: 'All that was removed.' })
  purgedIds!: string[];
}

@ObjectType({ simpleResolvers: true, description: 'The tasks after the change.' })
export class UpdateTasksPayload extends ChangedTasksPayload {}

@ObjectType({ simpleResolvers: true, description: 'The tasks in their new places.' })
export class MoveTasksPayload extends ChangedTasksPayload {}

@ObjectType({ simpleResolvers: true, description: 'The completed tasks.' })
export class CompleteTasksPayload extends ChangedTasksPayload {}

@ObjectType({ simpleResolvers: true, description: 'The open tasks.' })
export class ReopenTasksPayload extends ChangedTasksPayload {}

@ObjectType({ simpleResolvers: true, description: 'The tasks in the trash.' })
export class DeleteTasksPayload extends ChangedTasksPayload {
  @Field(() => [ID], { description: 'All that is in the trash because of this, for caches to drop.' })
  deletedIds!: string[];
}

@ObjectType({ simpleResolvers: true, description: 'The tasks out of the trash.' })
export class RestoreTasksPayload extends ChangedTasksPayload {
  @Field(() => [ID], { description: 'All that came back with them.' })
  restoredIds!: string[];
}
