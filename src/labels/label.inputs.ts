import { ArgsType, Field, ID, InputType } from 'type-graphql';
import { Color, Id, Text } from '../graphql/inputs/field-rules.ts';
import { inputsOf } from '../graphql/inputs/record-inputs.ts';

const { NewInput, ByIdInput, VersionedInput } = inputsOf('label');
const name = { label: 'The name', trim: true, min: 1, max: 100 };

@InputType({ description: 'A new label.' })
export class CreateLabelInput extends NewInput {
  @Field(() => String, { description: '1 to 100 characters, unique among your labels, ignoring case.' })
  @Text(name)
  name!: string;

  @Field(() => String, { nullable: true, description: '"#rrggbb".' })
  @Color()
  color?: string | null;
}

@InputType({ description: 'Changes to a label. Fields left out stay as they are.' })
export class UpdateLabelInput extends VersionedInput {
  @Field(() => String, { nullable: true, description: '1 to 100 characters; cannot be cleared.' })
  @Text(name)
  name?: string;

  @Field(() => String, { nullable: true, description: '"#rrggbb"; null clears it.' })
  @Color()
  color?: string | null;
}

@InputType({ description: 'The label to delete.' })
export class DeleteLabelInput extends ByIdInput {}

@ArgsType()
export class LabelArgs {
  @Field(() => ID, { description: 'The id of the label.' })
  @Id()
  id!: string;
}
