import { EntityName, PrimaryKeyProp, type Ref } from '@mikro-orm/core';
import { Entity, Filter, ManyToOne, Property } from '@mikro-orm/decorators/legacy';
import { User } from '../users/user.entity.ts';

/** A user's counter of changes: see Revision. A row of its own, so that log-ins, which lock the user's, do not wait for it. */
@Entity()
@Filter({ name: 'owner', cond: ({ id }) => ({ user: id }), default: true })
export class UserChange {
  [EntityName]?: 'UserChange';
  [PrimaryKeyProp]?: 'user';

  @ManyToOne(() => User, { primary: true, ref: true, deleteRule: 'cascade' })
  user!: Ref<User>;

  /** The revision of the user's last change. */
  @Property({ type: 'bigint' })
  revision!: string;
}
