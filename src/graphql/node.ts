import { Field, ID, InterfaceType } from 'type-graphql';

@InterfaceType({
  description: 'A record with an id. Among your records no id is used twice.',
  // The base classes of entities implement it, which are no types by themselves.
  autoRegisterImplementations: false,
})
export abstract class Node {
  @Field(() => ID, { description: 'A lower-case UUIDv7.' })
  id!: string;
}

/** A record that says which type it is, since a plain row has no class to tell by. */
export interface TypedNode {
  readonly __typename: string;
}
