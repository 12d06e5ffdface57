import { ArgsType, Field, ID, InputType, Int, registerEnumType } from 'type-graphql';
import { Id, Ids, NewId, OptionalId, OptionalIds, Text } from '../graphql/field-rules.ts';
import { Rule, Trimmed } from '../graphql/input-rules.ts';
import { OrderDirection } from '../graphql/pages/order-direction.ts';
import { PageArgs } from '../graphql/pages/page-args.ts';
import { LocalDate } from '../graphql/time-scalars.ts';
import { TrashFilter } from '../graphql/trash-filter.ts';
import { DueInput } from './due.ts';
import { searchPatterns } from './search-text.ts';
import { maximumLabels, TaskPriority } from './task.entity.ts';

const title = { label: 'The title', min: 1, max: 500 };
const description = { label: 'The description', max: 20_000 };

function LabelIds(): PropertyDecorator {
  return OptionalIds({ max: maximumLabels, message: `A task has at most ${maximumLabels} labels.` });
}

@InputType({ description: 'A task to be made. It comes after its siblings.' })
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

  @Field(() => DueInput, { nullable: true, description: 'When it is due.' })
  due?: DueInput | null;

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

  @Field(() => DueInput, { nullable: true, description: 'When it is due, as a whole; null clears it.' })
  due?: DueInput | null;

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
export class MoveTaskInput extends TaskInput {
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

@InputType({ description: 'What to change of several tasks: a field left out stays as it is.' })
export class TaskChangesInput {
  @Field(() => TaskPriority, { nullable: true, description: 'null clears it to NONE.' })
  priority?: TaskPriority | null;

  @Field(() => DueInput, { nullable: true, description: 'When they are due, as a whole; null clears it.' })
  due?: DueInput | null;

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

@InputType({ description: 'Which tasks: all that is given must hold. null means not given.' })
export class TaskFilter {
  @Field(() => Boolean, { nullable: true, description: 'true: only completed ones, false: only open ones.' })
  completed?: boolean | null;

  @Field(() => ID, { nullable: true, description: 'Only tasks in this list, even where it is put aside.' })
  @OptionalId()
  listId?: string | null;

  @Field(() => Boolean, { nullable: true, description: 'true: only tasks in no list, false: only tasks in one.' })
  inbox?: boolean | null;

  @Field(() => [ID], { nullable: true, description: 'Only tasks with every one of these labels, at most 50.' })
  @LabelIds()
  labelIds?: string[] | null;

  @Field(() => [TaskPriority], { nullable: true, description: 'Only tasks with any one of these.' })
  @Rule('OUT_OF_RANGE', 'Give at most 50 priorities.', (value) => value === null || (value as unknown[]).length <= 50)
  priorities?: TaskPriority[] | null;

  @Field(() => LocalDate, { nullable: true, description: 'Only tasks due on this day of your zone or later.' })
  dueFrom?: string | null;

  @Field(() => LocalDate, { nullable: true, description: 'Only tasks due on this day of your zone or earlier.' })
  dueTo?: string | null;

  @Field(() => Boolean, {
    nullable: true,
    description:
      'true: only open tasks whose due has passed, false: all others. A day has passed when it is over in your zone.',
  })
  overdue?: boolean | null;

  @Field(() => String, {
    nullable: true,
    description:
      'Only tasks with all of these words, or parts of words, in title or description. Accents and case make no difference.',
  })
  @Text({ label: 'The search', max: 200, nullable: true })
  @Rule(
    'TOO_MANY_WORDS',
    'Search for at most 10 words at once.',
    (value) => searchPatterns(String(value ?? '')).length <= 10,
  )
  search?: string | null;

  @Field(() => Boolean, { nullable: true, description: 'true: no subtasks, false: only subtasks.' })
  topLevel?: boolean | null;

  @Field(() => TrashFilter, { nullable: true, description: 'EXCLUDE unless given.' })
  trash?: TrashFilter | null;
}

export enum TaskOrderField {
  POSITION = 'POSITION',
  DUE = 'DUE',
  CREATED_AT = 'CREATED_AT',
  UPDATED_AT = 'UPDATED_AT',
  PRIORITY = 'PRIORITY',
  TITLE = 'TITLE',
}

registerEnumType(TaskOrderField, {
  name: 'TaskOrderField',
  description: 'What tasks are sorted by. Ties are broken by id.',
  valuesConfig: {
    POSITION: {
      description: 'The order that you gave them. Of one sibling group only: the top level of a list or of the inbox.',
    },
    DUE: {
      description:
        'When they are due, undated ones last either way. Days, until their end, and floating times count in your zone.',
    },
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
export class TasksOfListArgs extends PageArgs {
  @Field(() => TaskFilter, {
    nullable: true,
    description: 'Which of its tasks, without listId and inbox; all that are not in the trash unless given.',
  })
  filter?: TaskFilter | null;

  @Field(() => TaskOrder, { nullable: true, description: 'By position unless given.' })
  orderBy?: TaskOrder | null;
}

@ArgsType()
export class TasksArgs extends PageArgs {
  @Field(() => TaskFilter, { nullable: true, description: 'Which tasks; all that are not in the trash unless given.' })
  filter?: TaskFilter | null;

  @Field(() => TaskOrder, { nullable: true, description: 'Newest first unless given.' })
  orderBy?: TaskOrder | null;
}
