import { Field, ID, InterfaceType } from 'type-graphql';

@InterfaceType({
  description: 'A record with an id. Among your records no id is used twice.',
  // The base classes of entities implement it, but are not GraphQL types.
  autoRegisterImplementations: false,
})
export abstract class Node {
  @Field(() => ID, { description: 'A lower-case UUIDv7.' })
  id!: string;
}

/** A record with the name of its type, because a plain row has no class. */
export interface TypedNode {
  readonly __typename: string;
}
