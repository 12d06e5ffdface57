import { EntityName } from '@mikro-orm/core';
import { Entity, Enum, Index, Property, Unique } from '@mikro-orm/decorators/legacy';
import { Owned } from '../../records/owned.entity.ts';

export enum EmailTokenKind {
  RESET_PASSWORD = 'RESET_PASSWORD',
  VERIFY_EMAIL = 'VERIFY_EMAIL',
  CHANGE_EMAIL = 'CHANGE_EMAIL',
}

/** A token that was mailed to a user and not used yet. Its id is that of the job that mailed it: see EmailTokens. */
@Entity()
@Index({ properties: ['expiresAt'], name: 'email_token_by_expiry' })
export class EmailToken extends Owned {
  [EntityName]?: 'EmailToken';

  @Enum({ items: () => EmailTokenKind, type: 'text' })
  kind!: EmailTokenKind;

  /** SHA-256 of the token, which is not stored itself. It has 256 bits, so that no slower hash is needed. */
  @Property({ type: 'text' })
  @Unique()
  hash!: string;

  /** The address that it was mailed to: who knows the token reads the mail of this address. */
  @Property({ type: 'text' })
  email!: string;

  @Property({ type: 'datetime', length: 3 })
  expiresAt!: Date;
}
