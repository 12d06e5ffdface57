import { EntityName, PrimaryKeyProp, type Ref } from '@mikro-orm/core';
import { Entity, ManyToOne, PrimaryKey, Property, Unique } from '@mikro-orm/decorators/legacy';
import { User } from './user.entity.ts';

/** The id of a record that is gone for good: it is never given to another, and removing it again succeeds. */
@Entity()
export class RetiredId {
  [EntityName]?: 'RetiredId';
  [PrimaryKeyProp]?: ['user', 'id'];

  @ManyToOne(() => User, { primary: true, ref: true, deleteRule: 'cascade' })
  user!: Ref<User>;

  @PrimaryKey({ type: 'uuid' })
  @Unique()
  id!: string;

  /** What it was the id of. */
  @Property({ type: 'text' })
  kind!: 'task' | 'list' | 'label' | 'session';
}
