import { EntityName, PrimaryKeyProp, type Ref } from '@mikro-orm/core';
import { Entity, Index, ManyToOne, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { Field, Int, ObjectType } from 'type-graphql';
import { Node } from '../graphql/node.ts';
import { DateTime } from '../graphql/scalars.ts';
import { User } from '../users/user.entity.ts';

@ObjectType({ implements: Node, simpleResolvers: true, description: 'A word to mark tasks with.' })
@Entity()
// Also the order of labels: by name. That of one that is being removed is free.
@Index({
  name: 'label_name_unique',
  expression: 'create unique index "label_name_unique" on "label" ("user_id", "name_key") where "purged_at" is null',
})
@Index({
  name: 'label_to_purge',
  expression: 'create index "label_to_purge" on "label" ("purged_at") where "purged_at" is not null',
})
export class Label implements Node {
  [EntityName]?: 'Label';
  [PrimaryKeyProp]?: ['user', 'id'];

  @ManyToOne(() => User, { primary: true, ref: true, deleteRule: 'cascade' })
  user!: Ref<User>;

  @PrimaryKey({ type: 'uuid' })
  id!: string;

  @Field(() => String, { description: '1 to 100 characters; no two labels have the same, ignoring case.' })
  @Property({ type: 'text' })
  name!: string;

  /** The name as it is compared: see nameKeyOf. */
  @Property({ type: 'text', collation: 'C', hidden: true })
  nameKey!: string;

  @Field(() => String, { nullable: true, description: '"#rrggbb" in lower case, or null.' })
  @Property({ type: 'text', nullable: true })
  color!: string | null;

  @Field(() => Int, { description: '1 when created, one more at every change.' })
  @Property({ type: 'integer' })
  version!: number;

  @Field(() => DateTime, { description: 'When it was created.' })
  @Property({ type: 'datetime', length: 3 })
  createdAt!: Date;

  @Field(() => DateTime, { description: 'When it was last changed.' })
  @Property({ type: 'datetime', length: 3 })
  updatedAt!: Date;

  /** Since when it is being removed, its links with it: for readers it is gone. */
  @Property({ type: 'datetime', length: 3, nullable: true, hidden: true })
  purgedAt!: Date | null;

  /** SHA-256 of the input that made it under an id of the client's, to tell its retry from a clash. */
  @Property({ type: 'text', nullable: true, hidden: true })
  inputHash!: string | null;
}

/** What names are compared and sorted by: case and the ways to compose a letter make no difference, in any script. */
export function nameKeyOf(name: string): string {
  // The last sigma of a Greek word has a form of its own.
  return name.normalize('NFC').toLowerCase().replaceAll('ς', 'σ').normalize('NFC');
}
