import { EntityName, PrimaryKeyProp, type Ref } from '@mikro-orm/core';
import { Entity, ManyToOne, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { User } from './user.entity.ts';

/** The id of a record that is gone for good: no other record of its user's is given it, and removing it again succeeds. */
@Entity()
export class RetiredId {
  [EntityName]?: 'RetiredId';
  [PrimaryKeyProp]?: ['user', 'id'];

  @ManyToOne(() => User, { primary: true, ref: true, deleteRule: 'cascade' })
  user!: Ref<User>;

  @PrimaryKey({ type: 'uuid' })
  id!: string;

  /** What it was the id of. */
  @Property({ type: 'text' })
  kind!: 'task' | 'list' | 'label' | 'session';
}
