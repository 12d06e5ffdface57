import { EntityName, type Opt } from '@mikro-orm/core';
import { Entity, Filter, Index, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { Field, ObjectType } from 'type-graphql';
import { Node } from '../graphql/node.ts';
import { DateTime } from '../graphql/scalars/date-time.ts';
import { TimeZone } from '../graphql/scalars/time-scalars.ts';

@ObjectType({
  implements: Node,
  simpleResolvers: true,
  description: 'An account. Only ever oneself: no query answers with another user.',
})
@Entity()
@Filter({ name: 'owner', cond: ({ id }) => ({ id }), default: true })
// ASCII letters alone are folded: citext and lower() under other collations take the Kelvin sign for a k, and one
// user could sign up as another's look-alike. The expression is the one that sign-up and log-in search by.
@Index({
  name: 'user_email_unique',
  expression:
    'create unique index "user_email_unique" on "user" (lower("email" collate "C")) where "purged_at" is null',
})
// Whose dues are still to be brought to a new zone.
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

  @PrimaryKey({ type: 'uuid' })
  id!: string;

  @Field(() => String, { description: 'The address as it was typed at sign-up.' })
  @Property({ type: 'text' })
  email!: string;

  /** bcrypt, `$2a$` or `$2b$`; hashes made by passlib fit. */
  @Property({ type: 'text', hidden: true })
  passwordHash!: string;

  @Field(() => TimeZone, { description: 'In which days and floating times count; "UTC" until set.' })
  @Property({ type: 'text', default: 'UTC' })
  timeZone!: Opt<string>;

  /** The task up to which dues are sorted as in this zone, the others as in an earlier one; null: all are. */
  @Property({ type: 'uuid', nullable: true, hidden: true })
  dueKeysUpTo?: string | null;

  @Field(() => DateTime, { description: 'When the account was made.' })
  @Property({ type: 'datetime', length: 3 })
  createdAt!: Date;

  /** Since when it is being removed, with all that it owns: for everybody it is gone. */
  @Property({ type: 'datetime', length: 3, nullable: true, hidden: true })
  purgedAt?: Date | null;
}
