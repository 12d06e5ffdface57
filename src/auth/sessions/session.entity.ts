import { EntityName, sql } from '@mikro-orm/core';
import { Entity, Filter, Property, Unique } from '@mikro-orm/decorators/legacy';
import { Field, ObjectType } from 'type-graphql';
import { DateTime } from '../../graphql/scalars/date-time.ts';
import { Owned } from '../../records/owned.entity.ts';

/** Access tokens carry its id. Deleting the row invalidates them from the next request on, on every instance. */
@ObjectType({
  simpleResolvers: true,
  description: 'A log-in that has not ended: one device or browser, and its tokens.',
})
@Entity()
@Filter({ name: 'live', cond: () => ({ expiresAt: { $gt: sql.now() } }), default: true })
export class Session extends Owned {
  [EntityName]?: 'Session';

  @Field(() => DateTime, { description: 'When it was opened, by a log-in or the sign-up.' })
  @Property({ type: 'datetime', length: 3 })
  createdAt!: Date;

  @Field(() => DateTime, { description: 'When it was last used, to the minute.' })
  @Property({ type: 'datetime', length: 3 })
  lastUsedAt!: Date;

  @Field(() => DateTime, { description: 'When it ends unless it is refreshed.' })
  @Property({ type: 'datetime', length: 3 })
  expiresAt!: Date;

  @Field(() => String, { nullable: true, description: 'The User-Agent of its latest use.' })
  @Property({ type: 'text', nullable: true })
  userAgent!: string | null;

  @Field(() => String, { nullable: true, description: 'The IP address of its latest use.' })
  @Property({ type: 'text', nullable: true })
  ipAddress!: string | null;

  /** SHA-256 of the prefix that its refresh tokens share: see RefreshTokens. */
  @Property({ type: 'text', nullable: true, hidden: true })
  @Unique()
  family!: string | null;

  @Field(() => Boolean, { description: 'Whether this request belongs to it.' })
  @Property({ type: 'boolean', persist: false })
  current!: boolean;
}
