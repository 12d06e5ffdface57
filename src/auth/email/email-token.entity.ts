import { EntityName } from '@mikro-orm/core';
import { Entity, Enum, Index, Property, Unique } from '@mikro-orm/decorators/legacy';
import { Owned } from '../../records/owned.entity.ts';

export enum EmailTokenKind {
  RESET_PASSWORD = 'RESET_PASSWORD',
  VERIFY_EMAIL = 'VERIFY_EMAIL',
  CHANGE_EMAIL = 'CHANGE_EMAIL',
}

/** A token that is mailed to a user. Its id is that of the job that mails it: see EmailTokens. */
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

  /** The address that it is mailed to: who knows the token reads the mail of this address. Empty: it is mailed to nobody. */
  @Property({ type: 'text' })
  email!: string;

  @Property({ type: 'datetime', length: 3 })
  expiresAt!: Date;

  /** When it was used, or made room for a newer one. The row stays for a while: its job must not issue it again. */
  @Property({ type: 'datetime', length: 3, nullable: true })
  endedAt?: Date | null;
}
