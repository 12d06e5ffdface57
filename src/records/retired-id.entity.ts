import { EntityName } from '@mikro-orm/core';
import { Entity, Index, Property } from '@mikro-orm/decorators/legacy';
import { Owned } from './owned.entity.ts';

/** The id of a permanently removed record: no other record of its user can get it, and removing it again succeeds. */
@Entity()
// For the pages of `changes`.
@Index({ properties: ['user', 'revision', 'id'] })
export class RetiredId extends Owned {
  [EntityName]?: 'RetiredId';

  /** The kind of the record, as in messages. */
  @Property({ type: 'text' })
  kind!: string;

  /** The place of the removal in the order of the owner's changes; null: it went with another record. */
  @Property({ type: 'bigint', nullable: true })
  revision?: string | null;
}
