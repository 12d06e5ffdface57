import { ArgsType, Field, ID, InputType } from 'type-graphql';
import { OptionalId, Text } from '../../graphql/inputs/field-rules.ts';
import { Rule } from '../../graphql/inputs/input-rules.ts';
import { TrashFilter } from '../../graphql/inputs/trash-filter.ts';
import { LocalDate } from '../../graphql/scalars/time-scalars.ts';
import { OrderDirection } from '../../read/pages/order-direction.ts';
import { PageArgs } from '../../read/pages/page-args.ts';
import { LabelIds } from '../task.inputs.ts';
import { TaskPriority } from '../task-priority.ts';
import { searchPatterns } from './search-text.ts';
import { TaskOrderField } from './task-orders.ts';

@InputType({ description: 'A filter for tasks. All conditions given must hold; null means not given.' })
export class TaskFilter {
  @Field(() => Boolean, { nullable: true, description: 'true: only completed ones, false: only open ones.' })
  completed?: boolean | null;

  @Field(() => ID, { nullable: true, description: 'Only tasks in this list, even if it is archived.' })
  @OptionalId()
  listId?: string | null;

  @Field(() => Boolean, { nullable: true, description: 'true: only tasks in no list, false: only tasks in one.' })
  inbox?: boolean | null;

  @Field(() => [ID], { nullable: true, description: 'Only tasks with every one of these labels, at most 50.' })
  @LabelIds()
  labelIds?: string[] | null;

  @Field(() => [TaskPriority], { nullable: true, description: 'Only tasks with one of these priorities.' })
  @Rule('OUT_OF_RANGE', 'Give at most 50 priorities.', (value) => value === null || (value as unknown[]).length <= 50)
  priorities?: TaskPriority[] | null;

  @Field(() => LocalDate, { nullable: true, description: 'Only tasks due on this day, in your time zone, or later.' })
  dueFrom?: string | null;

  @Field(() => LocalDate, { nullable: true, description: 'Only tasks due on this day, in your time zone, or earlier.' })
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
      'Only tasks with all of these words, or parts of words, in their title or description. Ignores accents and case.',
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

  @Field(() => TrashFilter, { nullable: true, description: 'EXCLUDE by default.' })
  trash?: TrashFilter | null;
}

@InputType({ description: 'How to sort tasks.' })
export class TaskOrder {
  @Field(() => TaskOrderField, { description: 'What to sort by.' })
  field!: TaskOrderField;

  @Field(() => OrderDirection, { description: 'The direction of the order.' })
  direction!: OrderDirection;
}

@ArgsType()
export class TasksOfListArgs extends PageArgs {
  @Field(() => TaskFilter, {
    nullable: true,
    description: 'Which of its tasks, without listId and inbox. By default all that are not in the trash.',
  })
  filter?: TaskFilter | null;

  @Field(() => TaskOrder, { nullable: true, description: 'By position by default.' })
  orderBy?: TaskOrder | null;
}

@ArgsType()
export class TasksArgs extends PageArgs {
  @Field(() => TaskFilter, { nullable: true, description: 'Which tasks. By default all that are not in the trash.' })
  filter?: TaskFilter | null;

  @Field(() => TaskOrder, { nullable: true, description: 'Newest first by default.' })
  orderBy?: TaskOrder | null;
}
