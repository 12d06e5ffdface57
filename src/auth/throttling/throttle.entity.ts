import { EntityName, type Opt } from '@mikro-orm/core';
import { Entity, Index, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';

/** How often something was tried in the window that runs. Rows belong to nobody: an address may have no account. */
@Entity()
@Index({ properties: ['endsAt'], name: 'throttle_by_end' })
export class Throttle {
  [EntityName]?: 'Throttle';

  /** What is counted; addresses stand in it as hashes. */
  @PrimaryKey({ type: 'text', collation: 'C' })
  key!: string;

  @Property({ type: 'integer' })
  count!: number;

  /** How many of them are not known yet to have failed. */
  @Property({ type: 'integer', default: 0 })
  undecided!: Opt<number>;

  /** When undecided tries count as failed: the instance that would have settled them was killed. */
  @Property({ type: 'datetime', length: 3, nullable: true })
  decidedBy!: Date | null;

  /** When the window is over, by the clock of the database, which all instances share. */
  @Property({ type: 'datetime', length: 3 })
  endsAt!: Date;
}
