import { Field, ID, InputType } from 'type-graphql';
import { Ids, OptionalId } from '../../graphql/inputs/field-rules.ts';
import { Rule } from '../../graphql/inputs/input-rules.ts';
import { CreateTaskInput, LabelIds, withTaskFields } from '../task.inputs.ts';

@InputType()
abstract class TasksInput {
  @Field(() => [ID], { description: '1 to 100 tasks. All of them are changed, or none.' })
  @Ids({ max: 100 })
  ids!: string[];
}

const TaskFields = withTaskFields(Object, {
  priority: 'null resets it to NONE.',
  due: 'When they are due. Replaces the previous values as a whole; null clears them.',
});

@InputType({ description: 'Changes to several tasks. Fields left out stay as they are.' })
export class TaskChangesInput extends TaskFields {
  @Field(() => [ID], { nullable: true, description: 'Labels to add to each task.' })
  @LabelIds()
  addLabelIds?: string[] | null;

  @Field(() => [ID], { nullable: true, description: 'Labels to remove from each task.' })
  @LabelIds()
  removeLabelIds?: string[] | null;
}

const mostCreated = 100;

@InputType({ description: 'New tasks. They are added in this order, each after its siblings.' })
export class CreateTasksInput {
  @Field(() => [CreateTaskInput], {
    description:
      'The tasks: 1 to 100. All of them are created, or none. `parentId` may be the `id` of an earlier one. With an `id` ' +
      'on each, the call is safe to retry.',
  })
  @Rule('OUT_OF_RANGE', `Give 1 to ${mostCreated} tasks.`, (tasks) => {
    return Array.isArray(tasks) && tasks.length >= 1 && tasks.length <= mostCreated;
  })
  tasks!: CreateTaskInput[];
}

@InputType({ description: 'Tasks, and the changes to make to each of them.' })
export class UpdateTasksInput extends TasksInput {
  @Field(() => TaskChangesInput, { description: 'What to change.' })
  set!: TaskChangesInput;
}

@InputType({ description: 'Tasks to move to one location, in the order of `ids`.' })
export class MoveTasksInput extends TasksInput {
  @Field(() => ID, { nullable: true, description: 'As in MoveTaskInput.' })
  @OptionalId()
  listId?: string | null;

  @Field(() => ID, { nullable: true, description: 'As in MoveTaskInput.' })
  @OptionalId()
  parentId?: string | null;

  @Field(() => ID, { nullable: true, description: 'The sibling to place them right after.' })
  @OptionalId()
  afterId?: string | null;

  @Field(() => ID, { nullable: true, description: 'The sibling to place them right before.' })
  @OptionalId()
  beforeId?: string | null;
}

@InputType({ description: 'The tasks to complete.' })
export class CompleteTasksInput extends TasksInput {}

@InputType({ description: 'The tasks to reopen.' })
export class ReopenTasksInput extends TasksInput {}

@InputType({ description: 'The tasks to move to the trash.' })
export class DeleteTasksInput extends TasksInput {}

@InputType({ description: 'The tasks to restore from the trash.' })
export class RestoreTasksInput extends TasksInput {}
