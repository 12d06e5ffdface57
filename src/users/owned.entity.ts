import { PrimaryKeyProp, type Ref } from '@mikro-orm/core';
import { Filter, ManyToOne, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { Field, Int, ObjectType } from 'type-graphql';
import { DateTime } from '../graphql/scalars.ts';
import { User } from './user.entity.ts';

/** What a user owns. The user is part of its key, and by the filter, whose parameter Database sets, queries find no other's. */
@Filter({ name: 'owner', cond: ({ id }) => ({ user: id }), default: true })
export abstract class Owned {
  [PrimaryKeyProp]?: ['user', 'id'];

  @ManyToOne(() => User, { primary: true, ref: true, deleteRule: 'cascade' })
  user!: Ref<User>;

  @PrimaryKey({ type: 'uuid' })
  id!: string;
}

/** What a user makes and changes. */
@ObjectType()
export abstract class OwnedRecord extends Owned {
  @Field(() => Int, { description: '1 when created, one more at every change but a move.' })
  @Property({ type: 'integer' })
  version!: number;

  @Field(() => DateTime, { description: 'When it was created.' })
  @Property({ type: 'datetime', length: 3 })
  createdAt!: Date;

  @Field(() => DateTime, { description: 'When it was last changed.' })
  @Property({ type: 'datetime', length: 3 })
  updatedAt!: Date;

  /** SHA-256 of the input that made it under an id of the client's, to tell its retry from a clash. */
  @Property({ type: 'text', nullable: true, hidden: true })
  inputHash!: string | null;
}
