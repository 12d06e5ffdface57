import { EntityName } from '@mikro-orm/core';
import { Entity, Property } from '@mikro-orm/decorators/legacy';
import { Owned } from './owned.entity.ts';

/** The id of a permanently removed record: no other record of its user can get it, and removing it again succeeds. */
@Entity()
export class RetiredId extends Owned {
  [EntityName]?: 'RetiredId';

  /** The kind of the record, as in messages. */
  @Property({ type: 'text' })
  kind!: string;
}
