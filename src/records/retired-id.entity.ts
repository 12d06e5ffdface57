import { EntityName } from '@mikro-orm/core';
import { Entity, Property } from '@mikro-orm/decorators/legacy';
import { Owned } from './owned.entity.ts';

/** The id of a record that is gone for good: no other record of its user's is given it, and removing it again succeeds. */
@Entity()
export class RetiredId extends Owned {
  [EntityName]?: 'RetiredId';

  /** What it was the id of, as messages call it. */
  @Property({ type: 'text' })
  kind!: string;
}
