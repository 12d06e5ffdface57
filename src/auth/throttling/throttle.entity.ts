import { EntityName, type Opt } from '@mikro-orm/core';
import { Entity, Index, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';

/** How often something was attempted in the current window. Without an owner: an e-mail address may have no account. */
@Entity()
@Index({ properties: ['endsAt'], name: 'throttle_by_end' })
export class Throttle {
  [EntityName]?: 'Throttle';

  /** What is counted; e-mail addresses are hashed. */
  @PrimaryKey({ type: 'text', collation: 'C' })
  key!: string;

  @Property({ type: 'integer' })
  count!: number;

  /** How many of them may still succeed. */
  @Property({ type: 'integer', default: 0 })
  undecided!: Opt<number>;

  /** When undecided attempts count as failed, because the instance that made them was killed. */
  @Property({ type: 'datetime', length: 3, nullable: true })
  decidedBy!: Date | null;

  /** When the window ends, by the database's clock, which all instances share. */
  @Property({ type: 'datetime', length: 3 })
  endsAt!: Date;
}
