import { Field, ID, InputType, Int } from 'type-graphql';
import { Id, NewId } from './field-rules.ts';

/** Base classes for the inputs of mutations on one kind of record. */
export function inputsOf(kind: string) {
  @InputType()
  abstract class NewInput {
    @Field(() => ID, {
      nullable: true,
      description: 'A client-generated UUIDv7, which makes the call safe to retry: see CreateTaskInput.',
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

  /** For changes with optimistic concurrency control. */
  @InputType()
  abstract class VersionedInput extends ByIdInput {
    @Field(() => Int, {
      nullable: true,
      description: `The version that you last saw. If the ${kind} has changed since, the call fails with STALE_VERSION.`,
    })
    expectedVersion?: number | null;
  }

  return { NewInput, ByIdInput, VersionedInput };
}
