import { EntityName, type Opt } from '@mikro-orm/core';
import { Entity, Filter, Index, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { Field, ObjectType } from 'type-graphql';
import type { TakenValues } from '../database/failures.ts';
import { Node } from '../graphql/node.ts';
import { DateTime } from '../graphql/scalars/date-time.ts';
import { TimeZone } from '../graphql/scalars/time-scalars.ts';

@ObjectType({
  implements: Node,
  simpleResolvers: true,
  description: 'An account. Queries return your own only, never another user.',
})
@Entity()
@Filter({ name: 'owner', cond: ({ id }) => ({ id }), default: true })
// Only ASCII letters are folded: citext and lower() under other collations fold the Kelvin sign to k, so that a
// look-alike could take an address. Sign-up and log-in search by the same expression.
@Index({
  name: 'user_email_unique',
  expression:
    'create unique index "user_email_unique" on "user" (lower("email" collate "C")) where "purged_at" is null',
})
// Users whose due keys still have to be moved to a new zone.
@Index({
  name: 'user_with_old_due_keys',
  expression: 'create index "user_with_old_due_keys" on "user" ("id") where "due_keys_up_to" is not null',
})
@Index({
  name: 'user_to_purge',
  expression: 'create index "user_to_purge" on "user" ("purged_at") where "purged_at" is not null',
})
export class User implements Node {
  [EntityName]?: 'User';

  static readonly takenValues: TakenValues = {
    user_email_unique: {
      field: 'email',
      message: 'There is already an account with this e-mail address. Log in instead, or use another address.',
    },
  };

  @PrimaryKey({ type: 'uuid' })
  id!: string;

  @Field(() => String, { description: 'The address as it was typed at sign-up.' })
  @Property({ type: 'text' })
  email!: string;

  /** bcrypt, `$2a$` or `$2b$`; hashes made by passlib fit. */
  @Property({ type: 'text', hidden: true })
  passwordHash!: string;

  @Field(() => TimeZone, { description: 'The time zone for days and floating times. "UTC" until set.' })
  @Property({ type: 'text', default: 'UTC' })
  timeZone!: Opt<string>;

  /** Due keys of tasks up to this id are in `timeZone`, the others in an earlier zone; null: all are in `timeZone`. */
  @Property({ type: 'uuid', nullable: true, hidden: true })
  dueKeysUpTo?: string | null;

  @Field(() => DateTime, { description: 'When the account was created.' })
  @Property({ type: 'datetime', length: 3 })
  createdAt!: Date;

  /** When its removal began, with everything it owns. From then on nobody can see it. */
  @Property({ type: 'datetime', length: 3, nullable: true, hidden: true })
  purgedAt?: Date | null;
}
