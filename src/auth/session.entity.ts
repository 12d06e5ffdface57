import { EntityName, PrimaryKeyProp, type Ref } from '@mikro-orm/core';
import { Entity, ManyToOne, PrimaryKey, Property, Unique } from '@mikro-orm/decorators/legacy';
import { User } from '../users/user.entity.ts';

/** What an access token names. Deleting the row ends the token at its next request, on every instance. */
@Entity()
export class Session {
  [EntityName]?: 'Session';
  [PrimaryKeyProp]?: ['user', 'id'];

  @ManyToOne(() => User, { primary: true, ref: true, deleteRule: 'cascade' })
  user!: Ref<User>;

  @PrimaryKey({ type: 'uuid' })
  @Unique()
  id!: string;

  @Property({ type: 'datetime', length: 3 })
  createdAt!: Date;

  /** When the newest token that names this session expires. */
  @Property({ type: 'datetime', length: 3 })
  expiresAt!: Date;
}
