import { EntityName, sql } from '@mikro-orm/core';
import { Entity, Filter, Property, Unique } from '@mikro-orm/decorators/legacy';
import { Field, ObjectType } from 'type-graphql';
import { DateTime } from '../../graphql/scalars/date-time.ts';
import { Owned } from '../../records/owned.entity.ts';

/** What an access token names. Deleting the row ends the token at its next request, on every instance. */
@ObjectType({
  simpleResolvers: true,
  description: 'A log-in that has not ended: one device or browser, and the tokens that it was given.',
})
@Entity()
@Filter({ name: 'live', cond: () => ({ expiresAt: { $gt: sql.now() } }), default: true })
export class Session extends Owned {
  [EntityName]?: 'Session';

  @Field(() => DateTime, { description: 'When it was opened, by a log-in or the sign-up.' })
  @Property({ type: 'datetime', length: 3 })
  createdAt!: Date;

  @Field(() => DateTime, { description: 'When a request was last made with it, to within a minute.' })
  @Property({ type: 'datetime', length: 3 })
  lastUsedAt!: Date;

  @Field(() => DateTime, { description: 'When it ends unless it is refreshed before.' })
  @Property({ type: 'datetime', length: 3 })
  expiresAt!: Date;

  @Field(() => String, { nullable: true, description: 'What the client called itself when it was last used.' })
  @Property({ type: 'text', nullable: true })
  userAgent!: string | null;

  @Field(() => String, { nullable: true, description: 'The IP address that it was last used from.' })
  @Property({ type: 'text', nullable: true })
  ipAddress!: string | null;

  /** SHA-256 of what its refresh tokens begin with: see RefreshTokens. */
  @Property({ type: 'text', nullable: true, hidden: true })
  @Unique()
  family!: string | null;

  @Field(() => Boolean, { description: 'Whether this request was made with it.' })
  current!: boolean;
}
