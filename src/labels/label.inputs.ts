import { Field, ID, InputType, Int } from 'type-graphql';
import { Color, Id, NewId, Text } from '../graphql/field-rules.ts';
import { Trimmed } from '../graphql/input-rules.ts';

const name = { label: 'The name', min: 1, max: 100 };

@InputType({ description: 'A label to be made.' })
export class CreateLabelInput {
  @Field(() => ID, {
    nullable: true,
    description: 'A UUIDv7 made by the client; it makes the call safe to repeat, as that of a task does.',
  })
  @NewId()
  id?: string | null;

  @Field(() => String, { description: '1 to 100 characters that no label of yours has, ignoring case.' })
  @Trimmed()
  @Text(name)
  name!: string;

  @Field(() => String, { nullable: true, description: '"#rrggbb".' })
  @Color()
  color?: string | null;
}

@InputType({ description: 'What to change of a label: a field left out stays as it is.' })
export class UpdateLabelInput {
  @Field(() => ID, { description: 'The label.' })
  @Id()
  id!: string;

  @Field(() => Int, {
    nullable: true,
    description: 'The version that you last saw: if the label has changed since, nothing is done, with STALE_VERSION.',
  })
  expectedVersion?: number | null;

  @Field(() => String, { nullable: true, description: '1 to 100 characters; cannot be cleared.' })
  @Trimmed()
  @Text(name)
  name?: string;

  @Field(() => String, { nullable: true, description: '"#rrggbb"; null clears it.' })
  @Color()
  color?: string | null;
}

@InputType({ description: 'A label to be removed for good.' })
export class DeleteLabelInput {
  @Field(() => ID, { description: 'The label.' })
  @Id()
  id!: string;
}
