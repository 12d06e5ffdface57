import { Field, ID, InputType } from 'type-graphql';
import { Ids, OptionalId } from '../../graphql/inputs/field-rules.ts';
import { LabelIds, withTaskFields } from '../task.inputs.ts';

@InputType()
abstract class TasksInput {
  @Field(() => [ID], { description: '1 to 100 tasks. All of them are changed, or none.' })
  @Ids({ max: 100 })
  ids!: string[];
}

const TaskFields = withTaskFields(Object, {
  priority: 'null clears it to NONE.',
  due: 'When they are due, as a whole; null clears it.',
});

@InputType({ description: 'What to change of several tasks: a field left out stays as it is.' })
export class TaskChangesInput extends TaskFields {
  @Field(() => [ID], { nullable: true, description: 'Labels to add to those that each has.' })
  @LabelIds()
  addLabelIds?: string[] | null;

  @Field(() => [ID], { nullable: true, description: 'Labels to take off.' })
  @LabelIds()
  removeLabelIds?: string[] | null;
}

@InputType({ description: 'Tasks to be changed alike.' })
export class UpdateTasksInput extends TasksInput {
  @Field(() => TaskChangesInput, { description: 'What to change.' })
  set!: TaskChangesInput;
}

@InputType({ description: 'Tasks to be put into one place, in the order in which they are named.' })
export class MoveTasksInput extends TasksInput {
  @Field(() => ID, { nullable: true, description: 'As for one task.' })
  @OptionalId()
  listId?: string | null;

  @Field(() => ID, { nullable: true, description: 'As for one task.' })
  @OptionalId()
  parentId?: string | null;

  @Field(() => ID, { nullable: true, description: 'The sibling that the first of them comes right after.' })
  @OptionalId()
  afterId?: string | null;

  @Field(() => ID, { nullable: true, description: 'The sibling that the last of them comes right before.' })
  @OptionalId()
  beforeId?: string | null;
}

@InputType({ description: 'Tasks to be completed.' })
export class CompleteTasksInput extends TasksInput {}

@InputType({ description: 'Completed tasks to be opened again.' })
export class ReopenTasksInput extends TasksInput {}

@InputType({ description: 'Tasks to be put in the trash.' })
export class DeleteTasksInput extends TasksInput {}

@InputType({ description: 'Tasks to be taken out of the trash.' })
export class RestoreTasksInput extends TasksInput {}
