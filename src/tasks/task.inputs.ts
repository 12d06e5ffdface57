import { ArgsType, Field, ID, InputType, Int, registerEnumType } from 'type-graphql';
import { Id, Ids, NewId, Text, Trimmed } from '../graphql/input-rules.ts';
import { OrderDirection } from '../graphql/pages/order-direction.ts';
import { PageArgs } from '../graphql/pages/page-args.ts';
import { TaskPriority } from './task.entity.ts';

const title = { label: 'The title', min: 1, max: 500 };
const description = { label: 'The description', max: 20_000 };

@InputType({ description: 'A task to be made.' })
export class CreateTaskInput {
  @Field(() => ID, {
    nullable: true,
    description:
      'A UUIDv7 made by the client, its time at most 24 hours ahead. It makes the call safe to repeat: the same id with ' +
      'the same input answers the task as it is now; with other input, or where the id is taken, CONFLICT.',
  })
  @NewId()
  id?: string | null;

  @Field(() => String, { description: '1 to 500 characters; white space at both ends is dropped.' })
  @Trimmed()
  @Text(title)
  title!: string;

  @Field(() => String, { nullable: true, description: 'Markdown, at most 20,000 characters.' })
  @Text({ ...description, nullable: true })
  description?: string | null;

  @Field(() => TaskPriority, { nullable: true, description: 'NONE unless given.' })
  priority?: TaskPriority | null;
}

@InputType()
abstract class TaskInput {
  @Field(() => ID, { description: 'The task.' })
  @Id()
  id!: string;
}

/** A change that can be made to depend on nobody else's having come first. */
@InputType()
abstract class VersionedTaskInput extends TaskInput {
  @Field(() => Int, {
    nullable: true,
    description: 'The version that you last saw: if the task has changed since, nothing is done, with STALE_VERSION.',
  })
  expectedVersion?: number | null;
}

@InputType({ description: 'What to change of a task: a field left out stays as it is.' })
export class UpdateTaskInput extends VersionedTaskInput {
  @Field(() => String, { nullable: true, description: '1 to 500 characters; cannot be cleared.' })
  @Trimmed()
  @Text(title)
  title?: string;

  @Field(() => String, { nullable: true, description: 'At most 20,000 characters; null clears it.' })
  @Text({ ...description, nullable: true })
  description?: string | null;

  @Field(() => TaskPriority, { nullable: true, description: 'null clears it to NONE.' })
  priority?: TaskPriority | null;
}

@InputType({ description: 'A task to be completed.' })
export class CompleteTaskInput extends TaskInput {}

@InputType({ description: 'A completed task to be opened again.' })
export class ReopenTaskInput extends TaskInput {}

@InputType({ description: 'A task to be put in the trash.' })
export class DeleteTaskInput extends VersionedTaskInput {}

@InputType({ description: 'A task to be taken out of the trash.' })
export class RestoreTaskInput extends TaskInput {}

@InputType({ description: 'A task in the trash, to be removed for good.' })
export class PurgeTaskInput extends TaskInput {}

@InputType()
abstract class TasksInput {
  @Field(() => [ID], { description: '1 to 100 tasks. All of them are changed, or none.' })
  @Ids({ max: 100 })
  ids!: string[];
}

@InputType({ description: 'Tasks to be completed.' })
export class CompleteTasksInput extends TasksInput {}

@InputType({ description: 'Completed tasks to be opened again.' })
export class ReopenTasksInput extends TasksInput {}

@InputType({ description: 'Tasks to be put in the trash.' })
export class DeleteTasksInput extends TasksInput {}

@InputType({ description: 'Tasks to be taken out of the trash.' })
export class RestoreTasksInput extends TasksInput {}

@InputType({ description: 'Which tasks: all that is given must hold. null means not given.' })
export class TaskFilter {
  @Field(() => Boolean, { nullable: true, description: 'true: only completed ones, false: only open ones.' })
  completed?: boolean | null;
}

export enum TaskOrderField {
  CREATED_AT = 'CREATED_AT',
  UPDATED_AT = 'UPDATED_AT',
  PRIORITY = 'PRIORITY',
  TITLE = 'TITLE',
}

registerEnumType(TaskOrderField, {
  name: 'TaskOrderField',
  description: 'What tasks are sorted by. Ties are broken by id.',
  valuesConfig: {
    CREATED_AT: { description: 'When they were created.' },
    UPDATED_AT: { description: 'When they were last changed.' },
    PRIORITY: { description: 'How much they press, NONE being least.' },
    TITLE: { description: 'Title by code point, the case of ASCII letters ignored.' },
  },
});

@InputType({ description: 'How to sort tasks.' })
export class TaskOrder {
  @Field(() => TaskOrderField, { description: 'What to sort by.' })
  field!: TaskOrderField;

  @Field(() => OrderDirection, { description: 'Which end comes first.' })
  direction!: OrderDirection;
}

@ArgsType()
export class TaskArgs {
  @Field(() => ID, { description: 'The id of the task.' })
  @Id()
  id!: string;
}

@ArgsType()
export class TasksArgs extends PageArgs {
  @Field(() => TaskFilter, { nullable: true, description: 'Which tasks; all that are not in the trash unless given.' })
  filter?: TaskFilter | null;

  @Field(() => TaskOrder, { nullable: true, description: 'Newest first unless given.' })
  orderBy?: TaskOrder | null;
}
