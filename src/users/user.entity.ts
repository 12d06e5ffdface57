import { EntityName, type Opt } from '@mikro-orm/core';
import { Entity, Index, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { Field, ObjectType } from 'type-graphql';
import { Node } from '../graphql/node.ts';
import { DateTime } from '../graphql/scalars.ts';
import { TimeZone } from '../graphql/time-scalars.ts';

@ObjectType({
  implements: Node,
  simpleResolvers: true,
  description: 'An account. Only ever oneself: no query answers with another user.',
})
@Entity()
// ASCII letters alone are folded: citext and lower() under other collations take the Kelvin sign for a k, and one
// user could sign up as another's look-alike. The expression is the one that sign-up and log-in search by.
@Index({
  name: 'user_email_unique',
  expression: 'create unique index "user_email_unique" on "user" (lower("email" collate "C"))',
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

  @Field(() => DateTime, { description: 'When the account was made.' })
  @Property({ type: 'datetime', length: 3 })
  createdAt!: Date;
}
