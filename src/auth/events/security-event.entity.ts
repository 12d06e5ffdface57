import { EntityName, raw } from '@mikro-orm/core';
import { Entity, Enum, Filter, Index, Property } from '@mikro-orm/decorators/legacy';
import { Field, ObjectType, registerEnumType } from 'type-graphql';
import { DateTime } from '../../graphql/scalars/date-time.ts';
import { Owned } from '../../records/owned.entity.ts';

/** Days for which events are kept. */
export const eventDays = 90;

export enum SecurityEventKind {
  SIGNUP = 'SIGNUP',
  LOGIN = 'LOGIN',
  LOGIN_FAILED = 'LOGIN_FAILED',
  LOGIN_REFUSED = 'LOGIN_REFUSED',
  REFRESH_REPLAYED = 'REFRESH_REPLAYED',
  PASSWORD_CHANGED = 'PASSWORD_CHANGED',
  PASSWORD_RESET = 'PASSWORD_RESET',
  EMAIL_VERIFIED = 'EMAIL_VERIFIED',
  EMAIL_CHANGE_REQUESTED = 'EMAIL_CHANGE_REQUESTED',
  EMAIL_CHANGED = 'EMAIL_CHANGED',
  SESSION_ENDED = 'SESSION_ENDED',
  ACCOUNT_DISABLED = 'ACCOUNT_DISABLED',
  ACCOUNT_ENABLED = 'ACCOUNT_ENABLED',
  SESSIONS_ENDED_BY_OPERATOR = 'SESSIONS_ENDED_BY_OPERATOR',
  PASSWORD_SET_BY_OPERATOR = 'PASSWORD_SET_BY_OPERATOR',
}

registerEnumType(SecurityEventKind, {
  name: 'SecurityEventKind',
  description: 'A kind of security event. More kinds may be added.',
  valuesConfig: {
    SIGNUP: { description: 'The account was created.' },
    LOGIN: { description: 'A log-in with the password.' },
    LOGIN_FAILED: { description: 'A log-in failed because of a wrong password.' },
    LOGIN_REFUSED: { description: 'A log-in with the right password was refused: the account was disabled.' },
    REFRESH_REPLAYED: {
      description: 'A refresh token was used twice. It may have been stolen, so its session was ended.',
    },
    PASSWORD_CHANGED: { description: 'The password was changed, and every earlier session ended.' },
    PASSWORD_RESET: { description: 'The password was reset by e-mail, and every session ended.' },
    EMAIL_VERIFIED: { description: 'The owner confirmed the e-mail address.' },
    EMAIL_CHANGE_REQUESTED: { description: 'A new e-mail address was asked for, with the password.' },
    EMAIL_CHANGED: { description: 'The new e-mail address was confirmed, and replaced the one before.' },
    SESSION_ENDED: { description: 'The owner ended one session, or all of them.' },
    ACCOUNT_DISABLED: { description: 'An operator disabled the account, and ended every session.' },
    ACCOUNT_ENABLED: { description: 'An operator enabled the account again.' },
    SESSIONS_ENDED_BY_OPERATOR: { description: 'An operator ended every session.' },
    PASSWORD_SET_BY_OPERATOR: { description: 'An operator set a new password, and ended every session.' },
  },
});

@ObjectType({
  simpleResolvers: true,
  description: 'Something that affected the security of the account. Kept for 90 days.',
})
@Entity()
// Older events may not have been purged yet.
@Filter({ name: 'recent', cond: () => ({ at: { $gt: raw(`now() - interval '${eventDays} days'`) } }), default: true })
// The owner's events, newest first; and events to purge.
@Index({ properties: ['user', 'at', 'id'], name: 'security_event_newest' })
@Index({ properties: ['at'], name: 'security_event_by_time' })
// Networks from which the owner has logged in before.
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

  @Field(() => DateTime, { description: 'When it happened.' })
  @Property({ type: 'datetime', length: 3 })
  at!: Date;

  @Field(() => String, { nullable: true, description: 'The IP address of the request; null for what an operator did.' })
  @Property({ type: 'text', nullable: true })
  ipAddress!: string | null;

  /** The network of the address: see networkOf. */
  @Property({ type: 'text', nullable: true, hidden: true })
  network!: string | null;

  @Field(() => String, { nullable: true, description: 'The User-Agent of the request; null for what an operator did.' })
  @Property({ type: 'text', nullable: true })
  userAgent!: string | null;
}
