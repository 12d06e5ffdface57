import { type Opt, PrimaryKeyProp, type Ref } from '@mikro-orm/core';
import { Filter, Index, ManyToOne, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { Field, Int, ObjectType } from 'type-graphql';
import type { TakenValues } from '../database/failures.ts';
import { revisionOf } from '../database/user-changes/user-changes.ts';
import { kindOf, requireVersion } from '../errors.ts';
import { Node } from '../graphql/node.ts';
import { DateTime } from '../graphql/scalars/date-time.ts';
import { User } from '../users/user.entity.ts';

/** A record that a user owns. The user is part of its key. Queries find only the owner's, by the filter that Database sets. */
@ObjectType({ implements: Node, simpleResolvers: true })
@Filter({ name: 'owner', cond: ({ id }) => ({ user: id }), default: true })
export abstract class Owned {
  [PrimaryKeyProp]?: ['user', 'id'];

  @ManyToOne(() => User, { primary: true, ref: true, deleteRule: 'cascade' })
  user!: Ref<User>;

  @PrimaryKey({ type: 'uuid' })
  id!: string;
}

type Changes<Entity> = { readonly [Property in keyof Entity]?: Entity[Property] | undefined };

/** A record that a user creates and changes. */
@ObjectType({ simpleResolvers: true })
// For the pages of `changes`.
@Index({ properties: ['user', 'revision', 'id'] })
export abstract class OwnedRecord extends Owned {
  /** The messages for values that are already taken, by unique constraint. */
  static readonly takenValues: TakenValues = {};

  @Field(() => Int, { description: '1 when created, plus one at every change except moves.' })
  @Property({ type: 'integer' })
  version!: number;

  @Field(() => DateTime, { description: 'When it was created.' })
  @Property({ type: 'datetime', length: 3 })
  createdAt!: Date;

  @Field(() => DateTime, { description: 'When it was last changed.' })
  @Property({ type: 'datetime', length: 3 })
  updatedAt!: Date;

  /** The place of its last change in the order of its owner's changes: see Revision. */
  @Property({ type: 'bigint', default: 0, hidden: true, onCreate: revisionOf, onUpdate: revisionOf })
  revision!: Opt<string>;

  /** SHA-256 of the input that created it with an id chosen by the client: tells a retry from a conflict. */
  @Property({ type: 'text', nullable: true, hidden: true })
  inputHash!: string | null;

  /** Whether the changes differ from the record. Properties that are undefined are ignored. */
  isChangedBy(changes: Changes<this>): boolean {
    return Object.entries(changes).some(([name, value]) => value !== undefined && value !== this[name as keyof this]);
  }

  /** Applies changes, if they differ, with one new version and updatedAt for all. Errors: STALE_VERSION. */
  change(changes: Changes<this>, expectedVersion?: number | null): this {
    if (!this.isChangedBy(changes)) return this;
    requireVersion(kindOf(this.constructor.name), this.version, expectedVersion);
    const given = Object.entries(changes).filter(([, value]) => value !== undefined);
    return Object.assign(this, Object.fromEntries(given), { version: this.version + 1, updatedAt: new Date() });
  }
}

/** A record that a job removes, with everything that belongs to it. From `purgedAt` on, reads no longer find it. */
@ObjectType({ simpleResolvers: true })
@Filter({ name: 'notPurged', cond: { purgedAt: null }, default: true })
export abstract class PurgeableRecord extends OwnedRecord {
  @Property({ type: 'datetime', length: 3, nullable: true, hidden: true })
  purgedAt?: Date | null;
}
