import { EntityName, PrimaryKeyProp, type Ref } from '@mikro-orm/core';
import { Entity, ManyToOne, PrimaryKey, Unique } from '@mikro-orm/decorators/legacy';
import { User } from '../users/user.entity.ts';

/** The id of a task that was purged: it is never given to another record, and purging it again succeeds. */
@Entity()
export class PurgedTask {
  [EntityName]?: 'PurgedTask';
  [PrimaryKeyProp]?: ['user', 'id'];

  @ManyToOne(() => User, { primary: true, ref: true, deleteRule: 'cascade' })
  user!: Ref<User>;

  @PrimaryKey({ type: 'uuid' })
  @Unique()
  id!: string;
}
