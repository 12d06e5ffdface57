import { ArgsType, Field, ID, InputType, Int } from 'type-graphql';
import { Color, Id, NewId, NotNull, OptionalId, Text } from '../graphql/field-rules.ts';
import { Trimmed } from '../graphql/input-rules.ts';
import { PageArgs } from '../graphql/pages/page-args.ts';
import { TrashFilter } from '../graphql/trash-filter.ts';

const name = { label: 'The name', min: 1, max: 200 };

@InputType({ description: 'A list to be made. It comes after your other lists.' })
export class CreateListInput {
  @Field(() => ID, {
    nullable: true,
    description: 'A UUIDv7 made by the client; it makes the call safe to repeat, as that of a task does.',
  })
  @NewId()
  id?: string | null;

  @Field(() => String, { description: '1 to 200 characters; white space at both ends is dropped.' })
  @Trimmed()
  @Text(name)
  name!: string;

  @Field(() => String, { nullable: true, description: '"#rrggbb".' })
  @Color()
  color?: string | null;
}

@InputType()
abstract class ListInput {
  @Field(() => ID, { description: 'The list.' })
  @Id()
  id!: string;
}

@InputType()
abstract class VersionedListInput extends ListInput {
  @Field(() => Int, {
    nullable: true,
    description: 'The version that you last saw: if the list has changed since, nothing is done, with STALE_VERSION.',
  })
  expectedVersion?: number | null;
}

@InputType({ description: 'What to change of a list: a field left out stays as it is.' })
export class UpdateListInput extends VersionedListInput {
  @Field(() => String, { nullable: true, description: '1 to 200 characters; cannot be cleared.' })
  @Trimmed()
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
export class MoveListInput extends ListInput {
  @Field(() => ID, { nullable: true, description: 'The list that it comes right after.' })
  @OptionalId()
  afterId?: string | null;

  @Field(() => ID, { nullable: true, description: 'The list that it comes right before.' })
  @OptionalId()
  beforeId?: string | null;
}

@InputType({ description: 'A list to be put in the trash with its tasks.' })
export class DeleteListInput extends VersionedListInput {}

@InputType({ description: 'A list to be taken out of the trash with its tasks.' })
export class RestoreListInput extends ListInput {}

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
