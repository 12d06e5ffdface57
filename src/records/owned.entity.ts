import { PrimaryKeyProp, type Ref } from '@mikro-orm/core';
import { Filter, ManyToOne, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { Field, Int, ObjectType } from 'type-graphql';
import type { TakenValues } from '../database/failures.ts';
import { kindOf, requireVersion } from '../errors.ts';
import { Node } from '../graphql/node.ts';
import { DateTime } from '../graphql/scalars/date-time.ts';
import { User } from '../users/user.entity.ts';

/** What a user owns. The user is part of its key, and by the filter, whose parameter Database sets, queries find no other's. */
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

/** What a user makes and changes. */
@ObjectType({ simpleResolvers: true })
export abstract class OwnedRecord extends Owned {
  /** What a client reads whose value an entity has already: by the unique constraint. */
  static readonly takenValues: TakenValues = {};

  @Field(() => Int, { description: '1 when created, one more at every change but a move.' })
  @Property({ type: 'integer' })
  version!: number;

  @Field(() => DateTime, { description: 'When it was created.' })
  @Property({ type: 'datetime', length: 3 })
  createdAt!: Date;

  @Field(() => DateTime, { description: 'When it was last changed.' })
  @Property({ type: 'datetime', length: 3 })
  updatedAt!: Date;

  /** SHA-256 of the input that made it under an id of the client's, to tell its retry from a clash. */
  @Property({ type: 'text', nullable: true, hidden: true })
  inputHash!: string | null;

  /** Whether changes make a difference: undefined leaves a property as it is. */
  isChangedBy(changes: Changes<this>): boolean {
    return Object.entries(changes).some(([name, value]) => value !== undefined && value !== this[name as keyof this]);
  }

  /** Sets what is given, where it differs, with one version and one updatedAt for all of it. Errors: STALE_VERSION. */
  change(changes: Changes<this>, expectedVersion?: number | null): this {
    if (!this.isChangedBy(changes)) return this;
    requireVersion(kindOf(this.constructor.name), this.version, expectedVersion);
    const given = Object.entries(changes).filter(([, value]) => value !== undefined);
    return Object.assign(this, Object.fromEntries(given), { version: this.version + 1, updatedAt: new Date() });
  }
}

/** A record that a job removes, with what belongs to it: from `purgedAt` on it is gone for readers. */
@ObjectType({ simpleResolvers: true })
@Filter({ name: 'notPurged', cond: { purgedAt: null }, default: true })
export abstract class PurgeableRecord extends OwnedRecord {
  @Property({ type: 'datetime', length: 3, nullable: true, hidden: true })
  purgedAt?: Date | null;
}
