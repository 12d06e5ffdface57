import { ArgsType, Field, ID, InputType } from 'type-graphql';
import { Id, NewId, OptionalId, OptionalIds, Text } from '../graphql/inputs/field-rules.ts';
import { inputsOf } from '../graphql/inputs/record-inputs.ts';
import { DueInput } from './due/due.ts';
import { maximumLabels } from './task.entity.ts';
import { TaskPriority } from './task-priority.ts';

// biome-ignore lint/suspicious/noExplicitAny: TypeScript wants it of a class that another one is made from
type InputClass = abstract new (...given: any[]) => object;

/**
 * What a task may be given when it is created and when it is changed, alone or with others. A field that is named like a
 * property of the entity is stored there.
 * @param descriptions where those of the inputs differ
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
const NewTaskFields = withTaskFields(Object, { priority: 'NONE unless given.', due: 'When it is due.' });
const ChangedTaskFields = withTaskFields(VersionedInput, {
  priority: 'null clears it to NONE.',
  due: 'When it is due, as a whole; null clears it.',
});
const title = { label: 'The title', trim: true, min: 1, max: 500 };
const description = { label: 'The description', max: 20_000 };

/** Ids of as many labels as a task may have; null passes. */
export function LabelIds(): PropertyDecorator {
  return OptionalIds({ max: maximumLabels, message: `A task has at most ${maximumLabels} labels.` });
}

@InputType({ description: 'A task to be made. It comes after its siblings.' })
export class CreateTaskInput extends NewTaskFields {
  @Field(() => ID, {
    nullable: true,
    description:
      'A UUIDv7 made by the client, its time at most 24 hours ahead. It makes the call safe to repeat: the same id with ' +
      'the same input answers the task as it is now; with other input, or where the id is taken, CONFLICT.',
  })
  @NewId()
  id?: string | null;

  @Field(() => String, { description: '1 to 500 characters; white space at both ends is dropped.' })
  @Text(title)
  title!: string;

  @Field(() => String, { nullable: true, description: 'Markdown, at most 20,000 characters.' })
  @Text({ ...description, nullable: true })
  description?: string | null;

  @Field(() => ID, { nullable: true, description: 'The list to put it in; the inbox unless given.' })
  @OptionalId()
  listId?: string | null;

  @Field(() => ID, { nullable: true, description: "The task to make it a part of; it is then in that one's list." })
  @OptionalId()
  parentId?: string | null;

  @Field(() => [ID], { nullable: true, description: 'Labels to mark it with, at most 50.' })
  @LabelIds()
  labelIds?: string[] | null;
}

@InputType({ description: 'What to change of a task: a field left out stays as it is.' })
export class UpdateTaskInput extends ChangedTaskFields {
  @Field(() => String, { nullable: true, description: '1 to 500 characters; cannot be cleared.' })
  @Text(title)
  title?: string;

  @Field(() => String, { nullable: true, description: 'At most 20,000 characters; null clears it.' })
  @Text({ ...description, nullable: true })
  description?: string | null;

  @Field(() => [ID], {
    nullable: true,
    description: 'All labels that it shall have, at most 50; null takes them all off.',
  })
  @LabelIds()
  labelIds?: string[] | null;

  @Field(() => [ID], { nullable: true, description: 'Labels to add to those that it has. Not together with labelIds.' })
  @LabelIds()
  addLabelIds?: string[] | null;

  @Field(() => [ID], { nullable: true, description: 'Labels to take off. Not together with labelIds.' })
  @LabelIds()
  removeLabelIds?: string[] | null;
}

@InputType({
  description:
    'Where to put a task: in which list, below which task, and after or before which sibling there, or at the end.',
})
export class MoveTaskInput extends ByIdInput {
  @Field(() => ID, {
    nullable: true,
    description: 'The list; null is the inbox. Left out, it stays in its list, or goes to that of its new parent.',
  })
  @OptionalId()
  listId?: string | null;

  @Field(() => ID, {
    nullable: true,
    description: 'The task to make it a part of; null is the top level. Left out, it stays, unless its list changes.',
  })
  @OptionalId()
  parentId?: string | null;

  @Field(() => ID, { nullable: true, description: 'The sibling that it comes right after.' })
  @OptionalId()
  afterId?: string | null;

  @Field(() => ID, { nullable: true, description: 'The sibling that it comes right before.' })
  @OptionalId()
  beforeId?: string | null;
}

@InputType({ description: 'A task to be completed.' })
export class CompleteTaskInput extends ByIdInput {}

@InputType({ description: 'A completed task to be opened again.' })
export class ReopenTaskInput extends ByIdInput {}

@InputType({ description: 'A task to be put in the trash.' })
export class DeleteTaskInput extends VersionedInput {}

@InputType({ description: 'A task to be taken out of the trash.' })
export class RestoreTaskInput extends ByIdInput {}

@InputType({ description: 'A task in the trash, to be removed for good.' })
export class PurgeTaskInput extends ByIdInput {}

@ArgsType()
export class TaskArgs {
  @Field(() => ID, { description: 'The id of the task.' })
  @Id()
  id!: string;
}
