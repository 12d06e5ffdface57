import { EntityName, raw } from '@mikro-orm/core';
import { Entity, Enum, Filter, Index, Property } from '@mikro-orm/decorators/legacy';
import { Field, ObjectType, registerEnumType } from 'type-graphql';
import { DateTime } from '../../graphql/scalars/date-time.ts';
import { Owned } from '../../records/owned.entity.ts';

/** Days that events are kept. */
export const eventDays = 90;

export enum SecurityEventKind {
  SIGNUP = 'SIGNUP',
  LOGIN = 'LOGIN',
  LOGIN_FAILED = 'LOGIN_FAILED',
  REFRESH_REPLAYED = 'REFRESH_REPLAYED',
  PASSWORD_CHANGED = 'PASSWORD_CHANGED',
  PASSWORD_RESET = 'PASSWORD_RESET',
  EMAIL_VERIFIED = 'EMAIL_VERIFIED',
  SESSION_ENDED = 'SESSION_ENDED',
}

registerEnumType(SecurityEventKind, {
  name: 'SecurityEventKind',
  description: 'What happened to an account. More kinds may come.',
  valuesConfig: {
    SIGNUP: { description: 'The account was made.' },
    LOGIN: { description: 'A log-in with the password.' },
    LOGIN_FAILED: { description: 'Somebody gave a wrong password.' },
    REFRESH_REPLAYED: { description: 'A refresh token came a second time: its session was ended, it may be stolen.' },
    PASSWORD_CHANGED: { description: 'The password was changed; every session from before ended.' },
    PASSWORD_RESET: { description: 'The password was set anew by e-mail; every session ended.' },
    EMAIL_VERIFIED: { description: 'The owner showed that mail to the address arrives.' },
    SESSION_ENDED: { description: 'A session, or all of them, were ended by the owner.' },
  },
});

@ObjectType({
  simpleResolvers: true,
  description: 'Something that happened to the security of the account; kept for 90 days.',
})
@Entity()
// What is older may not have been purged yet.
@Filter({ name: 'recent', cond: () => ({ at: { $gt: raw(`now() - interval '${eventDays} days'`) } }), default: true })
// An owner's, newest first, and what is too old.
@Index({ properties: ['user', 'at', 'id'], name: 'security_event_newest' })
@Index({ properties: ['at'], name: 'security_event_by_time' })
// From where the owner has logged in before.
@Index({
  name: 'security_event_known_network',
  expression:
    'create index "security_event_known_network" on "security_event" ("user_id", "network", "at") where "kind" in (\'LOGIN\', \'SIGNUP\')',
})
export class SecurityEvent extends Owned {
  [EntityName]?: 'SecurityEvent';

  @Field(() => SecurityEventKind, { description: 'What happened.' })
  @Enum({ items: () => SecurityEventKind, type: 'text' })
  kind!: SecurityEventKind;

  @Field(() => DateTime, { description: 'When.' })
  @Property({ type: 'datetime', length: 3 })
  at!: Date;

  @Field(() => String, { nullable: true, description: 'From which IP address.' })
  @Property({ type: 'text', nullable: true })
  ipAddress!: string | null;

  /** What of the address counts as one place: see networkOf. */
  @Property({ type: 'text', nullable: true, hidden: true })
  network!: string | null;

  @Field(() => String, { nullable: true, description: 'What the client called itself.' })
  @Property({ type: 'text', nullable: true })
  userAgent!: string | null;
}
