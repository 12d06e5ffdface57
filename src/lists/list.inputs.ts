import { ArgsType, Field, ID, InputType } from 'type-graphql';
import { Color, Id, NotNull, OptionalId, Text } from '../graphql/inputs/field-rules.ts';
import { inputsOf } from '../graphql/inputs/record-inputs.ts';
import { TrashFilter } from '../graphql/inputs/trash-filter.ts';
import { PageArgs } from '../read/pages/page-args.ts';

const { NewInput, ByIdInput, VersionedInput } = inputsOf('list');
const name = { label: 'The name', trim: true, min: 1, max: 200 };

@InputType({ description: 'A list to be made. It comes after your other lists.' })
export class CreateListInput extends NewInput {
  @Field(() => String, { description: '1 to 200 characters; white space at both ends is dropped.' })
  @Text(name)
  name!: string;

  @Field(() => String, { nullable: true, description: '"#rrggbb".' })
  @Color()
  color?: string | null;
}

@InputType({ description: 'What to change of a list: a field left out stays as it is.' })
export class UpdateListInput extends VersionedInput {
  @Field(() => String, { nullable: true, description: '1 to 200 characters; cannot be cleared.' })
  @Text(name)
  name?: string;

  @Field(() => String, { nullable: true, description: '"#rrggbb"; null clears it.' })
  @Color()
  color?: string | null;

  @Field(() => Boolean, { nullable: true, description: 'Whether it is put aside; cannot be cleared.' })
  @NotNull('archived')
  archived?: boolean;
}

@InputType({ description: 'Where to put a list: after or before another, or at the end where neither is given.' })
export class MoveListInput extends ByIdInput {
  @Field(() => ID, { nullable: true, description: 'The list that it comes right after.' })
  @OptionalId()
  afterId?: string | null;

  @Field(() => ID, { nullable: true, description: 'The list that it comes right before.' })
  @OptionalId()
  beforeId?: string | null;
}

@InputType({ description: 'A list to be put in the trash with its tasks.' })
export class DeleteListInput extends VersionedInput {}

@InputType({ description: 'A list to be taken out of the trash with its tasks.' })
export class RestoreListInput extends ByIdInput {}

@InputType({ description: 'Which lists: all that is given must hold. null means not given.' })
export class TaskListFilter {
  @Field(() => Boolean, { nullable: true, description: 'Whether they are put aside; false unless given.' })
  archived?: boolean | null;

  @Field(() => TrashFilter, { nullable: true, description: 'EXCLUDE unless given.' })
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
    description: 'Which lists; those neither put aside nor in the trash unless given.',
  })
  filter?: TaskListFilter | null;
}
