import { Field, ID, InterfaceType } from 'type-graphql';

@InterfaceType({ description: 'Anything that has an id. An id is never used twice in the service.' })
export abstract class Node {
  @Field(() => ID, { description: 'A lower-case UUIDv7.' })
  id!: string;
}
