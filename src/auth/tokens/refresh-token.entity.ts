import { EntityName, type Ref } from '@mikro-orm/core';
import { Entity, Index, ManyToOne, Property, Unique } from '@mikro-orm/decorators/legacy';
import { Owned } from '../../records/owned.entity.ts';
import { Session } from '../sessions/session.entity.ts';

/** A refresh token of a session: the valid one, or one that was used in the last half minute. */
@Entity()
@Index({ properties: ['user', 'session'], name: 'refresh_token_of_session' })
export class RefreshToken extends Owned {
  [EntityName]?: 'RefreshToken';

  @ManyToOne(() => Session, {
    ref: true,
    joinColumns: ['user_id', 'session_id'],
    ownColumns: ['session_id'],
    deleteRule: 'cascade',
  })
  session!: Ref<Session>;

  /** SHA-256 of the token, which is not stored itself. It has 256 random bits, so that no slower hash is needed. */
  @Property({ type: 'text' })
  @Unique()
  hash!: string;

  @Property({ type: 'datetime', length: 3 })
  createdAt!: Date;

  @Property({ type: 'datetime', length: 3, nullable: true })
  usedAt!: Date | null;

  /** The client that exchanged it: see clientFingerprintOf. */
  @Property({ type: 'text', nullable: true })
  usedBy!: string | null;
}
