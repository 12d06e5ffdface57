import { Field, ID, InputType, Int } from 'type-graphql';
import { Id, NewId } from './field-rules.ts';

/** What the inputs of mutations of one kind of record extend. */
export function inputsOf(kind: string) {
  @InputType()
  abstract class NewInput {
    @Field(() => ID, {
      nullable: true,
      description: 'A UUIDv7 made by the client; it makes the call safe to repeat, as that of a task does.',
    })
    @NewId()
    id?: string | null;
  }

  @InputType()
  abstract class ByIdInput {
    @Field(() => ID, { description: `The ${kind}.` })
    @Id()
    id!: string;
  }

  /** A change that can be made to depend on nobody else's having come first. */
  @InputType()
  abstract class VersionedInput extends ByIdInput {
    @Field(() => Int, {
      nullable: true,
      description: `The version that you last saw: if the ${kind} has changed since, nothing is done, with STALE_VERSION.`,
    })
    expectedVersion?: number | null;
  }

  return { NewInput, ByIdInput, VersionedInput };
}
