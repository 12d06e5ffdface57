import { ArgsType, Field, ID, InputType } from 'type-graphql';
import { Id, NewId, OptionalId, OptionalIds, Text } from '../graphql/inputs/field-rules.ts';
import { inputsOf } from '../graphql/inputs/record-inputs.ts';
import { DueInput } from './due/due.ts';
import { maximumLabels } from './task.entity.ts';
import { TaskPriority } from './task-priority.ts';

// biome-ignore lint/suspicious/noExplicitAny: TypeScript requires it of a mixin's base class
type InputClass = abstract new (...given: any[]) => object;

/**
 * The fields of create, update and bulk update. A field with the name of a property of the entity is stored there.
 * @param descriptions those that differ between these inputs
 */
export function withTaskFields<Base extends InputClass>(base: Base, descriptions: { priority: string; due: string }) {
  @InputType()
  abstract class TaskFields extends base {
    @Field(() => TaskPriority, { nullable: true, description: descriptions.priority })
    priority?: TaskPriority | null;

    @Field(() => DueInput, { nullable: true, description: descriptions.due })
    due?: DueInput | null;
  }
  return TaskFields;
}

const { ByIdInput, VersionedInput } = inputsOf('task');
const NewTaskFields = withTaskFields(Object, { priority: 'NONE by default.', due: 'When it is due.' });
const ChangedTaskFields = withTaskFields(VersionedInput, {
  priority: 'null resets it to NONE.',
  due: 'When it is due. Replaces the previous value as a whole; null clears it.',
});
const title = { label: 'The title', trim: true, min: 1, max: 500 };
const description = { label: 'The description', max: 20_000 };

/** Ids of labels, as many as a task can have; null passes. */
export function LabelIds(): PropertyDecorator {
  return OptionalIds({ max: maximumLabels, message: `A task can have at most ${maximumLabels} labels.` });
}

@InputType({ description: 'A new task. It is added after its siblings.' })
export class CreateTaskInput extends NewTaskFields {
  @Field(() => ID, {
    nullable: true,
    description:
      'A client-generated UUIDv7 whose time is at most 24 hours in the future. It makes the call safe to retry: the same ' +
      'id with the same input returns the task as it is now. With other input, or if the id is taken: CONFLICT.',
  })
  @NewId()
  id?: string | null;

  @Field(() => String, { description: '1 to 500 characters; white space at both ends is removed.' })
  @Text(title)
  title!: string;

  @Field(() => String, { nullable: true, description: 'Markdown, at most 20,000 characters.' })
  @Text({ ...description, nullable: true })
  description?: string | null;

  @Field(() => ID, { nullable: true, description: 'The list to add it to; by default, the inbox.' })
  @OptionalId()
  listId?: string | null;

  @Field(() => ID, { nullable: true, description: 'Makes it a subtask of this task, in the same list.' })
  @OptionalId()
  parentId?: string | null;

  @Field(() => [ID], { nullable: true, description: 'Its labels, at most 50.' })
  @LabelIds()
  labelIds?: string[] | null;
}

@InputType({ description: 'Changes to a task. Fields left out stay as they are.' })
export class UpdateTaskInput extends ChangedTaskFields {
  @Field(() => String, { nullable: true, description: '1 to 500 characters; cannot be cleared.' })
  @Text(title)
  title?: string;

  @Field(() => String, { nullable: true, description: 'At most 20,000 characters; null clears it.' })
  @Text({ ...description, nullable: true })
  description?: string | null;

  @Field(() => [ID], {
    nullable: true,
    description: 'Replaces all its labels: at most 50; null removes them all.',
  })
  @LabelIds()
  labelIds?: string[] | null;

  @Field(() => [ID], { nullable: true, description: 'Labels to add. Not together with labelIds.' })
  @LabelIds()
  addLabelIds?: string[] | null;

  @Field(() => [ID], { nullable: true, description: 'Labels to remove. Not together with labelIds.' })
  @LabelIds()
  removeLabelIds?: string[] | null;
}

@InputType({
  description:
    'Where to move a task: the list, the parent, and the sibling to place it after or before; by default, at the end.',
})
export class MoveTaskInput extends ByIdInput {
  @Field(() => ID, {
    nullable: true,
    description:
      'The list; null is the inbox. If left out, the task stays in its list, or moves to that of its new parent.',
  })
  @OptionalId()
  listId?: string | null;

  @Field(() => ID, {
    nullable: true,
    description: 'The parent; null is the top level. If left out, the parent stays, unless the list changes.',
  })
  @OptionalId()
  parentId?: string | null;

  @Field(() => ID, { nullable: true, description: 'The sibling to place it right after.' })
  @OptionalId()
  afterId?: string | null;

  @Field(() => ID, { nullable: true, description: 'The sibling to place it right before.' })
  @OptionalId()
  beforeId?: string | null;
}

@InputType({ description: 'The task to complete.' })
export class CompleteTaskInput extends ByIdInput {}

@InputType({ description: 'The task to reopen.' })
export class ReopenTaskInput extends ByIdInput {}

@InputType({ description: 'The task to move to the trash.' })
export class DeleteTaskInput extends VersionedInput {}

@InputType({ description: 'The task to restore from the trash.' })
export class RestoreTaskInput extends ByIdInput {}

@InputType({ description: 'The task in the trash to delete permanently.' })
export class PurgeTaskInput extends ByIdInput {}

@ArgsType()
export class TaskArgs {
  @Field(() => ID, { description: 'The id of the task.' })
  @Id()
  id!: string;
}
