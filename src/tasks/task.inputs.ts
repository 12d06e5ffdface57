import { ArgsType, Field, ID, InputType } from 'type-graphql';
import { Id, Text, Trimmed } from '../graphql/input-rules.ts';
import { PageArgs } from '../graphql/pages/page-args.ts';
import { TaskPriority } from './task.entity.ts';

const title = { label: 'The title', min: 1, max: 500 };
const description = { label: 'The description', max: 20_000 };

@InputType({ description: 'A task to be made.' })
export class CreateTaskInput {
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

@InputType({ description: 'What to change of a task: a field left out stays as it is.' })
export class UpdateTaskInput extends TaskInput {
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
export class DeleteTaskInput extends TaskInput {}

@InputType({ description: 'Which tasks: all that is given must hold. null means not given.' })
export class TaskFilter {
  @Field(() => Boolean, { nullable: true, description: 'true: only completed ones, false: only open ones.' })
  completed?: boolean | null;
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
}
