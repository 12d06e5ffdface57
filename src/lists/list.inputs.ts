import { ArgsType, Field, ID, InputType } from 'type-graphql';
import { Color, Id, NotNull, OptionalId, Text } from '../graphql/inputs/field-rules.ts';
import { inputsOf } from '../graphql/inputs/record-inputs.ts';
import { TrashFilter } from '../graphql/inputs/trash-filter.ts';
import { PageArgs } from '../read/pages/page-args.ts';

const { NewInput, ByIdInput, VersionedInput } = inputsOf('list');
const name = { label: 'The name', trim: true, min: 1, max: 200 };

@InputType({ description: 'A new list. It is added after your other lists.' })
export class CreateListInput extends NewInput {
  @Field(() => String, { description: '1 to 200 characters; leading and trailing white space is removed.' })
  @Text(name)
  name!: string;

  @Field(() => String, { nullable: true, description: '"#rrggbb".' })
  @Color()
  color?: string | null;
}

@InputType({ description: 'Changes to a list. Fields left out stay as they are.' })
export class UpdateListInput extends VersionedInput {
  @Field(() => String, { nullable: true, description: '1 to 200 characters; cannot be cleared.' })
  @Text(name)
  name?: string;

  @Field(() => String, { nullable: true, description: '"#rrggbb"; null clears it.' })
  @Color()
  color?: string | null;

  @Field(() => Boolean, { nullable: true, description: 'Whether it is archived; cannot be cleared.' })
  @NotNull('archived')
  archived?: boolean;
}

@InputType({ description: 'Where to move a list: after or before another one, or to the end if neither is given.' })
export class MoveListInput extends ByIdInput {
  @Field(() => ID, { nullable: true, description: 'The list to move it after.' })
  @OptionalId()
  afterId?: string | null;

  @Field(() => ID, { nullable: true, description: 'The list to move it before.' })
  @OptionalId()
  beforeId?: string | null;
}

@InputType({ description: 'The list to move to the trash, with its tasks.' })
export class DeleteListInput extends VersionedInput {}

@InputType({ description: 'The list to restore from the trash, with its tasks.' })
export class RestoreListInput extends ByIdInput {}

@InputType({ description: 'A filter for lists. All conditions given must hold; null means not given.' })
export class TaskListFilter {
  @Field(() => Boolean, { nullable: true, description: 'Whether they are archived; false by default.' })
  archived?: boolean | null;

  @Field(() => TrashFilter, { nullable: true, description: 'EXCLUDE by default.' })
  trash?: TrashFilter | null;
}

@ArgsType()
export class ListArgs {
  @Field(() => ID, { description: 'The id of the list.' })
  @Id()
  id!: string;
}

@ArgsType()
export class ListsArgs extends PageArgs {
  @Field(() => TaskListFilter, {
    nullable: true,
    description: 'Which lists. By default those that are neither archived nor in the trash.',
  })
  filter?: TaskListFilter | null;
}
